import type { Clock } from '../util/clock.ts';

/** Waits for so many milliseconds. Rejects with the signal's reason when it is aborted. */
export function pause(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      callOff();
      reject(signal.reason as Error);
    };
    const callOff = clock.schedule(delayMs, () => {
      signal.removeEventListener('abort', stop);
      resolve();
    });
    signal.addEventListener('abort', stop, { once: true });
  });
}
