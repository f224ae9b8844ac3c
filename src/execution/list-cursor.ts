import { createHash } from 'node:crypto';
import { KubegraphError } from '../errors/kubegraph-error.ts';
import { tryParseJson } from '../util/json.ts';

/**
 * A place in a list, as the cursors of connections carry it.
 *
 * The API server's `continue` tokens start pages; a cursor inside a page is the page's own start and how many objects to
 * skip behind it. The first page has no token, but its resourceVersion brings the same snapshot back.
 */
export interface ListPosition {
  /** The token that starts the page; undefined for the first page. */
  readonly continueToken: string | undefined;
  /** The snapshot that the page shows. */
  readonly resourceVersion: string | undefined;
  readonly skip: number;
}

export const LIST_START: ListPosition = { continueToken: undefined, resourceVersion: undefined, skip: 0 };

/** What a cursor may be used with. The API server itself takes a token with any path and selector, and mixes them up. */
export interface ListScope {
  readonly path: string;
  readonly labelSelector: string | undefined;
  readonly fieldSelector: string | undefined;
}

export function encodeCursor(scope: ListScope, position: ListPosition): string {
  const { continueToken, resourceVersion, skip } = position;
  return Buffer.from(
    JSON.stringify([digestOf(scope), continueToken ?? '', resourceVersion ?? '', skip]),
  ).toString('base64url');
}

/** Throws INVALID_CURSOR for damaged text and for the cursor of another scope. */
export function decodeCursor(scope: ListScope, cursor: string): ListPosition {
  const parts = tryParseJson(Buffer.from(cursor, 'base64url').toString('utf8'));
  if (!isCursorParts(parts)) throw new KubegraphError('INVALID_CURSOR', 'this is not a cursor of a list');
  const [digest, continueToken, resourceVersion, skip] = parts;
  if (digest !== digestOf(scope)) {
    throw new KubegraphError(
      'INVALID_CURSOR',
      'this cursor belongs to another resource, namespace or selector',
    );
  }
  return { continueToken: continueToken || undefined, resourceVersion: resourceVersion || undefined, skip };
}

function isCursorParts(parts: unknown): parts is [string, string, string, number] {
  return (
    Array.isArray(parts) &&
    parts.length === 4 &&
    parts.slice(0, 3).every((part) => typeof part === 'string') &&
    Number.isSafeInteger(parts[3]) &&
    parts[3] >= 0
  );
}

/** Each edge has a cursor, and they all have the same scope. */
const digests = new WeakMap<ListScope, string>();

function digestOf(scope: ListScope): string {
  const known = digests.get(scope);
  if (known !== undefined) return known;
  const digest = computeDigest(scope);
  digests.set(scope, digest);
  return digest;
}

function computeDigest(scope: ListScope): string {
  const text = JSON.stringify([scope.path, scope.labelSelector ?? '', scope.fieldSelector ?? '']);
  return createHash('sha256').update(text).digest('base64url').slice(0, 16);
}
