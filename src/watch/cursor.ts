import { crc32 } from 'node:zlib';
import { KubegraphError } from '../errors/kubegraph-error.ts';
import { tryParseJson } from '../util/json.ts';
import { scopeDigest, type WatchScope } from './scope.ts';

const VERSION = 1;

/** Longer ones are none of ours. */
const MAX_CURSOR_LENGTH = 512;

/** How a snapshot that is still being delivered is written: there is no position yet that claims nothing. */
const NO_POSITION = '';

/**
 * Writes and reads the cursors of one scope: base64url over `[version, scope digest, resourceVersion, checksum]`.
 *
 * They name no identity, because tokens are renewed and another replica may serve the next connection. They need no
 * secret either: a forged one asks the API server for something its bearer is allowed to ask anyway.
 */
export class CursorCodec {
  /** Restarts with a fresh snapshot. */
  readonly initial: string;
  readonly #digest: string;

  constructor(scope: WatchScope) {
    this.#digest = scopeDigest(scope);
    this.initial = this.at(NO_POSITION);
  }

  /** Resumes behind `resourceVersion`. */
  at(resourceVersion: string): string {
    const content = JSON.stringify([
      VERSION,
      this.#digest,
      resourceVersion,
      checksum(this.#digest, resourceVersion),
    ]);
    return Buffer.from(content).toString('base64url');
  }

  /**
   * The resourceVersion to resume behind; undefined when the cursor asks for a fresh snapshot.
   *
   * Throws INVALID_CURSOR for a damaged cursor and for one of another scope.
   */
  read(cursor: string): string | undefined {
    const [version, digest, resourceVersion, sum] = decode(cursor);
    if (typeof digest !== 'string' || typeof resourceVersion !== 'string') throw damaged();
    if (version !== VERSION || sum !== checksum(digest, resourceVersion)) throw damaged();
    if (digest !== this.#digest) {
      throw new KubegraphError(
        'INVALID_CURSOR',
        'the cursor belongs to another resource, namespace or selector; use it where it came from',
      );
    }
    return resourceVersion === NO_POSITION ? undefined : resourceVersion;
  }
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

function checksum(digest: string, resourceVersion: string): number {
  return crc32(`${digest} ${resourceVersion}`);
}

function damaged(): KubegraphError {
  return new KubegraphError('INVALID_CURSOR', 'the cursor is damaged; subscribe without it to start over');
}
