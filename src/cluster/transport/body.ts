import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { KubegraphError } from '../../errors/kubegraph-error.ts';
import type { UpstreamBody } from '../upstream.ts';
import type { CallScope } from './call-scope.ts';
import { withoutContent } from './failures.ts';

/** Fewer, larger chunks cost less; beyond this the gain ends. */
const INFLATED_CHUNK_BYTES = 256 * 1024;

const nothing = (): void => undefined;

/**
 * The body of an answer. `scope` ends with it.
 *
 * Nothing is read ahead beyond the streams' own buffers: a body of a few bytes that inflates without end waits for its
 * reader after the first chunks.
 */
export function upstreamBody(source: Readable, isGzip: boolean, scope: CallScope): UpstreamBody {
  const stream = isGzip ? gunzip(source) : source;
  // Without a listener, an error that comes while nobody reads would end the process.
  source.on('error', nothing);
  stream.on('error', nothing);
  stream.once('close', () => scope.end());
  return {
    async *[Symbol.asyncIterator]() {
      try {
        // The stream is one of Buffers: nobody sets an encoding.
        for await (const chunk of stream as AsyncIterable<Buffer>) yield chunk;
      } catch (error) {
        throw scope.reason ?? cut(error);
      }
    },
    destroy: () => {
      stream.destroy();
    },
  };
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
