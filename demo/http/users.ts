import { randomBytes } from 'node:crypto';
import type { User } from '../verbs/request.ts';

/** What a request brings along to say who sends it. */
export interface Credentials {
  readonly authorization: string | undefined;
  /** From a client certificate of our CA: common name and organizations. `foreign`: of another one. */
  readonly certificate: { readonly name: string; readonly groups: readonly string[] } | 'foreign' | undefined;
}

export interface Tokens {
  readonly admin: string;
  readonly viewer: string;
}

const ADMIN = authenticated('admin', ['system:masters']);
const VIEWER = authenticated('viewer', []);
const ANONYMOUS: User = { name: 'system:anonymous', groups: ['system:unauthenticated'] };

/** Who sends a request: by client certificate, by one of two fixed tokens, or by a service account's token. */
export class Users {
  #tokens = randomTokens();
  readonly #byToken = new Map<string, { readonly user: User; readonly expires: number }>();

  /** Of the two people. */
  get tokens(): Tokens {
    return this.#tokens;
  }

  /** Gives the two people new tokens and forgets all others. */
  renewTokens(): void {
    this.#tokens = randomTokens();
    this.#byToken.clear();
  }

  /** A new token, valid until `expires` (milliseconds since 1970). */
  issueServiceAccountToken(namespace: string, name: string, expires: number): string {
    const token = randomToken();
    const groups = ['system:serviceaccounts', `system:serviceaccounts:${namespace}`];
    this.#byToken.set(token, {
      user: authenticated(`system:serviceaccount:${namespace}:${name}`, groups),
      expires,
    });
    return token;
  }

  /** The user of a token; undefined for one that is unknown or expired. */
  ofToken(token: string, now: number): User | undefined {
    if (token === this.#tokens.admin) return ADMIN;
    if (token === this.#tokens.viewer) return VIEWER;
    const known = this.#byToken.get(token);
    if (known === undefined) return undefined;
    if (known.expires > now) return known.user;
    this.#byToken.delete(token);
    return undefined;
  }

  /** Undefined for credentials that are wrong; no credentials at all are the anonymous user. */
  authenticate({ authorization, certificate }: Credentials, now: number): User | undefined {
    if (typeof certificate === 'object') return authenticated(certificate.name, certificate.groups);
    const token = /^bearer +(\S+)$/i.exec(authorization?.trim() ?? '')?.[1];
    // Anything that is no bearer token (basic authentication, for one) is passed over, as the real server does.
    if (token !== undefined) return this.ofToken(token, now);
    return certificate === 'foreign' ? undefined : ANONYMOUS;
  }
}

function authenticated(name: string, groups: readonly string[]): User {
  return { name, groups: [...new Set([...groups, 'system:authenticated'])] };
}

function randomTokens(): Tokens {
  return { admin: randomToken(), viewer: randomToken() };
}

/** Chance of the system, not of the seed: a token that follows from a known seed would be no secret. */
function randomToken(): string {
  return randomBytes(24).toString('hex');
}
