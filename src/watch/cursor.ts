import { crc32 } from 'node:zlib';
import type { Identity } from '../cluster/identity.ts';
import { KubegraphError } from '../errors/kubegraph-error.ts';
import { tryParseJson } from '../util/json.ts';
import { scopeDigest, type WatchScope } from './scope.ts';

const VERSION = 2;

/** Longer ones are none of ours. */
const MAX_CURSOR_LENGTH = 512;

/** How a snapshot that is still being delivered is written: there is no position yet that claims nothing. */
const NO_POSITION = '';

/** What kind of credentials an identity has. */
export type IdentityClass = Identity['kind'];

/** In words, for whoever mixes them up. */
const CREDENTIALS: Readonly<Record<IdentityClass, string>> = {
  kubeconfig: "the gateway's kubeconfig",
  bearer: 'a bearer token',
};

/**
 * Writes and reads the cursors of one scope: base64url over `[version, identity class, scope digest, resourceVersion,
 * checksum]`.
 *
 * They name no identity, because tokens are renewed and another replica may serve the next connection; but what was seen
 * with one kind of credentials is not continued with another. They need no secret either: a forged one asks the API server
 * for something its bearer is allowed to ask anyway.
 */
export class CursorCodec {
  /** Restarts with a fresh snapshot. */
  readonly initial: string;
  readonly #identityClass: IdentityClass;
  readonly #digest: string;
  /** The latest position that was asked for, which is asked for by many. */
  #latest = { resourceVersion: '', cursor: '' };

  constructor(scope: WatchScope, identityClass: IdentityClass) {
    this.#identityClass = identityClass;
    this.#digest = scopeDigest(scope);
    this.initial = this.at(NO_POSITION);
  }

  /** Resumes behind `resourceVersion`. */
  at(resourceVersion: string): string {
    if (this.#latest.cursor !== '' && this.#latest.resourceVersion === resourceVersion)
      return this.#latest.cursor;
    const content = [this.#identityClass, this.#digest, resourceVersion];
    const text = JSON.stringify([VERSION, ...content, checksum(content)]);
    const cursor = Buffer.from(text).toString('base64url');
    this.#latest = { resourceVersion, cursor };
    return cursor;
  }

  /**
   * The resourceVersion to resume behind; undefined when the cursor asks for a fresh snapshot.
   *
   * Throws INVALID_CURSOR for a damaged cursor, for one of another scope and for one of another kind of credentials.
   */
  read(cursor: string): string | undefined {
    const [version, ...rest] = decode(cursor);
    const content = rest.slice(0, -1);
    if (version !== VERSION || content.length !== 3 || !content.every(isString)) throw damaged();
    if (rest.at(-1) !== checksum(content)) throw damaged();
    const [identityClass, digest, resourceVersion] = content;
    if (digest !== this.#digest)
      throw invalid(
        'the cursor belongs to another resource, namespace or selector; use it where it came from',
      );
    if (identityClass !== this.#identityClass) throw this.#foreign(identityClass);
    return resourceVersion === NO_POSITION ? undefined : resourceVersion;
  }

  #foreign(identityClass: string | undefined): KubegraphError {
    const [theirs, ours] = [wordsFor(identityClass), CREDENTIALS[this.#identityClass]];
    return invalid(`the cursor was handed out to ${theirs} and cannot be continued with ${ours}`);
  }
}

function wordsFor(identityClass: string | undefined): string {
  const entry = Object.entries(CREDENTIALS).find(([name]) => name === identityClass);
  return entry?.[1] ?? 'other credentials';
}

function decode(cursor: string): readonly unknown[] {
  if (cursor.length > MAX_CURSOR_LENGTH) throw damaged();
  const bytes = Buffer.from(cursor, 'base64url');
  // Node skips characters that are not base64url, so a damaged cursor could decode all the same.
  if (bytes.toString('base64url') !== cursor) throw damaged();
  const content = tryParseJson(bytes.toString('utf8'));
  if (!Array.isArray(content)) throw damaged();
  return content;
}

function checksum(content: readonly string[]): number {
  return crc32(content.join(' '));
}

function isString(value: unknown): value is string {
  return typeof value === 'string';
}

function damaged(): KubegraphError {
  return invalid('the cursor is damaged; subscribe without it to start over');
}

function invalid(message: string): KubegraphError {
  return new KubegraphError('INVALID_CURSOR', message);
}
