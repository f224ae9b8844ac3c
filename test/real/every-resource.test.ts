import { atEnd } from './support/at-end.ts';
import { getNamedType, type GraphQLObjectType, isObjectType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createApiClient } from '../cluster/api.ts';
import { layoutOf } from '../cluster/layout.ts';
import { clusterWideNames, clusterWideObjects, namespacedObjects } from './support/built-in-objects.ts';
import { seedCustomObjects } from './support/custom-objects.ts';
import { at, type Exact, listAt, textAt } from './support/exact-json.ts';
import { fieldNames } from './support/field-names.ts';
import { introspectedSchema } from './support/introspect.ts';
import { apiVersionOf, pathOf, servedResources, type ServedResource } from './support/resources.ts';
import { everythingIn, printSelection, selected, type Selection } from './support/selection.ts';
import { openSuite } from './support/suite.ts';

/** Fields in one document; the parser takes 5,000 tokens. */
const MAX_FIELDS = 2_000;

const { cluster, kubectl, gateway, namespace } = await openSuite();
const api = await createApiClient(layoutOf(cluster.dir), cluster.server);
atEnd(() => api.close());
await kubectl.create(namespace, ...namespacedObjects(namespace), ...clusterWideObjects(namespace));
atEnd(() => kubectl.delete(...clusterWideNames(namespace)));

const seeded = await seedCustomObjects(api, kubectl, namespace);
atEnd(() => seeded.remove());

const resources = (await servedResources(kubectl)).filter(({ verbs }) => verbs.includes('list'));
const fieldsOf = await fieldNames(gateway);

const schema = await introspectedSchema(gateway);

const compared = new Set<string>();

describe('every resource that can be listed, its objects compared with kubectl', () => {
  it.each(resources.map((resource) => [`${resource.name}.${apiVersionOf(resource)}`, resource] as const))(
    '%s: all of them, whole, each typed field, metadata alone, how many; one namespace; by selectors; page by page; one by name',
    async (_, resource) => {
      const fields = fieldsOf(resource);
      const selection = everythingIn(itemTypeOf(fields.list), MAX_FIELDS);
      const { items, expected } = await readBoth(resource, `{ raw ${printSelection(selection).slice(1)}`);
      expect(items.map((item) => at(item, 'raw'))).toEqual(expected);
      expect(items).toEqual(
        expected.map((item) => ({ raw: item, ...(selected(selection, item) as object) })),
      );
      const [example] = expected;
      await compareMetadata(resource, selection);
      await compareCount(resource);
      if (example === undefined) return;
      compared.add(pathOf(resource));
      await compareNamespace(resource, example);
      await compareSelected(resource, example);
      await comparePages(resource, expected.length);
      if (fields.get !== undefined) await compareOne(resource, fields.get, example, selection);
    },
  );

  it('are there for nearly all custom kinds', () => {
    const total = seeded.kinds.length + seeded.refused.size;
    const reasons = [...seeded.refused].map(([kind, reason]) => `\n  ${kind}: ${reason.slice(0, 160)}`);
    process.stdout.write(
      `objects of ${seeded.kinds.length} of ${total} custom kinds; none of:${reasons.join('')}\n`,
    );
    process.stdout.write(`${compared.size} of ${resources.length} resources had objects\n`);
    expect(compared.size).toBeGreaterThan(resources.length * 0.8);
    expect(seeded.kinds.length).toBeGreaterThan(total * 0.8);
  });
});

function itemTypeOf(listField: string | undefined): GraphQLObjectType {
  const connection = getNamedType(schema.getQueryType()?.getFields()[String(listField)]?.type);
  const type = isObjectType(connection) ? getNamedType(connection.getFields()['items']?.type) : undefined;
  if (isObjectType(type)) return type;
  throw new Error(`the schema has no type for the items of ${listField}`);
}

/** A list from the gateway, and from kubectl in exactly the same state. */
async function readBoth(
  resource: ServedResource,
  selection: string,
  inNamespace?: string,
  nameAt = ['raw', 'metadata', 'name'],
) {
  const args = inNamespace === undefined ? '' : `(namespace: "${inNamespace}")`;
  const { list } = fieldsOf(resource);
  const answer = await gateway.data(`{ list: ${list}${args} { items ${selection} resourceVersion } }`);
  const resourceVersion = at(answer, 'list', 'resourceVersion')
    ? textAt(answer, 'list', 'resourceVersion')
    : '';
  // Lists that are computed on each read have no state to ask for, and no order.
  const query = resourceVersion ? `?resourceVersionMatch=Exact&resourceVersion=${resourceVersion}` : '';
  const order = (items: readonly Exact[], ...name: string[]) =>
    resourceVersion ? items : items.toSorted((a, b) => textAt(a, ...name).localeCompare(textAt(b, ...name)));
  // Items of built-in lists come without apiVersion and kind.
  const identity = { kind: resource.kind, apiVersion: apiVersionOf(resource) };
  const items = listAt(await kubectl.raw(pathOf(resource, inNamespace) + query), 'items');
  return {
    items: order(listAt(answer, 'list', 'items'), ...nameAt),
    expected: order(
      items.map((item) => ({ ...identity, ...(item as object) })),
      'metadata',
      'name',
    ),
  };
}

