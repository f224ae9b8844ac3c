import type { Identity } from '../../cluster/identity.ts';
import { METADATA, METADATA_LIST } from '../../cluster/accept.ts';
import { readJson, sendOk } from '../../cluster/read.ts';
import type { Upstream } from '../../cluster/upstream.ts';
import { isKubegraphError } from '../../errors/kubegraph-error.ts';
import type { Clock } from '../../util/clock.ts';
import { isJsonObject } from '../../util/json.ts';

/** Shortest server-side watch, in seconds. The real value is random up to twice this, to spread reconnects. */
const MIN_WATCH_SECONDS = 300;

/** How long a watch may outlive its time before its connection counts as dead, in milliseconds. */
const OVERRUN_MS = 5_000;

/** A watch that ends sooner has failed, and must not be opened again at once. */
const MIN_LIFE_MS = 5_000;

const BACKOFF = { firstMs: 800, factor: 2, maxMs: 30_000 } as const;

/** What is not allowed now may be allowed later; so long after a refusal it is tried again, in milliseconds. */
const REFUSED_RETRY_MS = 300_000;

/** `absent`: the API server does not serve the collection at all. */
export type TriggerState = 'opening' | 'open' | 'refused' | 'absent';

export interface TriggerWatchOptions {
  readonly upstream: Upstream;
  readonly identity: Identity;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** The collection's path. */
  readonly path: string;
  /** Something may have changed: something has, or the watch has just been opened and cannot know. */
  readonly onChange: () => void;
  readonly onState: () => void;
}

/**
 * Hears that something in a collection has changed, not what: whoever is told looks at everything again. So there are no
 * positions to keep, no bookmarks to ask for and no events to understand. It starts at the present, at each reconnect
 * again, and says then that something may have changed.
 */
export class TriggerWatch {
  readonly #options: TriggerWatchOptions;
  readonly #end = new AbortController();
  readonly #running: Promise<void>;
  #state: TriggerState = 'opening';
  #failures = 0;

  constructor(options: TriggerWatchOptions) {
    this.#options = options;
    this.#running = this.#run();
  }

  get state(): TriggerState {
    return this.#state;
  }

  /** Resolves when nothing is left of it. */
  async stop(): Promise<void> {
    this.#end.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#end;
    while (!signal.aborted) {
      const delayMs = await this.#watchOnce();
      if (!signal.aborted) await pause(this.#options.clock, delayMs, signal);
    }
  }

  /** Watches until that ends, for whatever reason. Answers how long to wait before the next time, in milliseconds. */
  async #watchOnce(): Promise<number> {
    const { clock, random } = this.#options;
    const startedAt = clock.now();
    const error = await this.#watch().then(
      () => undefined,
      (reason: unknown) => reason,
    );
    const refused = refusalOf(error);
    this.#become(refused ?? 'opening');
    if (refused !== undefined) return REFUSED_RETRY_MS;
    if (clock.now() - startedAt >= MIN_LIFE_MS) {
      this.#failures = 0;
      if (error === undefined) return 0;
    }
    const delayMs = Math.min(BACKOFF.firstMs * BACKOFF.factor ** this.#failures, BACKOFF.maxMs);
    this.#failures += 1;
    return delayMs * (1 + random());
  }

  async #watch(): Promise<void> {
    const { upstream, identity, clock, random, path, onChange } = this.#options;
    const { signal } = this.#end;
    const call = { identity, method: 'GET', path, signal } as const;
    // That there was something is all that is heard of it. From version 0, a watch would begin with an event for each object that there is.
    const list = await sendOk(upstream, { ...call, accept: METADATA_LIST, query: { limit: '1' } });
    const resourceVersion = versionOf(await readJson(list.body));
    const seconds = MIN_WATCH_SECONDS + Math.floor(random() * MIN_WATCH_SECONDS);
    const query = { watch: '1', resourceVersion, timeoutSeconds: String(seconds) };
    const { body } = await sendOk(upstream, { ...call, accept: METADATA, query, mode: 'stream' });
    const callOff = clock.schedule(seconds * 1_000 + OVERRUN_MS, () => body.destroy());
    try {
      this.#become('open');
      onChange();
      for await (const _ of body) onChange();
    } finally {
      callOff();
      body.destroy();
    }
  }

  #become(state: TriggerState): void {
    if (state === this.#state || this.#end.signal.aborted) return;
    this.#state = state;
    this.#options.onState();
  }
}

function versionOf(list: unknown): string | undefined {
  const metadata = isJsonObject(list) ? list['metadata'] : undefined;
  const version = isJsonObject(metadata) ? metadata['resourceVersion'] : undefined;
  return typeof version === 'string' ? version : undefined;
}

function refusalOf(error: unknown): 'refused' | 'absent' | undefined {
  if (isKubegraphError(error, 'NOT_FOUND')) return 'absent';
  const isRefused = isKubegraphError(error, 'FORBIDDEN') || isKubegraphError(error, 'METHOD_NOT_ALLOWED');
  return isRefused ? 'refused' : undefined;
}

/** Resolves after `ms`, or as soon as `signal` aborts. */
function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      callOff();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const callOff = clock.schedule(ms, done);
    signal.addEventListener('abort', done);
  });
}
