import type { Clock, Random } from '../api/clock.ts';

/** Without vowels and look-alikes, as the real server's suffixes. */
const SUFFIX_ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';
const SUFFIX_LENGTH = 5;
/** What a generated name takes from `generateName`: 63 less the suffix. */
const MAX_BASE_LENGTH = 58;

export function generatedName(base: string, random: Random): string {
  const suffix = Array.from(
    { length: SUFFIX_LENGTH },
    () => SUFFIX_ALPHABET[below(SUFFIX_ALPHABET.length, random)],
  );
  return base.slice(0, MAX_BASE_LENGTH) + suffix.join('');
}

/** A version 4 UUID. */
export function newUid(random: Random): string {
  const digits = Array.from({ length: 32 }, () => below(16, random).toString(16));
  digits[12] = '4';
  digits[16] = (8 + below(4, random)).toString(16);
  const text = digits.join('');
  return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join(
    '-',
  );
}

/** RFC 3339 in seconds, `offsetSeconds` from now. */
export function timestamp(clock: Clock, offsetSeconds = 0): string {
  return new Date(clock.now() + offsetSeconds * 1000).toISOString().replace(/\.\d+Z$/, 'Z');
}

function below(limit: number, random: Random): number {
  return Math.floor(random.next() * limit);
}
