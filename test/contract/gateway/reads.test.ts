import { describe, expect, it } from 'vitest';
import { at, listAt, textAt } from '../../real/support/exact-json.ts';
import { admin } from '../support/api.ts';
import { gatewayAs } from '../support/gateway.ts';
import { newNamespace } from '../support/namespace.ts';
import { bodyOf, configMap, container, created, deployment } from '../support/objects.ts';
import { newWidgets } from '../support/widgets.ts';

const widgets = await newWidgets();
const namespace = await newNamespace();
const gateway = await gatewayAs();
const MAPS = `/api/v1/namespaces/${namespace}/configmaps`;
for (const name of ['a', 'b', 'c'])
  await created(MAPS, configMap(name, { k: name }, { labels: { which: name } }));
await created(
  `/apis/apps/v1/namespaces/${namespace}/deployments`,
  deployment('web', {
    template: {
      metadata: { labels: { app: 'web' } },
      spec: { containers: [container('main', { resources: { limits: { cpu: 0.5 } } })] },
    },
  }),
);
for (const [name, size] of [
  ['w1', '9007199254740993'],
  ['w2', '9223372036854775807'],
] as const) {
  const body = JSON.stringify(widgets.object(name, { size: 'SIZE', mode: 'Fast' })).replace('"SIZE"', size);
  expect((await admin.post(widgets.path(namespace), body)).status).toBe(201);
}

describe('a query', () => {
  it('reads one object', async () => {
    const data = await gateway.data(
      `{ configMap(namespace: "${namespace}", name: "a") { kind apiVersion metadata { name uid } data } }`,
    );
    const { json } = await admin.get(`${MAPS}/a`);
    expect(at(data, 'configMap')).toEqual({
      kind: 'ConfigMap',
      apiVersion: 'v1',
      metadata: { name: 'a', uid: at(json, 'metadata', 'uid') },
      data: { k: 'a' },
    });
  });

  it('answers null for what is not there', async () => {
    const { data } = await gateway.ask(`{ configMap(namespace: "${namespace}", name: "missing") { data } }`);
    expect(at(data, 'configMap')).toBeNull();
  });

  it('answers the whole object as the server does', async () => {
    const data = await gateway.data(`{ deployment(namespace: "${namespace}", name: "web") { raw } }`);
    const { metadata, spec } = bodyOf(
      await admin.get(`/apis/apps/v1/namespaces/${namespace}/deployments/web`),
    ) as { readonly metadata: { readonly uid: string }; readonly spec: object };
    expect(at(data, 'deployment', 'raw')).toMatchObject({
      kind: 'Deployment',
      metadata: { uid: metadata.uid },
      spec,
    });
  });

  it.each([
    ['labels', 'labelSelector: "which in (a,c)"', ['a', 'c']],
    ['a field', 'fieldSelector: "metadata.name=b"', ['b']],
  ])('selects by %s', async (_, argument, names) => {
    const data = await gateway.data(
      `{ configMaps(namespace: "${namespace}", ${argument}) { items { metadata { name } } } }`,
    );
    expect(listAt(data, 'configMaps', 'items').map((item) => at(item, 'metadata', 'name'))).toEqual(names);
  });

  it('reads several things at once, and nested values', async () => {
    const data = await gateway.data(`{
      configMaps(namespace: "${namespace}", labelSelector: "which") { items { data } }
      deployment(namespace: "${namespace}", name: "web") {
        spec { replicas template { spec { containers { name resources { limits } } } } }
      }
    }`);
    expect(listAt(data, 'configMaps', 'items')).toEqual([
      { data: { k: 'a' } },
      { data: { k: 'b' } },
      { data: { k: 'c' } },
    ]);
    expect(at(data, 'deployment', 'spec')).toEqual({
      replicas: 0,
      template: { spec: { containers: [{ name: 'main', resources: { limits: { cpu: '500m' } } }] } },
    });
  });

  it('pages by cursor', async () => {
    const page = (after: string) =>
      gateway.data(
        `{ configMaps(namespace: "${namespace}", labelSelector: "which", first: 2${after}) { items { metadata { name } } pageInfo { hasNextPage endCursor } } }`,
      );
    const first = await page('');
    const rest = await page(
      `, after: ${JSON.stringify(textAt(first, 'configMaps', 'pageInfo', 'endCursor'))}`,
    );
    const names = [first, rest].map((data) =>
      listAt(data, 'configMaps', 'items').map((item) => at(item, 'metadata', 'name')),
    );
    expect(names).toEqual([['a', 'b'], ['c']]);
    expect([first, rest].map((data) => at(data, 'configMaps', 'pageInfo', 'hasNextPage'))).toEqual([
      true,
      false,
    ]);
  });

  it('keeps every digit of a custom integer', async () => {
    const { text } = await gateway.ask(
      `{ ${widgets.fieldName}s(namespace: "${namespace}") { items { metadata { name } spec { size mode defaulted } } } }`,
    );
    expect(text).toContain('9007199254740993');
    expect(text).toContain('9223372036854775807');
  });

  it("tells the server's version", async () => {
    const { json } = await admin.get('/version');
    expect(await gateway.data('{ version { gitVersion major minor } }')).toEqual({
      version: { gitVersion: at(json, 'gitVersion'), major: at(json, 'major'), minor: at(json, 'minor') },
    });
  });
});

describe('an error', () => {
  it('stands at its path, and leaves the siblings alone', async () => {
    const { data, errors } = await gateway.ask(`{
      good: configMap(namespace: "${namespace}", name: "a") { data }
      bad: configMaps(namespace: "${namespace}", fieldSelector: "data.k=v") { items { data } }
    }`);
    expect(data).toEqual({ good: { data: { k: 'a' } }, bad: null });
    expect(errors).toMatchObject([
      { path: ['bad'], extensions: { kubernetes: { reason: 'BadRequest', code: 400 } } },
    ]);
  });
});
