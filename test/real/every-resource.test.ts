import { getNamedType, isObjectType } from 'graphql';
import { afterAll, describe, expect, it } from 'vitest';
import { createApiClient } from '../cluster/api.ts';
import { layoutOf } from '../cluster/layout.ts';
import { clusterWideNames, clusterWideObjects, namespacedObjects } from './support/built-in-objects.ts';
import { seedCustomObjects } from './support/custom-objects.ts';
import { at, type Exact, listAt, textAt } from './support/exact-json.ts';
import { fieldNames } from './support/field-names.ts';
import { introspectedSchema } from './support/introspect.ts';
import { apiVersionOf, pathOf, servedResources, type ServedResource } from './support/resources.ts';
import { everythingIn, printSelection, selected } from './support/selection.ts';
import { openSuite } from './support/suite.ts';

/** Fields in one document; the parser takes 5,000 tokens. */
const MAX_FIELDS = 2_000;

const { cluster, kubectl, gateway, namespace } = await openSuite();
const api = await createApiClient(layoutOf(cluster.dir), cluster.server);
afterAll(() => api.close());
await kubectl.create(namespace, ...namespacedObjects(namespace), ...clusterWideObjects(namespace));
afterAll(() => kubectl.delete(...clusterWideNames(namespace)));
const seeded = await seedCustomObjects(api, kubectl, namespace);
afterAll(() => seeded.remove());

const resources = (await servedResources(kubectl)).filter(({ verbs }) => verbs.includes('list'));
const fieldsOf = await fieldNames(gateway);
const schema = await introspectedSchema(gateway);
const withObjects: ServedResource[] = [];

describe.each(resources.map((resource) => ({ label: `${resource.name}.${apiVersionOf(resource)}`, resource })))(
  '$label',
  ({ resource }) => {
    const fields = fieldsOf(resource);

    it('lists every object as kubectl does', async () => {
      const { items, expected } = await readBoth(resource, fields.list);
      expect(items).toEqual(expected);
      if (expected.length > 0) withObjects.push(resource);
    });

    it('answers every typed field with the value at its path', async () => {
      const type = getNamedType(schema.getQueryType()?.getFields()[String(fields.list)]?.type);
      const itemType = isObjectType(type) ? getNamedType(type.getFields()['items']?.type) : undefined;
      if (!isObjectType(itemType)) throw new Error(`the schema has no type for the items of ${fields.list}`);
      const selection = everythingIn(itemType, MAX_FIELDS);
      const list = await gateway.data(`{ list: ${fields.list} { items ${printSelection(selection)} resourceVersion } }`);
      const expected = await itemsAt(resource, pathOf(resource), at(list, 'list', 'resourceVersion'));
      expect(listAt(list, 'list', 'items')).toEqual(expected.map((item) => selected(selection, item)));
    });
  },
);

describe('one object and one namespace', () => {
  it('are answered as kubectl does, for every kind that has an object', async () => {
    const different: string[] = [];
    for (const resource of withObjects) {
      const problem = await compareOne(resource);
      if (problem !== undefined) different.push(`${apiVersionOf(resource)} ${resource.name}: ${problem}`);
    }
    expect(different).toEqual([]);
  });

  it('were compared for most custom kinds', () => {
    const total = seeded.kinds.length + seeded.refused.size;
    const reasons = [...seeded.refused].map(([kind, reason]) => `\n  ${kind}: ${reason.slice(0, 160)}`);
    process.stdout.write(`objects of ${seeded.kinds.length} of ${total} custom kinds; without:${reasons.join('')}\n`);
    process.stdout.write(`${withObjects.length} of ${resources.length} resources had objects\n`);
    expect(seeded.kinds.length).toBeGreaterThan(total / 2);
  });
});

/** A list from the gateway, and from kubectl at the same moment. */
async function readBoth(resource: ServedResource, field: string | undefined, inNamespace?: string) {
  const args = inNamespace === undefined ? '' : `(namespace: "${inNamespace}")`;
  const list = await gateway.data(`{ list: ${field}${args} { items { raw } resourceVersion } }`);
  const items = listAt(list, 'list', 'items').map((item) => at(item, 'raw'));
  const expected = await itemsAt(resource, pathOf(resource, inNamespace), at(list, 'list', 'resourceVersion'));
  return { items, expected };
}

/** The items of a list in one exact state. Items of built-in lists come without apiVersion and kind. */
async function itemsAt(resource: ServedResource, path: string, resourceVersion: Exact | undefined) {
  // Lists that are computed on each read have no state to ask for.
  const query = resourceVersion ? `?resourceVersionMatch=Exact&resourceVersion=${String(resourceVersion)}` : '';
  const list = await kubectl.raw(path + query);
  const identity = { kind: resource.kind, apiVersion: apiVersionOf(resource) };
  return listAt(list, 'items').map((item) => ({ ...identity, ...(item as object) })) as Exact[];
}

async function compareOne(resource: ServedResource): Promise<string | undefined> {
  const [example] = await itemsAt(resource, pathOf(resource), undefined);
  const name = textAt(example, 'metadata', 'name');
  const inNamespace = resource.namespaced ? textAt(example, 'metadata', 'namespace') : undefined;
  if (inNamespace !== undefined) {
    const { items, expected } = await readBoth(resource, fieldsOf(resource).list, inNamespace);
    if (!isSame(items, expected)) return `the list of namespace ${inNamespace} differs`;
  }
  if (!resource.verbs.includes('get')) return undefined;
  const args = `name: "${name}"${inNamespace === undefined ? '' : `, namespace: "${inNamespace}"`}`;
  // Leases and nodes change all the time: again, until nothing happened in between.
  for (let attempt = 0; attempt < 5; attempt++) {
    const answer = await gateway.data(`{ one: ${fieldsOf(resource).get}(${args}) { raw } }`);
    const expected = await kubectl.raw(pathOf(resource, inNamespace, name));
    if (isSame(at(answer, 'one', 'raw'), expected)) return undefined;
  }
  return `the object ${name} differs`;
}

function isSame(value: unknown, expected: unknown): boolean {
  try {
    expect(value).toEqual(expected);
    return true;
  } catch {
    return false;
  }
}
