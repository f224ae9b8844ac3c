import type { Identity } from '../cluster/identity.ts';
import { sendOk } from '../cluster/read.ts';
import type { Upstream } from '../cluster/upstream.ts';
import { CODES } from '../errors/codes.ts';
import { isKubegraphError } from '../errors/kubegraph-error.ts';
import type { Clock } from '../util/clock.ts';
import { Backoff } from '../watch/reflector/backoff.ts';
import { LineSplitter, type RawLine } from './line-splitter.ts';
import { type LogLine, type LogPlace, parseLine } from './log-line.ts';
import { type LogRange, logRequest } from './log-request.ts';
import { pause } from './pause.ts';
import { advanced, type Position, Repeats } from './position.ts';
import { sinceTimeOf } from './timestamp.ts';

/** So many failures one after the other, with no answer before, and the log cannot be read. */
const MAX_FAILURES = 5;

/** The log of a pod that is gone is read until so long, in milliseconds, has brought nothing. */
const LAST_WORDS_MS = 5_000;

/** Of a container that has ended, the end of its log comes within so many milliseconds. */
const END_MS = 5_000;

export interface ContainerLogOptions {
  readonly upstream: Upstream;
  readonly identity: Identity;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly place: LogPlace;
  /** What is wanted of it, where no position says where to begin. */
  readonly range: LogRange;
  /** Undefined: from the beginning of `range`. */
  readonly position: Position | undefined;
  readonly follow: boolean;
  /** Whether it fails where it has not been read after some tries. Else it is tried for as long as it takes. */
  readonly givesUp: boolean;
  /** Whether nobody has read the run before this one, and it is wanted as well. */
  readonly hasMissedRun: boolean;
  /** Whether the container runs, as far as anybody knows; undefined: it is never known. */
  readonly isRunning: () => boolean | undefined;
  /** Called when lines have come, when it has come to rest, and when it has failed. */
  readonly onChange: () => void;
  /** Called when what is followed has come to an end: the container may have ended. */
  readonly onCut: () => void;
}

/**
 * The log of one container, from one run to the next: connections may break and containers may start again, no line is
 * missed or comes twice. It reads ahead no further than what one read brings.
 */
export class ContainerLog {
  readonly #options: ContainerLogOptions;
  readonly #end = new AbortController();
  readonly #backoff: Backoff;
  readonly #waiting: LogLine[] = [];
  #next = 0;
  /** Behind what has been read, and behind what has been taken. */
  #read: Position | undefined;
  #taken: Position | undefined;
  #emptied: () => void = () => {};
  #waitsSince: number | undefined;
  /** Ends the answer that is followed now, or was last. */
  #following: AbortController | undefined;
  #hasAnswered = false;
  #failures = 0;
  #isAtRest = true;
  #isChanged = false;
  #error: unknown;

  constructor(options: ContainerLogOptions) {
    this.#options = options;
    this.#read = options.position;
    this.#taken = options.position;
    this.#backoff = new Backoff(options.random);
  }

  get place(): LogPlace {
    return this.#options.place;
  }

  /** The next line, which stays; undefined where none has come. */
  get head(): LogLine | undefined {
    return this.#waiting[this.#next];
  }

  /** Behind the lines that have been taken; undefined before the first. */
  get position(): Position | undefined {
    return this.#taken;
  }

  /** Since when the API server has been asked for more, and has not said anything; undefined where it is not asked. */
  get waitsSince(): number | undefined {
    return this.#waitsSince;
  }

  /** Whether it has brought, or has said that it has, anything. */
  get hasAnswered(): boolean {
    return this.#hasAnswered;
  }

  /** Whether there is nothing to read before the container starts again. Lines may wait. */
  get isAtRest(): boolean {
    return this.#isAtRest;
  }

  /** Why it cannot be read. */
  get error(): unknown {
    return this.#error;
  }

  take(): LogLine | undefined {
    const line = this.#waiting[this.#next];
    if (line === undefined) return undefined;
    this.#next += 1;
    if (line.at !== undefined) this.#taken = advanced(this.#taken, line.at);
    if (this.#next === this.#waiting.length) {
      this.#waiting.length = 0;
      this.#next = 0;
      this.#emptied();
    }
    return line;
  }

