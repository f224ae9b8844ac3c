import { describe, expect, test } from 'vitest';
import type { Document, Documents } from '../../../../demo/http/documents.ts';
import { createBench, widgetDefinition } from './support.ts';

function contentOf(document: Document | undefined): Record<string, unknown> {
  if (document === undefined) throw new Error('no such document');
  return JSON.parse(document.body.toString()) as Record<string, unknown>;
}

interface Discovered {
  readonly items: readonly {
    readonly metadata: { readonly name?: string };
    readonly versions: readonly {
      readonly version: string;
      readonly freshness: string;
      readonly resources: readonly Readonly<Record<string, unknown>>[];
    }[];
  }[];
}

describe('aggregated discovery', () => {
  const bench = createBench();
  bench.define(widgetDefinition({ versions: [{ name: 'v1' }, { name: 'v1beta1' }] }));
  const documents: Documents = bench.documents;
  const discovered = contentOf(documents.discovery('apis', 'aggregated')) as unknown as Discovered;
  const resourcesOf = (group: string): readonly Readonly<Record<string, unknown>>[] =>
    discovered.items.find(({ metadata }) => metadata.name === group)?.versions[0]?.resources ?? [];

  test('has the content type that says what it is, and a quoted etag in capitals', () => {
    const { contentType, etag } = documents.discovery('apis', 'aggregated');
    expect(contentType).toBe('application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList');
    expect(etag).toMatch(/^"[0-9A-F]{128}"$/);
  });

  test('leaves group and version of built-in kinds empty, unless they are of another group', () => {
    const deployments = resourcesOf('apps').find(({ resource }) => resource === 'deployments');
    expect(deployments).toMatchObject({
      responseKind: { group: '', version: '', kind: 'Deployment' },
      subresources: [
        { subresource: 'scale', responseKind: { group: 'autoscaling', version: 'v1', kind: 'Scale' } },
        { subresource: 'status', responseKind: { group: '', version: '', kind: 'Deployment' } },
      ],
    });
  });

  test('says group and version of custom kinds', () => {
    expect(resourcesOf('example.com')[0]?.responseKind).toEqual({
      group: 'example.com',
      version: 'v1',
      kind: 'Widget',
    });
  });

  test('has versions best first', () => {
    const group = discovered.items.find(({ metadata }) => metadata.name === 'example.com');
    expect(group?.versions.map(({ version, freshness }) => `${version} ${freshness}`)).toEqual([
      'v1 Current',
      'v1beta1 Current',
    ]);
  });

  test('has core in its own half, without a name', () => {
    const core = contentOf(documents.discovery('api', 'aggregated')) as unknown as Discovered;
    expect(core.items.map(({ metadata }) => metadata)).toEqual([{}]);
  });

  test('has another etag when something else is served', () => {
    const before = documents.discovery('apis', 'aggregated').etag;
    bench.define(widgetDefinition({ plural: 'wheels', kind: 'Wheel' }));
    expect(documents.discovery('apis', 'aggregated').etag).not.toBe(before);
  });
});

describe('legacy discovery', () => {
  const bench = createBench();
  const documents: Documents = bench.documents;

  test('lists versions, groups and resources, without etags', () => {
    expect(contentOf(documents.discovery('api', 'legacy'))).toMatchObject({
      kind: 'APIVersions',
      versions: ['v1'],
      serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: '127.0.0.1:6443' }],
    });
    expect(contentOf(documents.discovery('apis', 'legacy')).kind).toBe('APIGroupList');
    expect(contentOf(documents.group('autoscaling'))).toMatchObject({
      kind: 'APIGroup',
      preferredVersion: { groupVersion: 'autoscaling/v2', version: 'v2' },
    });
    expect(documents.discovery('apis', 'legacy').etag).toBeUndefined();
  });

  test('names subresources behind their resource, and hashes the version that is stored', () => {
    const { resources } = contentOf(documents.groupVersion('apps', 'v1')) as {
      resources: { name: string }[];
    };
    expect(resources.find(({ name }) => name === 'deployments')).toMatchObject({
      storageVersionHash: '8aSe+NMegvE=',
    });
    expect(resources.find(({ name }) => name === 'deployments/scale')).toMatchObject({
      singularName: '',
      group: 'autoscaling',
      version: 'v1',
      kind: 'Scale',
    });
  });

  test('has nothing for what is not served', () => {
    expect(documents.group('example.com')).toBeUndefined();
    expect(documents.groupVersion('apps', 'v2')).toBeUndefined();
  });
});

