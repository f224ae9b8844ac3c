import { describe, expect, test } from 'vitest';
import { type Run, type RunOptions, runHistory } from './history/run/run.ts';
import { BUGS } from './planted/bugs.ts';
import { planted } from './planted/plant.ts';

/** A bug that does not show in so many runs is not caught. */
const MAX_RUNS = 12;
const RUNS_WITHOUT_BUG = 3;
const TIMEOUT = { timeout: 180_000 };

async function* runs(count: number, options: Pick<RunOptions, 'hub' | 'mostly'>): AsyncGenerator<Run> {
  for (let seed = 1; seed <= count; seed++)
    yield await runHistory({ seed, writes: 500, faults: 30, ...options });
}

describe('the history checker', () => {
  test.for(BUGS.map((bug) => [bug.name, bug] as const))(
    'catches a gateway that %s',
    TIMEOUT,
    async ([, bug]) => {
      const hub = await planted(bug);
      for await (const { violations } of runs(MAX_RUNS, { hub, mostly: bug.showsUnder })) {
        if (violations.length > 0) return;
      }
      expect.fail(`nothing was found in ${MAX_RUNS} runs`);
    },
  );

  test('finds nothing in the same copy without a bug', TIMEOUT, async () => {
    const hub = await planted();
    for await (const run of runs(RUNS_WITHOUT_BUG, { hub }))
      expect(run.violations.length, run.report()).toBe(0);
  });
});
