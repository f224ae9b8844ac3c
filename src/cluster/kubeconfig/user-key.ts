import { createHash } from 'node:crypto';
import { assertNever } from '../../util/assert-never.ts';
import type { Authorization, ClusterTarget, UserCredentials } from './target.ts';

/**
 * Who a target's user is, as a digest: the same at every start, and different for any two users. It changes also when
 * credentials that stand in the kubeconfig are replaced.
 */
export function userKeyOf({ credentials, impersonation }: ClusterTarget): string {
  const whom =
    impersonation === undefined ? null : { ...impersonation, extra: [...impersonation.extra.entries()] };
  const who = [certificateOf(credentials), authorizationOf(credentials.authorization), whom];
  return createHash('sha256').update(JSON.stringify(who)).digest('hex');
}

function certificateOf({ clientCertificate }: UserCredentials): string | undefined {
  if (clientCertificate === undefined) return undefined;
  return clientCertificate.kind === 'data'
    ? clientCertificate.certificate
    : clientCertificate.certificatePath;
}

function authorizationOf(authorization: Authorization): readonly unknown[] {
  switch (authorization.kind) {
    case 'none':
      return ['none'];
    case 'token':
      return ['token', authorization.token.reveal()];
    case 'token-file':
      return ['token-file', authorization.path];
    case 'basic':
      // Not the password: people choose those, and from a digest they could be guessed.
      return ['basic', authorization.username];
    case 'exec': {
      // All that a plugin is told: who it answers for may hang on any of it.
      const { command, args, env, cluster } = authorization.plugin;
      return ['exec', command, args, env, cluster];
    }
    default:
      return assertNever(authorization, 'authorization');
  }
}
