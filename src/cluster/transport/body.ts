import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { KubegraphError } from '../../errors/kubegraph-error.ts';
import type { UpstreamBody, UpstreamRequest } from '../upstream.ts';
import type { CallScope } from './call-scope.ts';
import { Chunks } from './chunks.ts';
import { withoutContent } from './failures.ts';

/** Fewer, larger chunks cost less; beyond this the gain ends. */
const INFLATED_CHUNK_BYTES = 256 * 1024;

const nothing = (): void => undefined;

/**
 * The body of an answer. `scope` ends with it.
 *
 * @param mode that of a `download` has its deadline only while somebody waits for the next chunk.
 *
 * Nothing is read ahead beyond the streams' own buffers: a body of a few bytes that inflates without end waits for its
 * reader after the first chunks.
 */
export function upstreamBody(
  source: Readable,
  isGzip: boolean,
  scope: CallScope,
  mode: UpstreamRequest['mode'],
): UpstreamBody {
  const stream = isGzip ? gunzip(source) : source;
  // Without a listener, an error that comes while nobody reads would end the process.
  source.on('error', nothing);
  stream.on('error', nothing);
  stream.once('close', () => scope.end());
  const waits =
    mode === 'download'
      ? { onWait: () => scope.restartDeadline(), onArrived: () => scope.liftDeadline() }
      : { onWait: nothing, onArrived: nothing };
  const failure = (error: unknown): unknown => scope.reason ?? cut(error);
  const pieces = (leastBytes: number): Chunks => new Chunks(stream, { ...waits, leastBytes, failure });
  return {
    [Symbol.asyncIterator]: () => pieces(0),
    pieces,
    whole: (maxBytes) => {
      if (mode === 'download') scope.restartDeadline();
      return readToEnd(stream, maxBytes).catch((error: unknown) => {
        throw scope.reason ?? (error instanceof KubegraphError ? error : cut(error));
      });
    },
    destroy: () => {
      stream.destroy();
    },
  };
}

/** With events: an iterator of a stream costs more than reading a small body. */
function readToEnd(stream: Readable, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    if (stream.destroyed) {
      reject(stream.errored ?? new Error('the body was closed'));
      return;
    }
    const chunks: Buffer[] = [];
    let length = 0;
    let isOver = false;
    stream.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= maxBytes) chunks.push(chunk);
      else {
        stream.destroy();
        reject(
          new KubegraphError('RESULT_TOO_LARGE', `the API server's answer is larger than ${maxBytes} bytes`),
        );
      }
    });
    stream.once('end', () => {
      isOver = true;
      resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, length));
    });
    stream.once('error', reject);
    stream.once('close', () => {
      // Every stream is closed at last, and an error is dear to make.
      if (!isOver) reject(stream.errored ?? new Error('the body was closed'));
    });
  });
}

function gunzip(source: Readable): Readable {
  const inflated = createGunzip({ chunkSize: INFLATED_CHUNK_BYTES });
  // Destroys each when the other ends early, with its error.
  pipeline(source, inflated, nothing);
  return inflated;
}

function cut(cause: unknown): KubegraphError {
  return new KubegraphError('UPSTREAM_ERROR', "the API server's answer was cut off before its end", {
    cause: withoutContent(cause),
  });
}
