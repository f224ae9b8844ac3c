/**
 * A program of its own: reads from the API server and throws away what it got. The least that any gateway has to do for
 * the same reads, so its CPU time is what the gateway's is measured against.
 */
import { readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Pool } from 'undici';
import { forEachConcurrently } from '../../test/cluster/concurrency.ts';
import type { Target } from '../target.ts';

export interface BareWork {
  /** What one operation reads, all at the same time. */
  readonly paths: readonly string[];
  readonly accept: string;
  readonly operations: number;
  readonly inFlight: number;
}

export type BareReply = { readonly bytes: number } | { readonly failure: string };

const CONNECTIONS = 16;
/** As the best of the loops that were tried when the goals were set. */
const CHUNK_BYTES = 1024 * 1024;

const { origin, pathPrefix, headers, connect } = JSON.parse(
  readFileSync(process.argv[2] as string, 'utf8'),
) as Target;
const pool = new Pool(origin, { connect, connections: CONNECTIONS });

process.once('disconnect', () => process.exit());
process.on('message', (work: BareWork) => {
  perform(work).then(
    (bytes) => process.send?.({ bytes } satisfies BareReply),
    (error: unknown) => process.send?.({ failure: String(error) } satisfies BareReply),
  );
});

async function perform({ paths, accept, operations, inFlight }: BareWork): Promise<number> {
  let bytes = 0;
  await forEachConcurrently(Array.from({ length: operations }), inFlight, async () => {
    const sizes = await Promise.all(paths.map((path) => read(path, accept)));
    for (const size of sizes) bytes += size;
  });
  return bytes;
}

/** How many bytes came, unpacked. */
async function read(path: string, accept: string): Promise<number> {
  const answer = await pool.request({
    method: 'GET',
    path: pathPrefix + path,
    headers: { ...headers, accept, 'accept-encoding': 'gzip' },
  });
  if (answer.statusCode !== 200) throw new Error(`${path}: ${answer.statusCode} ${await answer.body.text()}`);
  const { body } = answer;
  if (answer.headers['content-encoding'] !== 'gzip') return (await body.arrayBuffer()).byteLength;
  const inflated: Readable = createGunzip({ chunkSize: CHUNK_BYTES });
  body.once('error', (error) => inflated.destroy(error));
  body.pipe(inflated as NodeJS.WritableStream & Readable);
  let bytes = 0;
  for await (const chunk of inflated as AsyncIterable<Buffer>) bytes += chunk.length;
  return bytes;
}
