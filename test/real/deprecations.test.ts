import { homedir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { Deprecations } from '../../src/catalog/deprecations/deprecations.ts';
import { probeDeprecations } from '../../src/catalog/deprecations/probe-deprecations.ts';
import type { Resource } from '../../src/catalog/resource.ts';
import { KUBECONFIG_IDENTITY } from '../../src/cluster/identity.ts';
import { loadKubeconfig } from '../../src/cluster/kubeconfig/load.ts';
import { createUpstream } from '../../src/cluster/transport/create.ts';
import { waitUntil } from '../cluster/wait.ts';
import { atEnd } from './support/at-end.ts';
import { listAt } from './support/exact-json.ts';
import { openSuite, uniqueName } from './support/suite.ts';

const { cluster, kubectl, gateway, namespace } = await openSuite();
const group = `${uniqueName()}.example.com`;
const CUSTOM_TEXT = 'This API version is deprecated. Deprecated since v2.6.0.';
await createRelics();

function resource(of: { group: string; version: string; kind: string; plural: string }): Resource {
  return {
    group: of.group,
    version: of.version,
    kind: of.kind,
    resource: of.plural,
    singular: of.kind.toLowerCase(),
    namespaced: true,
    verbs: ['get', 'list'],
    shortNames: [],
    categories: [],
    subresources: [],
  };
}

const RELICS = ['v1', 'v1beta1', 'v1alpha1'].map((version) =>
  resource({ group, version, kind: 'Relic', plural: 'relics' }),
);
const ENDPOINTS = resource({ group: '', version: 'v1', kind: 'Endpoints', plural: 'endpoints' });
const PODS = resource({ group: '', version: 'v1', kind: 'Pod', plural: 'pods' });

/** A kind with a version that is not deprecated, one that says so in its author's words, and one in the default's. */
async function createRelics(): Promise<void> {
  const name = `relics.${group}`;
  const version = (of: string, more: object) => ({
    name: of,
    served: true,
    storage: of === 'v1',
    schema: { openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object' } } } },
    ...more,
  });
  await kubectl.apply('default', {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name },
    spec: {
      group,
      scope: 'Namespaced',
      names: { plural: 'relics', singular: 'relic', kind: 'Relic', listKind: 'RelicList' },
      versions: [
        version('v1', {}),
        version('v1beta1', { deprecated: true, deprecationWarning: CUSTOM_TEXT }),
        version('v1alpha1', { deprecated: true }),
      ],
    },
  });
  atEnd(() => kubectl.delete('crd', name));
  const isMissing = async () => {
    const list = await kubectl.raw(`/apis/${group}/v1alpha1/relics`).catch(() => undefined);
    return list === undefined ? 'not served' : undefined;
  };
  await waitUntil(`${name} is served`, isMissing, { timeoutMs: 60_000 });
}

async function probed(resources: readonly Resource[], kubeconfig: string): Promise<readonly unknown[]> {
  const target = loadKubeconfig({ path: kubeconfig, env: {}, homeDir: homedir() });
  const upstream = createUpstream({ target, mode: 'kubeconfig', readOnly: true, execPolicy: 'deny' });
  const deprecations = new Deprecations();
  await probeDeprecations(upstream, KUBECONFIG_IDENTITY, resources, deprecations).finally(() =>
    upstream.close(),
  );
  return resources.map((each) => deprecations.reasonFor(each));
}

describe('what a real API server calls deprecated', () => {
  it('is told by one look at each resource', async () => {
    expect(await probed([...RELICS, ENDPOINTS, PODS], cluster.kubeconfig)).toEqual([
      undefined,
      CUSTOM_TEXT,
      `${group}/v1alpha1 Relic is deprecated; use ${group}/v1 Relic`,
      'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice',
      undefined,
    ]);
  });

  it('stays unknown to those who may not look', async () => {
    expect(await probed([...RELICS, ENDPOINTS, PODS], cluster.viewerKubeconfig)).toEqual(
      [...RELICS, ENDPOINTS, PODS].map(() => undefined),
    );
  });

  it('comes with the answer, too', async () => {
    const answer = await gateway.ask(
      'query ($namespace: String!) { coreV1Endpoints(namespace: $namespace) { items { id } } }',
      {
        namespace,
      },
    );
    expect(listAt(answer.extensions, 'warnings')).toEqual([
      {
        path: ['coreV1Endpoints'],
        text: 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice',
      },
    ]);
  });
});
