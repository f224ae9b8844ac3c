import type { Random } from '../api/clock.ts';

/** A random UUID (version 4) that can be repeated with its source. */
export function uuid(random: Random): string {
  return 'xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx'.replace(/[xy]/g, (place) => {
    const digit = Math.floor(random.next() * 16);
    return (place === 'x' ? digit : (digit & 3) | 8).toString(16);
  });
}
