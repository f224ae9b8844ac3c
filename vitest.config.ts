import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Vitest would leave one core to itself, which is half of a small machine. */
const maxWorkers = Math.max(2, availableParallelism() - 1);

/**
 * Five suites, by what they need:
 *
 *   unit      nothing but Node; runs in `npm test`
 *   contract  nothing but Node: what an API server must do, asked of the demo cluster; runs in `npm test`
 *   faults    nothing but Node: the gateway before a demo cluster that misbehaves; runs in `npm test`
 *   cluster   a real control plane, built from Go modules: the contract again, and more; `npm run test:cluster`
 *   package   the bundles and the packaged function; `npm run test:package`
 */
export default defineConfig({
  test: {
    reporters: ['default', './test/contract/skips-reporter.ts'],
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'], testTimeout: 20_000, maxWorkers } },
      {
        test: {
          name: 'contract',
          include: ['test/contract/**/*.test.ts'],
          globalSetup: ['test/contract/demo-setup.ts'],
          testTimeout: 20_000,
          maxWorkers,
        },
      },
      { test: { name: 'faults', include: ['test/faults/**/*.test.ts'], testTimeout: 30_000, maxWorkers } },
      {
        test: {
          name: 'cluster',
          include: ['test/contract/**/*.test.ts', 'test/real/**/*.test.ts'],
          globalSetup: ['test/real/setup.ts'],
          testTimeout: 180_000,
          hookTimeout: 900_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'package',
          include: ['test/package/**/*.test.ts'],
          globalSetup: ['test/package/setup.ts'],
          testTimeout: 120_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