  /** Reads on: the container has started, or started again. */
  readOn(): void {
    if (this.#error !== undefined || this.#end.signal.aborted) return;
    this.#isChanged = true;
    if (!this.#isAtRest) return;
    this.#isAtRest = false;
    void this.#readRuns();
  }

  /** The container has ended. Nodes say so, unless they cannot: what is still on its way is read, and then what there is. */
  endRun(): void {
    if (this.#following !== undefined) this.#endSoon(this.#following);
  }

  /** The pod is gone: what is still on its way is read, and no more is waited for. */
  leave(): void {
    this.#endSoon(this.#end);
  }

  /** Stops reading, and throws away what waits. */
  close(): void {
    this.#end.abort();
    this.#waiting.length = 0;
    this.#next = 0;
    this.#emptied();
  }

  #endSoon(reading: AbortController): void {
    const { clock } = this.#options;
    clock.schedule(LAST_WORDS_MS, () => {
      if (this.#isAtRest || (reading !== this.#end && reading !== this.#following)) return;
      const since = this.#waitsSince;
      if (since !== undefined && clock.now() - since >= LAST_WORDS_MS) reading.abort();
      else this.#endSoon(reading);
    });
  }

  async #readRuns(): Promise<void> {
    try {
      while (this.#isChanged && !this.#end.signal.aborted) {
        this.#isChanged = false;
        await this.#readRun();
      }
    } catch (error) {
      if (!this.#end.signal.aborted) this.#error = error;
    }
    this.#waitsSince = undefined;
    this.#isAtRest = true;
    this.#options.onChange();
  }

  /** Reads until the container runs no more and all that it has written has come. */
  async #readRun(): Promise<void> {
    const { follow, range, isRunning, onCut } = this.#options;
    let seemsOver = false;
    for (;;) {
      const isFollowed = follow && isRunning() !== false && !seemsOver;
      const isSilent = this.#silence();
      const isWhole = await this.#attempt(isFollowed);
      if (isWhole && (!isFollowed || range.limitBytes !== undefined)) return;
      seemsOver = isWhole && isRunning() === undefined && isSilent();
      onCut();
      // What is followed may look as if it had ended where it was cut. What is not followed does not.
      if (!isWhole || (isRunning() !== false && !seemsOver)) await this.#pause();
    }
  }

  /** Asks from now on whether nothing has come, and not because it takes its time. */
  #silence(): () => boolean {
    const { clock } = this.#options;
    const since = clock.now();
    const before = this.#read;
    return () => this.#read === before && clock.now() - since < END_MS;
  }

  /** Whether the answer has come to its end. Throws what another attempt will not mend. */
  async #attempt(isFollowed: boolean): Promise<boolean> {
    const { follow, range, hasMissedRun } = this.#options;
    const from = this.#read;
    const repeats = new Repeats(from);
    this.#following = undefined;
    try {
      this.#waitsSince = this.#options.clock.now();
      const since: LogRange = from === undefined ? range : { sinceTime: sinceTimeOf(from.at) };
      // The container may have started again since, and its last words are in another file now.
      if (follow && (from !== undefined || hasMissedRun)) await this.#readPrevious(since, repeats);
      await this.#readAnswer(since, repeats, isFollowed);
      return true;
    } catch (error) {
      return this.#failed(error);
    }
  }

  async #readPrevious(since: LogRange, repeats: Repeats): Promise<void> {
    try {
      await this.#readAnswer({ ...since, previous: true }, repeats, false);
    } catch (error) {
      // Most containers have run once only.
      if (!isKubegraphError(error, 'BAD_REQUEST') && !isKubegraphError(error, 'NOT_FOUND')) throw error;
    }
  }

  async #readAnswer(range: LogRange, repeats: Repeats, isFollowed: boolean): Promise<void> {
    const { upstream, identity, place } = this.#options;
    const request = logRequest(identity, place, range, isFollowed);
    const { signal } = this.#end;
    const following = isFollowed ? (this.#following = new AbortController()) : undefined;
    const { body } = await sendOk(upstream, {
      ...request,
      signal: following === undefined ? signal : AbortSignal.any([signal, following.signal]),
    });
    this.#hasAnswered = true;
    this.#failures = 0;
    const splitter = new LineSplitter();
    for await (const chunk of body) await this.#put(splitter.push(chunk), repeats);
    const rest = splitter.rest();
    // What may go on is asked for again, as a whole.
    if (rest === undefined || (isFollowed && range.limitBytes === undefined)) return;
    const isTruncated = rest.isTruncated || range.limitBytes !== undefined;
    await this.#put([{ ...rest, isTruncated }], repeats);
  }

  /** Resolves when all of them have been taken. */
  async #put(lines: readonly RawLine[], repeats: Repeats): Promise<void> {
    for (const { bytes, isTruncated } of lines) {
      const line = parseLine(this.#options.place, bytes, isTruncated);
      if (repeats.has(line.at)) continue;
      if (line.at !== undefined) this.#read = advanced(this.#read, line.at);
      this.#waiting.push(line);
    }
    if (this.#waiting.length > 0) {
      this.#waitsSince = undefined;
      const emptied = new Promise<void>((resolve) => (this.#emptied = resolve));
      this.#options.onChange();
      await emptied;
    }
    this.#waitsSince = this.#options.clock.now();
  }

  /** False where it is worth another attempt, true where there is nothing more. Throws otherwise. */
  #failed(error: unknown): boolean {
    if (this.#end.signal.aborted || !isKubegraphError(error)) throw error;
    // With its pod it goes.
    if (error.code === 'NOT_FOUND') return true;
    this.#failures += 1;
    const { follow, givesUp } = this.#options;
    // "is waiting to start": the pod's status runs ahead of its node.
    const isPassing = CODES[error.code].retryable || (error.code === 'BAD_REQUEST' && follow);
    if (!isPassing || (givesUp && !this.#hasAnswered && this.#failures >= MAX_FAILURES)) throw error;
    return false;
  }

  async #pause(): Promise<void> {
    const { clock } = this.#options;
    this.#waitsSince = undefined;
    await pause(clock, this.#backoff.nextDelayMs(clock.now()), this.#end.signal);
  }
}
