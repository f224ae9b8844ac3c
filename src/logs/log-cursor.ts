import { createHash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { KubegraphError } from '../errors/kubegraph-error.ts';
import { tryParseJson } from '../util/json.ts';
import type { LogPlace } from './log-line.ts';
import type { Position } from './position.ts';
import { moment } from './timestamp.ts';

const VERSION = 1;

/** Longer ones are none of ours. */
const MAX_CURSOR_LENGTH = 64 * 1024;
const MAX_CONTENT_BYTES = 1024 * 1024;

/** Where somebody has stopped reading logs. */
export interface LogCursor {
  /** RFC 3339: where containers begin that no line has been read of; undefined: with their first line. */
  readonly since: string | undefined;
  position(pod: string, container: string): Position | undefined;
}

type Entry = readonly [pod: string, container: string, at: string, lines: number];

/**
 * Writes a cursor: base64url over `[version, digest of the scope, since, [pod, container, moment, lines]…]`, compressed, because
 * event streams hand it back in a header, and there may be hundreds of containers.
 */
export function writeCursor(
  scope: string,
  since: string | undefined,
  positions: Iterable<readonly [LogPlace, Position]>,
): string {
  const entries: Entry[] = [];
  for (const [{ pod, container = '' }, { at, lines }] of positions) entries.push([pod, container, at, lines]);
  const content = [VERSION, digestOf(scope), since ?? null, ...entries];
  return deflateRawSync(JSON.stringify(content)).toString('base64url');
}

/**
 * Reads what `writeCursor` has written of the same scope. Throws INVALID_CURSOR. Nobody gets anything by a forged one but what
 * they may read anyway.
 */
export function readCursor(scope: string, cursor: string): LogCursor {
  const [version, digest, since, ...entries] = decode(cursor);
  if (version !== VERSION || !isSince(since) || !entries.every(isEntry)) throw damaged();
  if (digest !== digestOf(scope))
    throw invalid('the cursor belongs to other logs; use it where it came from');
  const positions = new Map(
    entries.map(([pod, container, at, lines]) => [keyOf(pod, container), { at, lines }]),
  );
  return {
    since: since ?? undefined,
    position: (pod, container) => positions.get(keyOf(pod, container)),
  };
}

function decode(cursor: string): readonly unknown[] {
  if (cursor.length > MAX_CURSOR_LENGTH) throw damaged();
  const content = tryParseJson(inflated(Buffer.from(cursor, 'base64url')));
  if (!Array.isArray(content)) throw damaged();
  return content;
}

function inflated(bytes: Buffer): string {
  try {
    return inflateRawSync(bytes, { maxOutputLength: MAX_CONTENT_BYTES }).toString();
  } catch {
    throw damaged();
  }
}

function isSince(since: unknown): since is string | null {
  return since === null || (typeof since === 'string' && moment(since) !== undefined);
}

function isEntry(entry: unknown): entry is Entry {
  if (!Array.isArray(entry) || entry.length !== 4) return false;
  const [pod, container, at, lines] = entry as readonly unknown[];
  if (typeof pod !== 'string' || typeof container !== 'string' || typeof at !== 'string') return false;
  return moment(`${at}Z`) === at && Number.isSafeInteger(lines) && Number(lines) > 0;
}

function keyOf(pod: string, container: string): string {
  return `${pod}/${container}`;
}

function digestOf(scope: string): string {
  return createHash('sha256').update(scope).digest('base64url').slice(0, 16);
}

function damaged(): KubegraphError {
  return invalid('the cursor is damaged; subscribe without it to start over');
}

function invalid(message: string): KubegraphError {
  return new KubegraphError('INVALID_CURSOR', message);
}
