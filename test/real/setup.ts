import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import type { ServerUnderTest } from '../contract/support/context.ts';
import { createApiClient } from '../cluster/api.ts';
import { type Cluster, openCluster, startCluster } from '../cluster/cluster.ts';
import { readCrds } from '../cluster/manifests.ts';
import { layoutOf } from '../cluster/layout.ts';
import { requireState } from '../cluster/state.ts';
import { startKubectlProxy } from './support/local-servers.ts';
import { waitUntilDescribed } from './support/openapi.ts';

const DEFAULT_CRDS = fileURLToPath(new URL('../../../shared/data/crds-popular.ndjson.gz', import.meta.url));

/**
 * One control plane for all suites of this folder, filled with custom resource definitions.
 *
 * - KUBEGRAPH_CRDS: another file of definitions; see test/cluster/manifests.ts for its formats.
 * - KUBEGRAPH_TEST_CLUSTER: the directory of a running cluster to use, and to leave running.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const existing = process.env['KUBEGRAPH_TEST_CLUSTER'];
  const cluster = existing === undefined ? await startFilled(definitionsFile()) : await openCluster(existing);
  const proxy = await startKubectlProxy(cluster);
  project.provide('clusterDir', cluster.dir);
  project.provide('kubectlProxyUrl', proxy.url);
  await forgetHistory(cluster);
  project.provide('serverUnderTest', await serverUnderTest(cluster));
  return async () => {
    await proxy.close();
    if (existing === undefined) await cluster.stop();
  };
}

function definitionsFile(): string {
  const file = process.env['KUBEGRAPH_CRDS'] ?? DEFAULT_CRDS;
  if (existsSync(file)) return file;
  throw new Error(`no custom resource definitions at ${file}: name a file of them in KUBEGRAPH_CRDS`);
}

async function startFilled(crdFile: string): Promise<Cluster> {
  const crds = await readCrds([crdFile]);
  const cluster = await startCluster({ crdFiles: [crdFile], pods: 20 });
  const api = await createApiClient(layoutOf(cluster.dir), cluster.server);
  try {
    await waitUntilDescribed(api, crds);
    return cluster;
  } catch (error) {
    await cluster.stop();
    throw error;
  } finally {
    api.close();
  }
}

async function serverUnderTest(cluster: Cluster): Promise<ServerUnderTest> {
  return {
    kind: 'real',
    url: cluster.server,
    ca: await readFile(cluster.caFile, 'utf8'),
    tokens: { admin: cluster.adminToken, viewer: cluster.viewerToken },
    kubeconfigs: { admin: cluster.kubeconfig, viewer: cluster.viewerKubeconfig },
  };
}

/** Compacts etcd, so that resource version 1 is too old from the first minute on. The API server does it every 5. */
async function forgetHistory(cluster: Cluster): Promise<void> {
  const { ports } = requireState(layoutOf(cluster.dir));
  const url = `http://127.0.0.1:${ports.etcd}/v3/kv/`;
  const post = (call: string, body: object) =>
    fetch(url + call, { method: 'POST', body: JSON.stringify(body) });
  const range = await post('range', { key: 'AA==' });
  const { header } = (await range.json()) as { readonly header: { readonly revision: string } };
  const answer = await post('compaction', { revision: header.revision });
  const text = await answer.text();
  // Nothing has been written since somebody did it.
  if (answer.ok || text.includes('has been compacted')) return;
  throw new Error(`etcd was not compacted: ${answer.status} ${text}`);
}
