import type { Payload } from '../../execution/subscription-answer.ts';
import { oneLine } from '../../util/json.ts';

/** How long browsers wait before they come back when nobody has said anything else, in milliseconds. */
const RETRY_MS = 3_000;

/** An event stream begins with it: some clients wait for the first bytes before they say that it is open. */
export const BEGINNING = retryHint(RETRY_MS);

/** A comment. */
const SILENCE = Buffer.from(':\n\n');

/**
 * The end.
 *
 * @param retryAfterMs when to come back, as browsers do by themselves. Default: as said at the beginning.
 */
export function ending(retryAfterMs?: number): string {
  const hint = retryAfterMs === undefined ? '' : retryHint(retryAfterMs);
  // Without `data` it would be no event at all.
  return `${hint}event: complete\ndata:\n\n`;
}

function retryHint(milliseconds: number): string {
  // Browsers take nothing but digits.
  return `retry: ${Math.ceil(milliseconds)}\n\n`;
}

/** One execution result. */
export function nextEvent({ json, cursor }: Pick<Payload, 'json' | 'cursor'>): Buffer {
  const id = cursor === undefined ? '' : `id: ${cursor}\n`;
  return Buffer.concat([Buffer.from(`event: next\n${id}data: `), onOneLine(json), Buffer.from('\n\n')]);
}

/** Each line break would begin another field. */
function onOneLine(json: Buffer): Buffer {
  return json.includes('\n') || json.includes('\r') ? oneLine(Buffer.from(json)) : json;
}

/** Text as one chunk of HTTP/1.1. */
function chunkOf(text: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${text.length.toString(16)}\r\n`), text, Buffer.from('\r\n')]);
}

/** What is written to connections of one kind. */
export class Framing {
  /** What keeps a connection alive. */
  readonly silence: Buffer;
  readonly #wrap: (text: Buffer) => Buffer;
  /** By payload: all who get it are written the same bytes. */
  readonly #frames = new WeakMap<Payload, Buffer>();

  constructor(wrap: (text: Buffer) => Buffer) {
    this.#wrap = wrap;
    this.silence = wrap(SILENCE);
  }

  /**
   * Where to resume now, for a client that has not heard anything for a while.
   *
   * A block without `data` is no event, and its `id` counts all the same. So the HTML standard and Chromium have it; Firefox and
   * others keep the id of an event only.
   *
   * @param isEvent for an `EventSource`, which takes no notice of events that nobody listens to. Other readers might.
   */
  position(cursor: string, isEvent: boolean): Buffer {
    return this.#frameOf(`${isEvent ? 'event: position\ndata:' : ':'}\nid: ${cursor}\n\n`);
  }

  next(payload: Payload): Buffer {
    const known = this.#frames.get(payload);
    if (known !== undefined) return known;
    const frame = this.#wrap(nextEvent(payload));
    this.#frames.set(payload, frame);
    return frame;
  }

  ending(retryAfterMs: number | undefined): Buffer {
    return this.#frameOf(ending(retryAfterMs));
  }

  #frameOf(text: string): Buffer {
    return this.#wrap(Buffer.from(text));
  }
}

/** For HTTP/1.1. Node would write the three parts of a chunk one after the other. */
export const CHUNKED = new Framing(chunkOf);

/** For HTTP/1.0, which has no chunks. */
export const PLAIN = new Framing((text) => text);
