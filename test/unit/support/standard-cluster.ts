import { openApiFixture } from './openapi-fixtures.ts';
import { type StubGroupVersion, stubResource } from './stub-resources.ts';

export const PODS = stubResource({
  kind: 'Pod',
  plural: 'pods',
  shortNames: ['po'],
  categories: ['all'],
  subresources: [
    { name: 'log', kind: { group: '', version: 'v1', kind: 'Pod' }, verbs: ['get'] },
    { name: 'eviction', kind: { group: 'policy', version: 'v1', kind: 'Eviction' }, verbs: ['create'] },
  ],
});
export const CONFIG_MAPS = stubResource({ kind: 'ConfigMap', plural: 'configmaps', shortNames: ['cm'] });
const SECRETS = stubResource({ kind: 'Secret', plural: 'secrets' });
export const NODES = stubResource({ kind: 'Node', plural: 'nodes', namespaced: false, shortNames: ['no'] });
const DEPLOYMENTS = stubResource({
  group: 'apps',
  kind: 'Deployment',
  plural: 'deployments',
  shortNames: ['deploy'],
  categories: ['all'],
  subresources: [
    {
      name: 'scale',
      kind: { group: 'autoscaling', version: 'v1', kind: 'Scale' },
      verbs: ['get', 'patch', 'update'],
    },
  ],
});
export const WIDGETS = stubResource({ group: 'example.com', kind: 'Widget', plural: 'widgets' });
const PLUGINS = stubResource({
  group: 'example.com',
  kind: 'Plugin',
  plural: 'plugins',
  namespaced: false,
});

/** A small cluster with the OpenAPI documents of test/fixtures/openapi: built-in groups and one custom one. */
export const STANDARD_CLUSTER: readonly StubGroupVersion[] = [
  {
    group: '',
    version: 'v1',
    openApi: openApiFixture('core-v1'),
    resources: [
      PODS,
      CONFIG_MAPS,
      SECRETS,
      NODES,
      stubResource({ kind: 'Service', plural: 'services' }),
      stubResource({ kind: 'Endpoints', plural: 'endpoints' }),
      stubResource({ kind: 'Event', plural: 'events' }),
      stubResource({ kind: 'Namespace', plural: 'namespaces', namespaced: false }),
    ],
  },
  { group: 'apps', version: 'v1', openApi: openApiFixture('apps-v1'), resources: [DEPLOYMENTS] },
  {
    group: 'apiextensions.k8s.io',
    version: 'v1',
    openApi: openApiFixture('apiextensions-v1'),
    resources: [
      stubResource({
        group: 'apiextensions.k8s.io',
        kind: 'CustomResourceDefinition',
        plural: 'customresourcedefinitions',
        namespaced: false,
      }),
    ],
  },
  {
    group: 'example.com',
    version: 'v1',
    openApi: openApiFixture('example-v1'),
    resources: [WIDGETS, PLUGINS, stubResource({ group: 'example.com', kind: 'Bare', plural: 'bares' })],
  },
];
