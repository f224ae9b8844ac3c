import { EventEmitter } from 'node:events';
import { KubegraphError } from '../../errors/kubegraph-error.ts';

/** Emits `abort` once, with a reason. undici takes it for an AbortSignal, which costs ten times as much to make and to hear. */
class EndSignal extends EventEmitter<{ abort: [] }> {
  reason: KubegraphError | undefined;

  get aborted(): boolean {
    return this.reason !== undefined;
  }

  abort(reason: KubegraphError): void {
    if (this.aborted) return;
    this.reason = reason;
    this.emit('abort');
  }
}

/**
 * What can end a call from our side: the caller's signal and the deadline. `signal` aborts with the KubegraphError that
 * says which. Whoever makes one calls `end`.
 */
export class CallScope {
  readonly signal = new EndSignal();
  readonly #caller: AbortSignal | undefined;
  readonly #deadlineMs: number;
  readonly #endsAt: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(caller: AbortSignal | undefined, deadlineMs: number) {
    this.#caller = caller;
    this.#deadlineMs = deadlineMs;
    this.#endsAt = performance.now() + deadlineMs;
    if (caller?.aborted === true) {
      this.#cancel();
      return;
    }
    caller?.addEventListener('abort', this.#cancel);
    this.#timer = setTimeout(this.#expire, deadlineMs);
  }

  /** Why the call has been ended from our side; undefined while it has not. */
  get reason(): KubegraphError | undefined {
    return this.signal.reason;
  }

  get remainingMs(): number {
    return Math.max(0, this.#endsAt - performance.now());
  }

  /** What `work` comes to, or the reason as soon as there is one. */
  race<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const { signal } = this;
      const stop = (): void => reject(signal.reason);
      if (signal.aborted) stop();
      else signal.once('abort', stop);
      work.then(resolve, reject).finally(() => signal.off('abort', stop));
    });
  }

  /** What `work` comes to. It gets a signal that aborts with the reason. */
  async racing<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const controller = new AbortController();
    const stop = (): void => controller.abort(this.reason);
    if (this.signal.aborted) stop();
    else this.signal.once('abort', stop);
    try {
      return await work(controller.signal);
    } catch (error) {
      throw this.reason ?? error;
    } finally {
      this.signal.off('abort', stop);
    }
  }

  /** From now on only the caller ends the call. */
  liftDeadline(): void {
    clearTimeout(this.#timer);
  }

  /** The deadline anew, from now on. */
  restartDeadline(): void {
    this.liftDeadline();
    if (!this.signal.aborted) this.#timer = setTimeout(this.#expire, this.#deadlineMs);
  }

  end(): void {
    this.liftDeadline();
    this.#caller?.removeEventListener('abort', this.#cancel);
  }

  readonly #expire = (): void => {
    const message = `the API server did not answer within ${this.#deadlineMs / 1000} s`;
    this.signal.abort(new KubegraphError('TIMEOUT', message));
  };

  readonly #cancel = (): void => {
    this.liftDeadline();
    this.signal.abort(
      new KubegraphError('CANCELLED', 'the call was cancelled', { cause: this.#caller?.reason }),
    );
  };
}
