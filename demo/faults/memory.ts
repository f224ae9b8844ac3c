import type { Answer } from '../http/answer.ts';
import type { InterceptedRequest } from '../http/interceptor.ts';
import { revisionOf } from './lines.ts';

/** Reads that are remembered; beyond it, further ones are not. */
const MAX_ANSWERS = 1000;
/** Events that are remembered of each watched scope. */
const MAX_EVENTS = 100;

/** What was answered before, for faults that bring it again. */
export class Memory {
  readonly #answers = new Map<string, Answer>();
  readonly #events = new Map<string, Buffer[]>();

  /** The first answer to a read like this one: `answer`, if there was none. */
  first(request: InterceptedRequest, answer: Answer): Answer {
    const key = keyOf(request);
    const known = this.#answers.get(key);
    if (known !== undefined) return known;
    if (answer.status === 200 && Buffer.isBuffer(answer.body) && this.#answers.size < MAX_ANSWERS) {
      this.#answers.set(key, answer);
    }
    return answer;
  }

  noteEvent(request: InterceptedRequest, line: Buffer): void {
    const key = keyOf(request);
    const events = this.#events.get(key) ?? [];
    events.push(line);
    if (events.length > MAX_EVENTS) events.shift();
    this.#events.set(key, events);
  }

  forgetEvents(request: InterceptedRequest): void {
    this.#events.delete(keyOf(request));
  }

  /** The latest `count` events of watches like this one that are not newer than `revision`, oldest first. */
  latestEvents(request: InterceptedRequest, revision: number, count: number): readonly Buffer[] {
    if (count === 0) return [];
    const known = this.#events.get(keyOf(request)) ?? [];
    return known.filter((line) => (revisionOf(line) ?? 0) <= revision).slice(-count);
  }
}

/** How requests differ that ask for the same: by position, time limit and freshness. */
const IRRELEVANT = new Set([
  'resourceVersion',
  'resourceVersionMatch',
  'timeoutSeconds',
  'sendInitialEvents',
  'allowWatchBookmarks',
]);

function keyOf({ method, path, query, headers }: InterceptedRequest): string {
  const relevant = [...query]
    .filter(([name]) => !IRRELEVANT.has(name))
    .map(String)
    .toSorted();
  return JSON.stringify([method, path, relevant, headers['accept'], headers['accept-encoding']]);
}
