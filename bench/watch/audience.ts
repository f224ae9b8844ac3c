import { forEachConcurrently } from '../../test/cluster/concurrency.ts';
import { percentile } from '../reads/figures.ts';
import { microseconds } from './clock.ts';
import { eventsDocument, type Kind, SEQUENCE, WRITTEN_AT } from './documents.ts';
import { EventStream } from './event-stream.ts';
import { whenQuiet } from './patience.ts';

export interface AudienceOptions {
  readonly url: string;
  readonly namespace: string;
  readonly kind: Kind;
  /** More arguments of the field, with a comma before each. */
  readonly args?: string;
  readonly count: number;
  /** A subscriber is there when it has its SYNCED, or, where there is none, when the answer has begun. */
  readonly isThere: 'synced' | 'open';
}

/** What came of some changes. */
export interface Received {
  /** When the last subscriber had the last one, in microseconds of `clock.ts`. */
  readonly lastAt: number;
  /** Deliveries that never came. */
  readonly missing: number;
  /** What subscribers got that they should not, a few of it. */
  readonly wrong: readonly string[];
  /** From the write in the API server's memory to the event in this process' hands. */
  readonly p50Ms: number;
  readonly p99Ms: number;
}

interface Subscriber {
  readonly stream: EventStream;
  isThere: boolean;
  /** Of the change that came last; 0 before the first. */
  sequence: number;
}

const CONNECTS_AT_ONCE = 64;
/** Ports of one loopback address to one server are some 28,000, some of which have just been used. */
const PER_ADDRESS = 12_000;
const NEXT = Buffer.from('event: next');
const SEQUENCE_KEY = `"${SEQUENCE}":"`;
const WRITTEN_AT_KEY = `"${WRITTEN_AT}":"`;
const DIGIT_0 = 48;

/** Subscribers that look at each event no more than it takes to know that nothing is missing, twice or out of order. */
export class Audience {
  readonly #options: AudienceOptions;
  readonly #subscribers: Subscriber[] = [];
  #wrong: string[] = [];
  #expected = 0;
  #received = 0;
  #lastAt = 0;
  #latencies: number[] = [];

  constructor(options: AudienceOptions) {
    this.#options = options;
  }

  /** Resolves when all are there. */
  async open(): Promise<void> {
    const indexes = Array.from({ length: this.#options.count }, (_, index) => index);
    await forEachConcurrently(indexes, CONNECTS_AT_ONCE, (index) => this.#subscribe(index));
  }

  /** Starts anew: so many changes are going to be made. */
  expect(events: number): void {
    this.#expected = events * this.#subscribers.length;
    this.#received = 0;
    this.#latencies = [];
  }

  /** Resolves when all have all, or when nothing has come for long. */
  async received(): Promise<Received> {
    await whenQuiet(
      () => this.#received,
      () => this.#received >= this.#expected,
    );
    const wrong = this.#wrong.splice(0);
    if (this.#received > this.#expected) wrong.push(`${this.#received - this.#expected} too many`);
    const times = this.#latencies;
    return {
      lastAt: this.#lastAt,
      missing: Math.max(0, this.#expected - this.#received),
      wrong: wrong.slice(0, 5),
      p50Ms: times.length === 0 ? 0 : percentile(times, 0.5) / 1000,
      p99Ms: times.length === 0 ? 0 : percentile(times, 0.99) / 1000,
    };
  }

  close(): void {
    for (const { stream } of this.#subscribers.splice(0)) stream.destroy();
  }

  #subscribe(index: number): Promise<void> {
    const { url, namespace, kind, args, isThere } = this.#options;
    return new Promise((resolve, reject) => {
      const arrive = (): void => {
        subscriber.isThere = true;
        resolve();
      };
      const stream = new EventStream(
        {
          url,
          document: eventsDocument(namespace, kind, index, args),
          localAddress: `127.0.0.${1 + Math.floor(index / PER_ADDRESS)}`,
        },
        {
          onOpen: () => {
            if (isThere === 'open') arrive();
          },
          onFrame: (frame) => {
            if (subscriber.isThere) this.#take(subscriber, frame);
            else if (frame.includes('"type":"SYNCED"')) arrive();
          },
          onClose: (error) => {
            if (!this.#subscribers.includes(subscriber)) return;
            reject(error ?? new Error('a subscription ended before its SYNCED'));
            this.#wrong.push(`a subscription ended: ${error?.message ?? 'without a reason'}`);
          },
        },
      );
      const subscriber: Subscriber = { stream, isThere: false, sequence: 0 };
      this.#subscribers.push(subscriber);
    });
  }

  #take(subscriber: Subscriber, frame: Buffer): void {
    // Comments, and when to come back.
    if (!frame.subarray(0, NEXT.length).equals(NEXT)) return;
    const key = frame.indexOf(SEQUENCE_KEY);
    if (key < 0) {
      this.#wrong.push(frame.toString('utf8', 0, 300));
      return;
    }
    const sequence = numberAt(frame, key + SEQUENCE_KEY.length);
    if (subscriber.sequence !== 0 && sequence !== subscriber.sequence + 1)
      this.#wrong.push(`change ${sequence} after change ${subscriber.sequence}`);
    subscriber.sequence = sequence;
    const now = microseconds();
    this.#latencies.push(now - numberAt(frame, frame.indexOf(WRITTEN_AT_KEY) + WRITTEN_AT_KEY.length));
    this.#lastAt = now;
    this.#received++;
  }
}

function numberAt(bytes: Buffer, start: number): number {
  let value = 0;
  for (let at = start; at < bytes.length; at++) {
    const digit = (bytes[at] as number) - DIGIT_0;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
  }
  return value;
}
