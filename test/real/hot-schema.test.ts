import { describe, expect, it } from 'vitest';
import { atEnd } from './support/at-end.ts';
import { createWidgets, type CustomKind } from './support/custom-kind.ts';
import { subscribeOverSse } from './support/event-stream.ts';
import { at, listAt, textAt } from './support/exact-json.ts';
import { startGateway, type TestGateway } from './support/gateway.ts';
import { createNamespace, openSuite } from './support/suite.ts';

const { cluster, kubectl, gateway: admin } = await openSuite({ followCatalog: true });
const viewer = await startGateway({ kubeconfig: cluster.viewerKubeconfig, followCatalog: true });
atEnd(() => viewer.close());

/** Longer than it ever takes: how soon a change shows is for the benchmark to say. */
const SHOWN = { timeout: 60_000 };

/** The fields of a kind's spec as introspection shows them, which names nothing unknown; undefined for no such kind. */
async function specFields(
  gateway: TestGateway,
  { typeName }: CustomKind,
): Promise<readonly string[] | undefined> {
  const data = await gateway.data('query ($name: String!) { __type(name: $name) { fields { name } } }', {
    name: `${typeName}Spec`,
  });
  const isThere = at(data, '__type') !== null;
  return isThere ? listAt(data, '__type', 'fields').map((field) => textAt(field, 'name')) : undefined;
}

async function addField({ group }: CustomKind, name: string): Promise<void> {
  const path = `/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/${name}`;
  const patch = JSON.stringify([{ op: 'add', path, value: { type: 'string' } }]);
  await kubectl.run(['patch', 'crd', `widgets.${group}`, '--type=json', '-p', patch]);
}

/** The watches on definitions and API services that a gateway has asked for. */
function watchesOf({ calls }: TestGateway): readonly string[] {
  return calls
    .filter(
      ({ mode, path }) => mode === 'stream' && /\/(?:customresourcedefinitions|apiservices)$/.test(path),
    )
    .map(({ path }) => path);
}

describe.each([
  ['who may watch definitions', admin],
  ['who may not', viewer],
])('a definition, for somebody %s,', (_, gateway) => {
  it('shows when it is installed, changed and removed, without anybody asking for it', async () => {
    await gateway.data('{ version { major } }');
    const widgets = await createWidgets(kubectl);
    await expect.poll(() => specFields(gateway, widgets), SHOWN).toContain('text');
    expect(await specFields(gateway, widgets)).not.toContain('added');
    await addField(widgets, 'added');
    await expect.poll(() => specFields(gateway, widgets), SHOWN).toContain('added');
    const document = `{ ${widgets.list}(namespace: "default") { items { spec { text added } } } }`;
    const codes = async (): Promise<readonly unknown[]> =>
      (await gateway.ask(document)).errors.map(({ extensions }) => extensions?.['code']);
    // While the API server's index is behind its documents, introspection may know of a change before a document does.
    // The viewer may not list them, but the document is good.
    await expect.poll(codes, SHOWN).toEqual(gateway === viewer ? ['FORBIDDEN'] : []);
    await kubectl.run(['delete', 'crd', `widgets.${widgets.group}`]);
    await expect.poll(() => specFields(gateway, widgets), SHOWN).toBeUndefined();
    await expect.poll(codes, SHOWN).toEqual(['GRAPHQL_VALIDATION_FAILED']);
  });
});

it('definitions are watched by whoever may, and by nobody else', () => {
  expect(new Set(watchesOf(admin))).toEqual(
    new Set([
      '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
      '/apis/apiregistration.k8s.io/v1/apiservices',
    ]),
  );
  expect(watchesOf(viewer)).toEqual([]);
});

it('a subscription on another kind notices nothing of all that', async () => {
  const namespace = await createNamespace(kubectl);
  const stream = await subscribeOverSse(
    admin.url,
    `subscription { pods(namespace: "${namespace}") { type cursor object { metadata { name } } } }`,
  );
  atEnd(() => stream.close());
  await stream.snapshot();
  const widgets = await createWidgets(kubectl);
  await expect.poll(() => specFields(admin, widgets), SHOWN).toContain('text');
  await kubectl.run(['delete', 'crd', `widgets.${widgets.group}`]);
  await expect.poll(() => specFields(admin, widgets), SHOWN).toBeUndefined();
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'after' },
    spec: { containers: [{ name: 'main', image: 'none' }] },
  };
  await kubectl.create(namespace, pod);
  expect(await stream.event()).toMatchObject({ type: 'ADDED', object: { metadata: { name: 'after' } } });
});

it('no gateway has failed inside', () => {
  expect([...admin.defects, ...viewer.defects]).toEqual([]);
});
