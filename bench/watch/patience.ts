import { setTimeout as sleep } from 'node:timers/promises';

/** After so long without any progress nothing more is waited for, in milliseconds. Nothing is measured by it. */
const PATIENCE_MS = 30_000;
const LOOK_MS = 20;

/** Resolves when `isDone`, or when `progress` has not changed for long: whoever asks looks at what is missing then. */
export async function whenQuiet(progress: () => number, isDone: () => boolean): Promise<void> {
  let [last, since] = [progress(), performance.now()];
  while (!isDone() && performance.now() - since < PATIENCE_MS) {
    await sleep(LOOK_MS);
    const now = progress();
    if (now !== last) [last, since] = [now, performance.now()];
  }
}
