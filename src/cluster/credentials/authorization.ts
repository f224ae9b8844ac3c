import { readFile } from 'node:fs/promises';
import { assertNever } from '../../util/assert-never.ts';
import type { Clock } from '../clock.ts';
import { isBearerToken } from '../header-value.ts';
import type { Authorization } from '../kubeconfig/target.ts';
import { Secret } from '../secret.ts';
import { FRESHNESS } from '../timeouts.ts';
import type { OnWarning } from './credential.ts';
import { Reread } from './reread.ts';

/** The `authorization` header of a user without a plugin. */
export interface AuthorizationSource {
  current(): Promise<Secret | undefined>;
  /** Looks again at where it comes from, now. */
  renew(): Promise<unknown>;
}

type PlainAuthorization = Exclude<Authorization, { kind: 'exec' }>;

export function authorizationSource(
  from: PlainAuthorization,
  clock: Clock,
  onWarning: OnWarning,
): AuthorizationSource {
  switch (from.kind) {
    case 'none':
      return fixed(undefined);
    case 'token':
      return fixed(bearer(from.token.reveal()));
    case 'basic': {
      const pair = Buffer.from(`${from.username}:${from.password.reveal()}`, 'utf8').toString('base64');
      return fixed(new Secret(`Basic ${pair}`));
    }
    case 'token-file': {
      const file = tokenFile(from.path, from.lastToken, clock, onWarning);
      return { current: () => file.current(), renew: () => file.reread() };
    }
    default:
      return assertNever(from, 'authorization');
  }
}

export function bearer(token: string): Secret {
  return new Secret(`Bearer ${token}`);
}

function fixed(value: Secret | undefined): AuthorizationSource {
  return { current: () => Promise.resolve(value), renew: () => Promise.resolve() };
}

function tokenFile(path: string, lastToken: Secret, clock: Clock, onWarning: OnWarning): Reread<Secret> {
  let last = bearer(lastToken.reveal());
  return new Reread({
    initial: last,
    freshMs: FRESHNESS.tokenFileMs,
    clock,
    onFailure: (error) =>
      onWarning(`the token file ${path} cannot be read; its last token stays in use`, error),
    read: async () => {
      const token = (await readFile(path, 'utf8')).trim();
      if (!isBearerToken(token)) throw new Error('the file holds no token');
      const next = bearer(token);
      // Equal tokens stay one object: whoever holds it can tell by identity that nothing changed.
      if (next.reveal() !== last.reveal()) last = next;
      return last;
    },
  });
}
