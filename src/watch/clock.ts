import type { Clock } from '../util/clock.ts';

export type { Clock } from '../util/clock.ts';

export const systemClock: Clock = {
  now: () => performance.now(),
  schedule(delayMs, action) {
    const timer = setTimeout(action, delayMs);
    return () => clearTimeout(timer);
  },
};
