import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

/**
 * `npm run test:watch-history -- [--seeds 1000] [--first 1]`: more seeds than CI runs, or the one that has failed there.
 * Every third goes through a whole gateway, from the file of its own.
 */
const { values } = parseArgs({
  options: { seeds: { type: 'string', default: '1000' }, first: { type: 'string', default: '1' } },
});
const seeds = Array.from({ length: Number(values.seeds) }, (_, index) => Number(values.first) + index);
const files = [
  ...(seeds.some((seed) => seed % 3 !== 0) ? ['test/faults/watch-history.test.ts'] : []),
  ...(seeds.some((seed) => seed % 3 === 0) ? ['test/faults/watch-history-sse.test.ts'] : []),
];
const { status } = spawnSync('vitest', ['run', '--project', 'faults', ...files], {
  stdio: 'inherit',
  env: {
    ...process.env,
    WATCH_HISTORY_SEEDS: values.seeds,
    WATCH_HISTORY_FIRST_SEED: values.first,
  },
});
process.exitCode = status ?? 1;
