import { createHash } from 'node:crypto';
import type { Random } from './clock.ts';

/** Chance that can be repeated: the same seed gives the same numbers on every machine. */
export function seededRandom(seed: string | number): Random {
  let state = createHash('sha256').update(String(seed)).digest().readUInt32LE(0);
  return {
    // mulberry32: 32 bits of state, no multiplication beyond 32 bits, passes what a demo cluster can ask of it.
    next() {
      state = (state + 0x6d2b79f5) | 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    },
    fork: (name) => seededRandom(`${seed}/${name}`),
  };
}
