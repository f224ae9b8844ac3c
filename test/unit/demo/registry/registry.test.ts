import { describe, expect, test } from 'vitest';
import { compareVersions } from '../../../../demo/registry/versions.ts';
import { createSchemas } from '../../../../demo/registry/schemas.ts';
import { createBench, widgetDefinition } from './support.ts';

describe('built-in resources', () => {
  const { registry } = createBench();

  test('are found by path and by kind', () => {
    const deployments = registry.find('apps', 'v1', 'deployments');
    expect(deployments).toMatchObject({
      kind: 'Deployment',
      namespaced: true,
      shortNames: ['deploy'],
      storageKey: 'apps/deployments',
      definition: 'io.k8s.api.apps.v1.Deployment',
      isCustom: false,
    });
    expect(registry.findKind('apps/v1', 'Deployment')).toBe(deployments);
  });

  test('have the subresources that are served, of the kinds that they answer', () => {
    const pods = registry.find('', 'v1', 'pods');
    expect(pods?.subresources.map(({ name }) => name)).toEqual([
      'attach',
      'binding',
      'eviction',
      'exec',
      'log',
      'portforward',
      'status',
    ]);
    expect(pods?.subresources.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining([
        { group: '', version: 'v1', kind: 'PodAttachOptions' },
        { group: '', version: 'v1', kind: 'Binding' },
        { group: 'policy', version: 'v1', kind: 'Eviction' },
      ]),
    );
    const namespaces = registry.find('', 'v1', 'namespaces');
    expect(namespaces?.subresources).toContainEqual({
      name: 'finalize',
      kind: { group: '', version: 'v1', kind: 'Namespace' },
      verbs: ['update'],
    });
  });

  test('share their objects where two groups or versions show the same ones', () => {
    expect(registry.find('events.k8s.io', 'v1', 'events')?.storageKey).toBe('/events');
    const [first, second] = ['v1', 'v2'].map((version) =>
      registry.find('autoscaling', version, 'horizontalpodautoscalers'),
    );
    expect(first?.storageKey).toBe(second?.storageKey);
  });

  test('know the field selectors of their kind', () => {
    expect(registry.find('', 'v1', 'pods')?.selectableFields).toContain('status.phase');
    expect(registry.find('apps', 'v1', 'replicasets')?.selectableFields).toEqual([]);
  });

  test('warn where the kind is deprecated', () => {
    expect(registry.find('', 'v1', 'endpoints')?.deprecationWarning).toMatch(
      /use discovery.k8s.io\/v1 EndpointSlice/,
    );
  });

  test('come in the order of discovery: core, then groups by priority', () => {
    const groups = registry.groupVersions.map(({ group, version }) => `${group}/${version}`);
    expect(groups.slice(0, 3)).toEqual(['/v1', 'apiregistration.k8s.io/v1', 'apps/v1']);
    expect(groups.indexOf('autoscaling/v2')).toBeLessThan(groups.indexOf('autoscaling/v1'));
  });
});

describe('custom resources', () => {
  test('are served from when their definition is established until it is gone', () => {
    const bench = createBench();
    expect(bench.registry.find('example.com', 'v1', 'widgets')).toBeUndefined();
    bench.define(widgetDefinition());
    expect(bench.registry.find('example.com', 'v1', 'widgets')).toMatchObject({
      kind: 'Widget',
      isCustom: true,
      storageKey: 'example.com/widgets',
      definition: 'com.example.v1.Widget',
      verbs: ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'],
    });
    bench.store.remove('apiextensions.k8s.io/customresourcedefinitions', undefined, 'widgets.example.com');
    expect(bench.registry.find('example.com', 'v1', 'widgets')).toBeUndefined();
  });

  test('have the subresources, columns and selectable fields of each version', () => {
    const bench = createBench();
    const column = { name: 'Size', type: 'integer', jsonPath: '.spec.size' };
    const scale = { specReplicasPath: '.spec.size', statusReplicasPath: '.status.size' };
    const subresources = { status: {}, scale };
    const selectableFields = [{ jsonPath: '.spec.size' }];
    bench.define(
      widgetDefinition({
        versions: [
          { name: 'v1', subresources, additionalPrinterColumns: [column], selectableFields },
          { name: 'v1beta1', deprecated: true },
        ],
      }),
    );
    const current = bench.registry.find('example.com', 'v1', 'widgets');
    expect(current?.subresources.map(({ name, kind }) => [name, kind.kind])).toEqual([
      ['status', 'Widget'],
      ['scale', 'Scale'],
    ]);
    expect(current?.printerColumns).toEqual([column]);
    expect(current?.selectableFields).toEqual(['spec.size']);
    expect(current && bench.registry.scalePathsOf(current)).toEqual(scale);
    const old = bench.registry.find('example.com', 'v1beta1', 'widgets');
    expect(old?.subresources).toEqual([]);
    expect(old?.deprecationWarning).toBe('example.com/v1beta1 Widget is deprecated');
  });

  test('are not served in versions that say so', () => {
    const bench = createBench();
    bench.define(widgetDefinition({ versions: [{ name: 'v1' }, { name: 'v2', served: false }] }));
    expect(bench.registry.find('example.com', 'v2', 'widgets')).toBeUndefined();
  });

  test('have the schema of their version, with the metadata that all objects have', () => {
    const bench = createBench();
    bench.define(widgetDefinition());
    const schemas = createSchemas(bench.registry);
    const schema = schemas.schemaOf({ group: 'example.com', version: 'v1', kind: 'Widget' });
    expect(schema?.properties?.spec?.properties?.size).toEqual({ type: 'integer' });
    const metadata = schema?.properties?.metadata;
    expect(Object.keys((metadata && schemas.resolve(metadata).properties) ?? {})).toContain('labels');
  });
});

test('versions are ordered by stability, then by number, then by name', () => {
  const versions = ['foo', 'v1alpha1', 'v10', 'v2', 'v1beta2', 'v11beta1', 'bar', 'v1'];
  expect(versions.sort(compareVersions)).toEqual([
    'v10',
    'v2',
    'v1',
    'v11beta1',
    'v1beta2',
    'v1alpha1',
    'bar',
    'foo',
  ]);
});
