import { createHash } from 'node:crypto';

/**
 * On whose behalf a request goes upstream. Every upstream call names one; caches, single-flights and watches are keyed
 * by `key`.
 *
 *   kubeconfig   the credentials that the kubeconfig's context names
 *   bearer       the caller's own token, and nothing of the gateway's
 */
export type Identity =
  | { readonly kind: 'kubeconfig'; readonly key: string }
  | { readonly kind: 'bearer'; readonly key: string; readonly token: string };

export const KUBECONFIG_IDENTITY: Identity = { kind: 'kubeconfig', key: 'kubeconfig' };

/** The identity of whoever holds `token`. The key is a digest of the whole token, so it can be logged and never collides. */
export function bearerIdentity(token: string): Identity {
  return { kind: 'bearer', key: `bearer:${createHash('sha256').update(token).digest('hex')}`, token };
}
