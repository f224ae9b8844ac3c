import { KubegraphError } from '../../errors/kubegraph-error.ts';

/**
 * What can end a call from our side: the caller's signal and the deadline. `signal` aborts with the KubegraphError that
 * says which. Whoever makes one calls `end`.
 */
export class CallScope {
  readonly #controller = new AbortController();
  readonly #caller: AbortSignal | undefined;
  readonly #endsAt: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(caller: AbortSignal | undefined, deadlineMs: number) {
    this.#caller = caller;
    this.#endsAt = performance.now() + deadlineMs;
    if (caller?.aborted === true) {
      this.#cancel();
      return;
    }
    caller?.addEventListener('abort', this.#cancel);
    this.#timer = setTimeout(() => {
      const message = `the API server did not answer within ${deadlineMs / 1000} s`;
      this.#controller.abort(new KubegraphError('TIMEOUT', message));
    }, deadlineMs);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Why the call has been ended from our side; undefined while it has not. */
  get reason(): KubegraphError | undefined {
    const reason: unknown = this.signal.reason;
    return reason instanceof KubegraphError ? reason : undefined;
  }

  get remainingMs(): number {
    return Math.max(0, this.#endsAt - performance.now());
  }

  /** What `work` comes to, or the reason as soon as there is one. */
  async race<T>(work: Promise<T>): Promise<T> {
    const { signal } = this;
    let stop: (() => void) | undefined;
    const ended = new Promise<never>((_, reject) => {
      stop = () => reject(this.reason);
      if (signal.aborted) stop();
      else signal.addEventListener('abort', stop);
    });
    try {
      return await Promise.race([work, ended]);
    } finally {
      if (stop !== undefined) signal.removeEventListener('abort', stop);
    }
  }

  /** From now on only the caller ends the call. */
  liftDeadline(): void {
    clearTimeout(this.#timer);
  }

  end(): void {
    this.liftDeadline();
    this.#caller?.removeEventListener('abort', this.#cancel);
  }

  readonly #cancel = (): void => {
    this.liftDeadline();
    this.#controller.abort(
      new KubegraphError('CANCELLED', 'the call was cancelled', { cause: this.#caller?.reason }),
    );
  };
}
