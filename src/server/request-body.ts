import type { IncomingMessage } from 'node:http';

/** Whether a body follows the head of a request. */
export function hasBody({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
  const { 'content-length': length, 'transfer-encoding': encoding } = headers;
  return encoding !== undefined || (length !== undefined && !/^0+$/.test(length));
}

/** How long a body of ours may take to come, in milliseconds. */
const BODY_MS = 30_000;

const nothing = (): void => undefined;

/**
 * Cuts off whoever takes too long to send a body, as Node does where it is told to for all requests of a server. Answers how to let one
 * take as long as it likes.
 */
export function limitBody(request: IncomingMessage): () => void {
  if (!hasBody(request)) return nothing;
  const { socket } = request;
  const timer = setTimeout(() => {
    if (!request.complete)
      socket.end('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n', () => socket.destroy());
  }, BODY_MS);
  const lift = (): void => clearTimeout(timer);
  request.once('close', lift);
  return lift;
}
