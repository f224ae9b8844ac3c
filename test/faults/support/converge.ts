import type { FastClock } from './fast-clock.ts';
import type { Subscriber } from './subscriber.ts';

/** Longer than any watch: what is half-open is found out. In milliseconds. */
export const LONGEST_WATCH_MS = 700_000;

/** Resolves when all have the right state. Throws what is wrong with one. */
export async function converge(subscribers: readonly Subscriber[]): Promise<void> {
  for (const subscriber of subscribers) await subscriber.converges();
}

/** As `converge`, where streams may be silent, or fall silent yet: time leaps until they have been found out. */
export async function convergeInTime(subscribers: readonly Subscriber[], clock: FastClock): Promise<void> {
  const done = new AbortController();
  const converged = converge(subscribers).finally(() => done.abort());
  // Looked at below, once time has passed.
  converged.catch(() => undefined);
  // Longer and longer: each leap also ends the watches that are all right, and a busy machine needs time for new ones.
  for (let pauseMs = 10_000; !done.signal.aborted; pauseMs *= 2) {
    clock.skip(LONGEST_WATCH_MS);
    await clock.sleep(pauseMs, done.signal).catch(() => undefined);
  }
  await converged;
}
