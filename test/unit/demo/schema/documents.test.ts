import { describe, expect, test } from 'vitest';
import { builtInResources } from '../../../../demo/registry/built-in.ts';
import { builtInDocument } from '../../../../demo/schema/documents.ts';
import { packed } from '../../../../demo/schema/packed.ts';
import { isRecord } from '../../../../demo/schema/record.ts';
import type { Schema } from '../../../../demo/schema/schema.ts';
import { builtIn } from '../../../../demo/schema/unpack.ts';

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

function documentOf(group: string, version: string): Document {
  const resources = builtInResources().filter((each) => each.group === group && each.version === version);
  return builtInDocument({ group, version }, resources) as unknown as Document;
}

/** All values of `key`, anywhere. */
function valuesOf(value: unknown, key: string): readonly unknown[] {
  if (Array.isArray(value)) return value.flatMap((item) => valuesOf(item, key));
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([name, member]) => [
    ...(name === key ? [member] : []),
    ...valuesOf(member, key),
  ]);
}

describe('the packed schemas', () => {
  test('are small', () => {
    expect(packed.length).toBeLessThan(150_000);
  });

  test('have none of the texts of their source', () => {
    const texts = valuesOf(builtIn().definitions, 'description').filter((text) => typeof text === 'string');
    expect(texts).toEqual([]);
  });
});

describe("a built-in group-version's document", () => {
  test('has the operations of a resource, with action and kind', () => {
    const { paths } = documentOf('apps', 'v1');
    const path = paths['/apis/apps/v1/namespaces/{namespace}/deployments/{name}'] ?? {};
    expect(Object.keys(path)).toEqual(['get', 'put', 'delete', 'patch', 'parameters']);
    expect(path.patch).toMatchObject({
      operationId: 'patchAppsV1NamespacedDeployment',
      'x-kubernetes-action': 'patch',
      'x-kubernetes-group-version-kind': { group: 'apps', version: 'v1', kind: 'Deployment' },
    });
  });

  test('says that writes may ask for field validation, for which kubectl looks', () => {
    const { paths } = documentOf('', 'v1');
    const patch = paths['/api/v1/namespaces/{namespace}/configmaps/{name}']?.patch;
    expect(patch?.parameters).toContainEqual(
      expect.objectContaining({ name: 'fieldValidation', in: 'query' }),
    );
  });

  test('lists objects of all namespaces, and of cluster-wide kinds at one path only', () => {
    const { paths } = documentOf('', 'v1');
    expect(paths['/api/v1/pods']?.get).toMatchObject({ 'x-kubernetes-action': 'list' });
    expect(Object.keys(paths).filter((path) => path.endsWith('/nodes'))).toEqual(['/api/v1/nodes']);
  });

  test.each([
    ['attach', 'PodAttachOptions', ['container', 'stderr', 'stdin', 'stdout', 'tty']],
    ['exec', 'PodExecOptions', ['command', 'container', 'stderr', 'stdin', 'stdout', 'tty']],
    ['portforward', 'PodPortForwardOptions', ['ports']],
  ])('has %s as something to connect to', (name, kind, query) => {
    const item = documentOf('', 'v1').paths[`/api/v1/namespaces/{namespace}/pods/{name}/${name}`];
    expect(item?.get).toMatchObject({
      'x-kubernetes-action': 'connect',
      'x-kubernetes-group-version-kind': { group: '', version: 'v1', kind },
    });
    const parameters = item?.parameters as unknown as readonly {
      readonly in: string;
      readonly name: string;
    }[];
    expect(parameters.filter((each) => each.in === 'query').map((each) => each.name)).toEqual(query);
  });

  test('has no subresource that is not served', () => {
    const paths = Object.keys(documentOf('', 'v1').paths);
    expect(paths).toContain('/api/v1/namespaces/{namespace}/pods/{name}/binding');
    expect(paths.filter((path) => /\/(ephemeralcontainers|proxy|resize)/.test(path))).toEqual([]);
  });

  test.each(
    builtIn().groups.flatMap(({ group, versions }) =>
      versions.map(({ version }) => [group, version] as const),
    ),
  )('%s/%s has a definition for everything that it refers to', (group, version) => {
    const document = documentOf(group, version);
    const named = new Set(
      Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`),
    );
    const missing = valuesOf(document, '$ref').filter(
      (reference) => typeof reference === 'string' && !named.has(reference),
    );
    expect(missing).toEqual([]);
  });

  test('names core and itself where a definition belongs to every group', () => {
    const { schemas } = documentOf('apps', 'v1').components;
    const kinds =
      schemas['io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions']?.['x-kubernetes-group-version-kind'];
    expect(kinds?.map(({ group, version }) => `${group}/${version}`)).toEqual(['/v1', 'apps/v1']);
  });

  test('describes in our words what a newcomer looks at', () => {
    const { schemas } = documentOf('', 'v1').components;
    const container = schemas['io.k8s.api.core.v1.Container'];
    expect(container?.description).toMatch(/program/);
    expect(container?.properties?.image?.description).toMatch(/TAG/);
  });
});
