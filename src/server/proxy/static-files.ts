import { constants } from 'node:fs';
import { type FileHandle, open, realpath } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { KubegraphError } from '../../errors/kubegraph-error.ts';
import { contentTypeOf } from './content-types.ts';

export interface StaticFilesOptions {
  readonly directory: string;
  /** What stands before the files' paths: `/static/`. Begins and ends with a slash. */
  readonly prefix: string;
}

/**
 * Answers a request with a file below the directory, or the `index.html` of a folder in it. Links may lead from one place of the directory to
 * another, and not out of it.
 *
 * Rejects with NOT_FOUND for everything else, METHOD_NOT_ALLOWED for what is no read, and with what reading throws.
 */
export async function answerWithFile(
  request: IncomingMessage,
  response: ServerResponse,
  options: StaticFilesOptions,
): Promise<void> {
  const { method, url = '' } = request;
  if (method !== 'GET' && method !== 'HEAD')
    throw new KubegraphError('METHOD_NOT_ALLOWED', 'files can only be read');
  const file = await fileAt(options, url);
  if (file === undefined) throw new KubegraphError('NOT_FOUND', 'there is no such file');
  try {
    response.writeHead(200, {
      'content-type': contentTypeOf(file.name),
      'content-length': file.size,
      'last-modified': file.modified.toUTCString(),
      'cache-control': 'no-cache',
      'x-content-type-options': 'nosniff',
    });
    if (method === 'HEAD' || file.size === 0) response.end();
    // A file that grows meanwhile must not send more than has been said.
    else await pipeline(file.handle.createReadStream({ end: file.size - 1, autoClose: false }), response);
  } finally {
    await file.handle.close();
  }
}

interface OpenFile {
  readonly handle: FileHandle;
  readonly name: string;
  readonly size: number;
  readonly modified: Date;
}

async function fileAt({ directory, prefix }: StaticFilesOptions, url: string): Promise<OpenFile | undefined> {
  const [target = ''] = url.split('?', 1);
  const segments = segmentsOf(target.slice(prefix.length));
  if (segments === undefined) return undefined;
  const root = await realpath(directory);
  const index = target.endsWith('/') ? ['index.html'] : [];
  const place = await realpath(path.join(root, ...segments, ...index)).catch(() => undefined);
  return place?.startsWith(root + path.sep) === true ? openFile(place) : undefined;
}

/** Undefined for names that no honest file has: they would leave their place. */
function segmentsOf(encoded: string): readonly string[] | undefined {
  let decoded: readonly string[];
  try {
    decoded = encoded.replace(/\/$/, '').split('/').map(decodeURIComponent);
  } catch {
    return undefined;
  }
  if (decoded.length === 1 && decoded[0] === '') return [];
  return decoded.every((segment) => segment !== '' && !/^\.{1,2}$|[/\\\0:]/.test(segment))
    ? decoded
    : undefined;
}

/** @param file without links on the way. */
async function openFile(file: string): Promise<OpenFile | undefined> {
  // A pipe would wait for somebody who writes, and a link would have been put there just now.
  const flags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW;
  const handle = await open(file, flags).catch(() => undefined);
  if (handle === undefined) return undefined;
  const stats = await handle.stat();
  if (stats.isFile()) return { handle, name: file, size: stats.size, modified: stats.mtime };
  await handle.close();
  return undefined;
}
