import { describe, expect, test } from 'vitest';
import { runHistory } from './run.ts';

const WRITES = 2000;
const FAULTS = 100;
/** Of one run, on a machine that has much else to do. In milliseconds. */
const TIMEOUT = { timeout: 120_000 };

const COUNT = Number(process.env['WATCH_HISTORY_SEEDS'] ?? 25);
const FIRST = Number(process.env['WATCH_HISTORY_FIRST_SEED'] ?? 1);

/** Whether some of this seed's subscribers go through a whole gateway. */
function isOverSse(seed: number): boolean {
  return seed % 3 === 0;
}

/** The seeds of this process: 25 of them, or what `npm run test:watch-history -- --seeds COUNT --first SEED` asks for. */
export function seedsOf(kind: 'in process' | 'over SSE'): readonly number[] {
  const seeds = Array.from({ length: COUNT }, (_, index) => FIRST + index);
  return seeds.filter((seed) => isOverSse(seed) === (kind === 'over SSE'));
}

/** One test for each seed. */
export function testSeeds(seeds: readonly number[]): void {
  describe(`${WRITES} writes and ${FAULTS} faults`, () => {
    test.each(seeds)(
      'break none of the eight properties for any subscriber, seed %i',
      TIMEOUT,
      async (seed) => {
        const run = await runHistory({ seed, writes: WRITES, faults: FAULTS, overSse: isOverSse(seed) });
        const again = `again: npm run test:watch-history -- --seeds 1 --first ${seed}`;
        expect(run.violations.length, `${again}\n${run.report()}`).toBe(0);
        expect(run.writes).toBeGreaterThanOrEqual(WRITES);
        expect(run.faults.length).toBeGreaterThanOrEqual(FAULTS);
      },
    );
  });
}