describe('OpenAPI', () => {
  function hashOf(documents: Documents, path: string): string | undefined {
    const { paths } = contentOf(documents.openApiIndex()) as {
      paths: Record<string, { serverRelativeURL: string }>;
    };
    return paths[path]?.serverRelativeURL.split('?hash=')[1];
  }

  test('has an index of hashes, which are those of the documents', () => {
    const documents: Documents = createBench().documents;
    const document = documents.openApiDocument('apis/apps/v1');
    expect(hashOf(documents, 'apis/apps/v1')).toBe(document?.hash);
    expect(document?.etag).toBe(`"${document?.hash}"`);
    expect(documents.openApiIndex()).toMatchObject({ contentType: 'text/plain; charset=utf-8' });
    expect(documents.openApiDocument('apis/apps/v2')).toBeUndefined();
  });

  test('is the same at each start', () => {
    expect(createBench().documents.openApiIndex().body).toEqual(createBench().documents.openApiIndex().body);
  });

  test('changes with the schema of a custom kind, not with its status', () => {
    const bench = createBench();
    bench.define(widgetDefinition());
    const before = hashOf(bench.documents, 'apis/example.com/v1');
    const live = bench.definition('widgets.example.com');
    if (live === undefined) throw new Error('the definition is not there');
    const key = 'apiextensions.k8s.io/customresourcedefinitions';
    bench.store.replace(key, { ...live, metadata: { ...live.metadata, labels: { a: 'b' } } });
    expect(hashOf(bench.documents, 'apis/example.com/v1')).toBe(before);
    const openAPIV3Schema = { type: 'object', properties: { spec: { type: 'object' } } };
    const { spec } = widgetDefinition({ versions: [{ name: 'v1', schema: { openAPIV3Schema } }] });
    bench.store.replace(key, { ...live, spec });
    expect(hashOf(bench.documents, 'apis/example.com/v1')).not.toBe(before);
  });

  test('publishes a custom kind with its list, its selectable fields and what every object has', () => {
    const bench = createBench();
    const selectableFields = [{ jsonPath: '.spec.size' }];
    const port = { 'x-kubernetes-int-or-string': true };
    const openAPIV3Schema = {
      type: 'object',
      properties: { spec: { type: 'object', properties: { port } } },
    };
    bench.define(
      widgetDefinition({ versions: [{ name: 'v1', schema: { openAPIV3Schema }, selectableFields }] }),
    );
    const document = contentOf(bench.documents.openApiDocument('apis/example.com/v1'));
    const { schemas } = document.components as { schemas: Record<string, unknown> };
    expect(schemas['com.example.v1.Widget']).toMatchObject({
      properties: {
        metadata: {
          allOf: [{ $ref: '#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta' }],
        },
        spec: { properties: { port: { anyOf: [{ type: 'integer' }, { type: 'string' }] } } },
      },
      'x-kubernetes-group-version-kind': [{ group: 'example.com', version: 'v1', kind: 'Widget' }],
      'x-kubernetes-selectable-fields': [{ fieldPath: 'spec.size' }],
    });
    expect(schemas['com.example.v1.WidgetList']).toBeDefined();
    expect(document.info).toEqual({ title: 'Kubernetes CRD Swagger', version: 'v0.1.0' });
  });
});
