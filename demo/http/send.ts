import { once } from 'node:events';
import type { Answer } from './answer.ts';

/** What HTTP/1.1 and HTTP/2 responses have in common, as far as they are written here. */
export interface Outgoing {
  writeHead(status: number, headers: Record<string, string | string[]>): unknown;
  flushHeaders(): void;
  write(chunk: Buffer): boolean;
  end(chunk?: Buffer): unknown;
  destroy(): unknown;
  once(event: string, listener: () => void): unknown;
  on(event: string, listener: (...values: unknown[]) => void): unknown;
}

export interface SendOptions {
  /** Aborted when the client has gone. */
  readonly signal: AbortSignal;
  /** Whether the connection is to stay silent for ever. */
  readonly isFrozen: () => boolean;
}

/** Sends an answer to its end. A body that fails in the middle breaks the response off, so that the client sees it. */
export async function send(response: Outgoing, answer: Answer, options: SendOptions): Promise<void> {
  if (options.isFrozen()) return silence(options.signal);
  const { status, headers, body } = answer;
  if (Buffer.isBuffer(body)) {
    const hasLength = status !== 204 && status !== 304;
    response.writeHead(
      status,
      copied({ ...headers, ...(hasLength ? { 'content-length': String(body.length) } : {}) }),
    );
    response.end(hasLength ? body : undefined);
    return;
  }
  response.writeHead(status, copied(headers));
  response.flushHeaders();
  try {
    await sendStream(response, body, options);
  } catch {
    response.destroy();
  }
}

async function sendStream(
  response: Outgoing,
  body: AsyncIterable<Buffer>,
  options: SendOptions,
): Promise<void> {
  const { isFrozen, signal } = options;
  for await (const chunk of body) {
    if (signal.aborted) return;
    if (isFrozen()) return silence(signal);
    if (!response.write(chunk)) await drained(response, signal);
  }
  if (isFrozen()) return silence(signal);
  if (!signal.aborted) response.end();
}

/** Resolves when the response takes more, or will never. */
async function drained(response: Outgoing, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      signal.removeEventListener('abort', done);
      resolve();
    };
    response.once('drain', done);
    signal.addEventListener('abort', done);
  });
}

async function silence(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}

/** Node wants lists that it may change. */
function copied(headers: Answer['headers']): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, typeof value === 'string' ? value : [...value]]),
  );
}
