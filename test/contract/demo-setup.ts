import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startDemo } from '../../demo/start.ts';

/** One demo cluster for all suites of this folder, in which nothing changes by itself. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const demo = await startDemo({ quiet: true });
  const directory = await mkdtemp(join(tmpdir(), 'kubegraph-contract-'));
  const admin = await demo.writeKubeconfigs(directory);
  const { url, ca, tokens } = demo.api;
  project.provide('serverUnderTest', {
    kind: 'demo',
    url,
    ca,
    tokens,
    kubeconfigs: { admin, viewer: join(directory, 'kubeconfig-viewer') },
  });
  return async () => {
    await demo.close();
    await rm(directory, { recursive: true, force: true });
  };
}
