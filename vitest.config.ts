import { defineConfig } from 'vitest/config';

/**
 * Three suites, by what they need:
 *
 *   unit     nothing but Node; runs in `npm test`
 *   cluster  a real control plane, built from Go modules; `npm run test:cluster`
 *   package  the bundles and the packaged function; `npm run test:package`
 */
export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'], testTimeout: 20_000 } },
      {
        test: {
          name: 'cluster',
          include: ['test/real/**/*.test.ts'],
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