/** What is read as metadata alone. Whole objects are read for annotations. */
function metadataIn({ metadata }: Selection): Selection {
  const { annotations: _, ...rest } = metadata ?? {};
  return { kind: null, metadata: rest };
}

/** Metadata alone comes in a form of its own: in protobuf, unless `fieldsV1` is selected, which is JSON in any form. */
async function compareMetadata(resource: ServedResource, everything: Selection): Promise<void> {
  const whole = metadataIn(everything);
  const { fieldsV1: _, ...managedFields } = whole['metadata']?.['managedFields'] ?? {};
  const inProtobuf = { ...whole, metadata: { ...whole['metadata'], managedFields } };
  const nameAt = ['metadata', 'name'];
  for (const selection of [whole, inProtobuf]) {
    const { items, expected } = await readBoth(resource, printSelection(selection), undefined, nameAt);
    expect(items).toEqual(expected.map((item) => selected(selection, item)));
  }
}

async function compareCount(resource: ServedResource): Promise<void> {
  const { list } = fieldsOf(resource);
  await expect
    .poll(async () => {
      const answer = await gateway.data(`{ list: ${list} { remainingItemCount } }`);
      const all = listAt(await kubectl.raw(pathOf(resource)), 'items').length;
      return [Number(at(answer, 'list', 'remainingItemCount')), all] as const;
    })
    .toSatisfy(([answered, expected]: readonly [number, number]) => {
      expect(answered).toBe(expected);
      return true;
    });
}

async function compareNamespace(resource: ServedResource, example: Exact): Promise<void> {
  if (!resource.namespaced) return;
  const { items, expected } = await readBoth(resource, '{ raw }', textAt(example, 'metadata', 'namespace'));
  expect(items).toEqual(expected.map((raw) => ({ raw })));
}

/** By name, and by a label that nothing has: the API server selects, so both must be handed on as they are. */
async function compareSelected(resource: ServedResource, example: Exact): Promise<void> {
  const selectors = {
    fieldSelector: `metadata.name=${textAt(example, 'metadata', 'name')}`,
    labelSelector: '!kubegraph.dev/nothing-has-this',
  };
  for (const [argument, selector] of Object.entries(selectors)) {
    await expectSameNames(
      async () => namesIn(await listNames(resource, `${argument}: "${selector}"`)),
      `${pathOf(resource)}?${argument}=${encodeURIComponent(selector)}`,
    );
  }
}

async function comparePages(resource: ServedResource, count: number): Promise<void> {
  const first = Math.max(1, Math.ceil(count / 3));
  await expectSameNames(async () => {
    const names: string[] = [];
    let after = '';
    do {
      const list = await listNames(resource, `first: ${first}${after && `, after: "${after}"`}`);
      names.push(...namesIn(list));
      after = at(list, 'pageInfo', 'hasNextPage') === true ? textAt(list, 'pageInfo', 'endCursor') : '';
    } while (after !== '');
    return names;
  }, pathOf(resource));
}

async function listNames(resource: ServedResource, args: string): Promise<Exact> {
  const { list } = fieldsOf(resource);
  const selection = 'items { metadata { namespace name } } pageInfo { hasNextPage endCursor }';
  const answer = at(await gateway.data(`{ list: ${list}(${args}) { ${selection} } }`), 'list');
  if (answer === undefined) throw new Error(`${list} has no answer`);
  return answer;
}

function namesIn(list: Exact): readonly string[] {
  return listAt(list, 'items').map((item) => {
    const namespace = at(item, 'metadata', 'namespace');
    return `${typeof namespace === 'string' ? namespace : ''}/${textAt(item, 'metadata', 'name')}`;
  });
}

/** Objects come and go while the suites run: again, until nothing happened in between. */
async function expectSameNames(
  answered: () => Promise<readonly string[]>,
  kubectlPath: string,
): Promise<void> {
  await expect
    .poll(async () => [await answered(), namesIn(await kubectl.raw(kubectlPath))] as const)
    .toSatisfy(([names, expected]: readonly [readonly string[], readonly string[]]) => {
      expect(names.toSorted()).toEqual(expected.toSorted());
      return true;
    });
}

async function compareOne(
  resource: ServedResource,
  getField: string,
  example: Exact,
  everything: Selection,
): Promise<void> {
  const alone = metadataIn(everything);
  const name = textAt(example, 'metadata', 'name');
  const inNamespace = resource.namespaced ? textAt(example, 'metadata', 'namespace') : undefined;
  const args = `name: "${name}"${inNamespace === undefined ? '' : `, namespace: "${inNamespace}"`}`;
  // Leases and nodes change all the time: again, until nothing happened in between.
  await expect
    .poll(async () => {
      const fields = `one: ${getField}(${args}) { raw } alone: ${getField}(${args}) ${printSelection(alone)}`;
      const answer = await gateway.data(`{ ${fields} }`);
      const whole = await kubectl.raw(pathOf(resource, inNamespace, name));
      return [answer, { one: { raw: whole }, alone: selected(alone, whole) }];
    })
    .toSatisfy(([answered, expected]: readonly [Exact, Exact]) => {
      expect(answered).toEqual(expected);
      return true;
    });
}
