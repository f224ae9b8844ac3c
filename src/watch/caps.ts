import type { Identity } from '../cluster/identity.ts';
import { KubegraphError } from '../errors/kubegraph-error.ts';
import type { Cap, WatchCounts } from './counts.ts';
import { retryAfterMs } from './ends.ts';

/** What there may be at a time. */
export interface CapLimits {
  readonly maxSubscriptions: number;
  readonly maxSubscriptionsPerCaller: number;
  readonly maxWatchesPerIdentity: number;
}

interface CapsOptions {
  readonly limits: CapLimits;
  readonly counts: Pick<WatchCounts, 'subscribers' | 'refused'>;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

/** Says TOO_MANY_REQUESTS to what would be more than a gateway, or one caller, may have at a time. */
export class Caps {
  readonly #options: CapsOptions;
  readonly #subscriptions = new Tally();
  readonly #watches = new Tally();

  constructor(options: CapsOptions) {
    this.#options = options;
  }

  /** For one more subscription. Throws; what does not throw has to be given back. */
  takeSeat(identity: Identity): void {
    const { limits, counts } = this.#options;
    const { maxSubscriptions, maxSubscriptionsPerCaller } = limits;
    if (counts.subscribers >= maxSubscriptions)
      throw this.#refusal('subscriptions', `at most ${maxSubscriptions} subscriptions at a time`);
    if (isShared(identity)) return;
    if (!this.#subscriptions.add(identity.key, maxSubscriptionsPerCaller))
      throw this.#refusal(
        'caller',
        `at most ${maxSubscriptionsPerCaller} subscriptions of a caller at a time`,
      );
  }

  giveBackSeat(identity: Identity): void {
    if (!isShared(identity)) this.#subscriptions.subtract(identity.key);
  }

  /** For one more upstream watch. Throws; what does not throw has to be given back. */
  takeWatch({ key }: Identity): void {
    const { maxWatchesPerIdentity: limit } = this.#options.limits;
    if (this.#watches.add(key, limit)) return;
    throw this.#refusal(
      'watches',
      `at most ${limit} watches of an identity at a time; equal subscriptions share one`,
    );
  }

  giveBackWatch({ key }: Identity): void {
    this.#watches.subtract(key);
  }

  #refusal(cap: Cap, message: string): KubegraphError {
    const { counts, random } = this.#options;
    counts.refused[cap] += 1;
    return new KubegraphError('TOO_MANY_REQUESTS', message, {
      extensions: { retryAfterMs: retryAfterMs(random) },
    });
  }
}

/** Whether it is that of many people. */
function isShared({ kind }: Identity): boolean {
  return kind === 'kubeconfig';
}

/** How many there are of each. Those of which there are none take no memory. */
class Tally {
  readonly #counts = new Map<string, number>();

  /** Answers false, and adds nothing, where that would be more than `limit`. */
  add(key: string, limit: number): boolean {
    const count = this.#counts.get(key) ?? 0;
    if (count >= limit) return false;
    this.#counts.set(key, count + 1);
    return true;
  }

  subtract(key: string): void {
    const count = this.#counts.get(key) ?? 0;
    if (count > 1) this.#counts.set(key, count - 1);
    else this.#counts.delete(key);
  }
}
