import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** Vitest would leave one core to itself, which is half of a small machine. */
const maxWorkers = Math.max(2, availableParallelism() - 1);

/**
 * Libraries get graphql's CommonJS build from Node, and the sources would get its other one from Vite: two of everything,
 * and an error of one is none to the other. What is shipped has one.
 */
const resolve = {
  alias: [{ find: /^graphql$/, replacement: fileURLToPath(import.meta.resolve('graphql')) }],
};

/**
 * Seven suites, by what they need:
 *
 *   unit      nothing but Node; runs in `npm test`
 *   contract  nothing but Node: what an API server must do, asked of the demo cluster; runs in `npm test`
 *   faults    nothing but Node: the gateway before a demo cluster that misbehaves; runs in `npm test`
 *   cluster   a real control plane, built from Go modules: the contract again, and more; `npm run test:cluster`
 *   browser   the same, and Chromium from a package of its own; `npm run test:browser`, which installs it
 *   package   the bundles and the packaged function; `npm run test:package`
 *   examples  packages of their own, which `npm run test:examples` installs first, and Go
 */
export default defineConfig({
  test: {
    reporters: ['default', './test/contract/skips-reporter.ts'],
    projects: [
      {
        resolve,
        test: { name: 'unit', include: ['test/unit/**/*.test.ts'], testTimeout: 20_000, maxWorkers },
      },
      {
        resolve,
        test: {
          name: 'contract',
          include: ['test/contract/**/*.test.ts'],
          globalSetup: ['test/contract/demo-setup.ts'],
          testTimeout: 20_000,
          maxWorkers,
        },
      },
      {
        resolve,
        test: { name: 'faults', include: ['test/faults/**/*.test.ts'], testTimeout: 30_000, maxWorkers },
      },
      {
        resolve,
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
        resolve,
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 900_000,
        },
      },
      {
        resolve,
        test: {
          name: 'package',
          include: ['test/package/**/*.test.ts'],
          globalSetup: ['test/package/setup.ts'],
          testTimeout: 120_000,
          hookTimeout: 300_000,
        },
      },
      {
        test: { name: 'examples', include: ['test/examples/**/*.test.ts'], testTimeout: 120_000, maxWorkers },
      },
    ],
  },
});
