import type { Random } from '../api/clock.ts';

/** Uniform in [low, high). */
export function between(random: Random, low: number, high: number): number {
  return low + random.next() * (high - low);
}

/** @throws RangeError when there is nothing to pick from. */
export function pick<T>(random: Random, items: readonly T[]): T {
  const item = items[Math.floor(random.next() * items.length)];
  if (item === undefined) throw new RangeError('nothing to pick from');
  return item;
}

/** Like the real server's name generator: no vowels, so that no words appear. */
const NAME_ALPHABET = Array.from('bcdfghjklmnpqrstvwxz2456789');

export function nameSuffix(random: Random, length = 5): string {
  return Array.from({ length }, () => pick(random, NAME_ALPHABET)).join('');
}

export function hexDigits(random: Random, length: number): string {
  return Array.from({ length }, () => Math.floor(random.next() * 16).toString(16)).join('');
}

/** A version 4 UUID. */
export function uuid(random: Random): string {
  const hex = hexDigits(random, 30);
  const variant = pick(random, ['8', '9', 'a', 'b']);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(12, 15)}-${variant}${hex.slice(15, 18)}-${hex.slice(18)}`;
}

/** FNV-1a in 32 bits: the same text, the same number, for what must be repeatable without a course of its own. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

/** A hash as the real controllers put it into names: decimal digits in the alphabet of generated names. */
export function nameHash(value: unknown, collisions = 0): string {
  const text = JSON.stringify(value, sortedMembers) + (collisions === 0 ? '' : `#${collisions}`);
  return hashOf(text)
    .toString()
    .replaceAll(/\d/g, (digit) => SAFE_DIGITS[Number(digit)] ?? digit);
}

const SAFE_DIGITS = '456789bcdf';

/** A JSON replacer that makes the text independent of the order in which members were written. */
function sortedMembers(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
