import { existsSync } from 'node:fs';
import { expect, it, onTestFinished, vi } from 'vitest';
import { connectCluster } from '../../../src/cli/cluster-connection.ts';
import { testDirectory } from '../cluster/support/directory.ts';
import { kubeconfigText } from '../cluster/support/kubeconfig.ts';
import { ManualClock } from '../watch/support/manual-clock.ts';

const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** A process that has just connected to a cluster, with a file in its cache that an older program left. */
function connected(useCache: boolean): { readonly clock: ManualClock; readonly leftover: string } {
  const home = testDirectory();
  vi.stubEnv('XDG_CACHE_HOME', home.path);
  onTestFinished(() => void vi.unstubAllEnvs());
  const leftover = home.write(`kubegraph/openapi-v0/${'0'.repeat(40)}.shapes`, 'x');
  const clock = new ManualClock();
  const options = {
    kubeconfig: home.write('config', kubeconfigText({})),
    context: undefined,
    mode: 'kubeconfig',
    readOnly: false,
    execPolicy: 'deny',
    useCache,
  } as const;
  const { upstream } = connectCluster(options, SILENT, clock);
  onTestFinished(() => upstream.close());
  return { clock, leftover };
}

it('prunes the cache on disk once, and only when the first answers are long out', async () => {
  const { clock, leftover } = connected(true);
  await clock.advance(10_000);
  expect(existsSync(leftover)).toBe(true);
  await clock.advance(50_000);
  await expect.poll(() => existsSync(leftover)).toBe(false);
  expect(clock.pendingMs).toEqual([]);
});

it('touches nothing on disk without a cache', () => {
  expect(connected(false).clock.pendingMs).toEqual([]);
});
