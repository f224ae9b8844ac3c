import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type DemoCluster, startDemo } from '../../../demo/start.ts';
import { type KubectlProcesses, kubectlProcesses } from './kubectl-processes.ts';

/** The demo cluster with the real kubectl pointed at its kubeconfig. */
export interface DemoWithKubectl extends KubectlProcesses {
  readonly demo: DemoCluster;
  close(): Promise<void>;
}

export async function startDemoWithKubectl(): Promise<DemoWithKubectl> {
  const demo = await startDemo({ quiet: true });
  const directory = await mkdtemp(path.join(tmpdir(), 'kubegraph-demo-kubectl-'));
  const kubeconfig = await demo.writeKubeconfigs(directory);
  return {
    demo,
    ...kubectlProcesses(kubeconfig, path.join(directory, 'cache')),
    close: async () => {
      await demo.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
