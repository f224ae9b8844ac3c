import { setTimeout as sleep } from 'node:timers/promises';
import { HarnessError } from './errors.ts';

export interface WaitOptions {
  /** Give up after this many milliseconds. */
  readonly timeoutMs: number;
  /** Pause between two checks, in milliseconds. Default 50: most waits are a few hundred milliseconds long. */
  readonly intervalMs?: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Calls `check` until it returns undefined, which means done. Any other answer is the reason why not yet; the last
 * one stands in the error when time runs out. An abort rejects with the signal's reason.
 */
export async function waitUntil(
  what: string,
  check: () => Promise<string | undefined>,
  options: WaitOptions,
): Promise<void> {
  const deadline = Date.now() + options.timeoutMs;
  for (;;) {
    options.signal?.throwIfAborted();
    const reason = await check();
    if (reason === undefined) return;
    if (Date.now() > deadline) {
      throw new HarnessError(`${what}: not after ${options.timeoutMs / 1000} s (${reason})`);
    }
    await pause(options.intervalMs ?? 50, options.signal);
  }
}

async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(ms, undefined, signal ? { signal } : {});
  } catch (error) {
    // The timer rejects with an AbortError of its own; callers want to know why the signal was aborted.
    signal?.throwIfAborted();
    throw error;
  }
}
