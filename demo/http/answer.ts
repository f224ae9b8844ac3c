/** An answer as it goes over the wire. */
export interface Answer {
  readonly status: number;
  /** Lower-case names. `content-length` is added for whole bodies. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  /** A stream is sent piece by piece, each at once; headers go out before the first. */
  readonly body: Buffer | AsyncIterable<Buffer>;
}

const TEXT = { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' };

export function textAnswer(status: number, text: string): Answer {
  return { status, headers: TEXT, body: Buffer.from(text) };
}

export const pageNotFound: Answer = textAnswer(404, '404 page not found\n');
