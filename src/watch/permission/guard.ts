import type { KubegraphError } from '../../errors/kubegraph-error.ts';
import type { Clock } from '../../util/clock.ts';
import type { Target } from '../reflector/calls.ts';
import { SECOND_OPINION_MS } from '../timeouts.ts';
import { mayWatch, type Verdict } from './may-watch.ts';

/** How much of the interval is random, to both sides. */
const JITTER = 0.2;

export interface PermissionGuardOptions {
  readonly target: Target;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** How long an answer is good for. 0: nothing is asked. */
  readonly recheckMs: number;
  /** The identity may no longer watch the scope. */
  readonly onRevoked: (error: KubegraphError) => void;
}

/**
 * The API server checks permissions only when a watch starts; this asks again while it lasts.
 *
 * A permission counts as lost when two answers in a row say so, since authorizers flap; credentials that are no longer
 * accepted count at once.
 */
export class PermissionGuard {
  readonly #options: PermissionGuardOptions;
  #cancel: () => void = () => {};
  #asking: AbortController | undefined;

  constructor(options: PermissionGuardOptions) {
    this.#options = options;
  }

  /** A watch has started, so the API server has just checked. */
  renew(): void {
    const { recheckMs, random } = this.#options;
    if (recheckMs === 0) return;
    this.#askIn(recheckMs * (1 - JITTER + 2 * JITTER * random()), false);
  }

  stop(): void {
    this.#cancel();
    this.#asking?.abort();
    this.#asking = undefined;
  }

  #askIn(delayMs: number, isSecondOpinion: boolean): void {
    this.stop();
    this.#cancel = this.#options.clock.schedule(delayMs, () => void this.#ask(isSecondOpinion));
  }

  async #ask(isSecondOpinion: boolean): Promise<void> {
    const asking = new AbortController();
    this.#asking = asking;
    const verdict = await mayWatch(this.#options.target, asking.signal);
    // What has happened meanwhile counts more.
    if (!asking.signal.aborted) this.#take(verdict, isSecondOpinion);
  }

  #take(verdict: Verdict, isSecondOpinion: boolean): void {
    if (verdict.kind !== 'refused') {
      this.renew();
    } else if (isSecondOpinion || verdict.error.code === 'UNAUTHENTICATED') {
      this.stop();
      this.#options.onRevoked(verdict.error);
    } else {
      this.#askIn(SECOND_OPINION_MS, true);
    }
  }
}
