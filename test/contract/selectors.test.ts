import { describe, expect, it } from 'vitest';
import { at, listAt, textAt } from '../real/support/exact-json.ts';
import { admin } from './support/api.ts';
import { newNamespace } from './support/namespace.ts';
import { bodyOf, configMap, created, unscheduledPod } from './support/objects.ts';
import { newWidgets } from './support/widgets.ts';

const widgets = await newWidgets();
const namespace = await newNamespace();
const PATH = `/api/v1/namespaces/${namespace}`;
const labelled: Readonly<Record<string, Record<string, string>>> = {
  one: { app: 'web', tier: 'a', weight: '1' },
  two: { app: 'web', tier: 'b', weight: '5' },
  three: { app: 'db', weight: '9' },
  four: { 'example.com/team': 'x', empty: '' },
};
for (const [name, labels] of Object.entries(labelled)) {
  await created(`${PATH}/configmaps`, configMap(name, {}, { labels }));
}
for (const [name, type] of [
  ['s1', 'Opaque'],
  ['s2', 'example.com/own'],
]) {
  await created(`${PATH}/secrets`, { apiVersion: 'v1', kind: 'Secret', metadata: { name }, type });
}
await created(`${PATH}/pods`, unscheduledPod('p1', { restartPolicy: 'Never' }));
await created(`${PATH}/pods`, unscheduledPod('p2'));
for (const [name, mode] of [
  ['w1', 'Fast'],
  ['w2', 'Slow'],
  ['w3', undefined],
] as const) {
  await created(widgets.path(namespace), widgets.object(name, { mode }));
}

async function selected(path: string, query: { labelSelector?: string; fieldSelector?: string }) {
  return listAt(bodyOf(await admin.get(path, query)), 'items').map((item) =>
    textAt(item, 'metadata', 'name'),
  );
}

describe('label selectors', () => {
  it.each([
    ['app=web', ['one', 'two']],
    ['app==web', ['one', 'two']],
    ['app!=web', ['four', 'kube-root-ca.crt', 'three']],
    ['app in (web,db)', ['one', 'three', 'two']],
    ['app notin (web)', ['four', 'kube-root-ca.crt', 'three']],
    ['app', ['one', 'three', 'two']],
    ['!app', ['four', 'kube-root-ca.crt']],
    ['weight>4', ['three', 'two']],
    ['weight<5', ['one']],
    ['app=web,tier=b', ['two']],
    ['app=web,tier!=b', ['one']],
    ['example.com/team=x', ['four']],
    ['empty=', ['four']],
    ['empty', ['four']],
    ['', ['four', 'kube-root-ca.crt', 'one', 'three', 'two']],
  ])('%s', async (labelSelector, names) => {
    expect(await selected(`${PATH}/configmaps`, { labelSelector })).toEqual(names);
  });

  it.each(['app in web', 'app=a=b', '!', 'app in (', '-bad=x', `app=${'x'.repeat(64)}`])(
    'refuses %s',
    async (labelSelector) => {
      expect(await admin.get(`${PATH}/configmaps`, { labelSelector })).toMatchObject({
        status: 400,
        json: { kind: 'Status', reason: 'BadRequest' },
      });
    },
  );
});

describe('field selectors', () => {
  it.each([
    ['configmaps', 'metadata.name=one', ['one']],
    ['configmaps', 'metadata.name==one', ['one']],
    ['configmaps', 'metadata.name!=kube-root-ca.crt,metadata.name!=one', ['four', 'three', 'two']],
    ['configmaps', 'metadata.namespace=elsewhere', []],
    ['secrets', 'type=Opaque', ['s1']],
    ['secrets', 'type!=Opaque', ['s2']],
    ['pods', 'spec.restartPolicy=Never', ['p1']],
    ['pods', 'status.phase=Pending', ['p1', 'p2']],
    ['pods', 'spec.nodeName=', ['p1', 'p2']],
    ['pods', 'spec.schedulerName=none,metadata.name=p2', ['p2']],
    ['configmaps', 'metadata.name=a\\,b', []],
  ])('%s by %s', async (resource, fieldSelector, names) => {
    expect(await selected(`${PATH}/${resource}`, { fieldSelector })).toEqual(names);
  });

  it('work on what a definition declares selectable', async () => {
    expect(await selected(widgets.path(namespace), { fieldSelector: 'spec.mode=Fast' })).toEqual(['w1']);
    expect(await selected(widgets.path(namespace), { fieldSelector: 'spec.mode=' })).toEqual(['w3']);
  });

  it.each([
    [
      'configmaps',
      'data.k=v',
      '"data.k" is not a known field selector: only "metadata.name", "metadata.namespace"',
    ],
    ['pods', 'spec.foo=x', 'field label not supported: spec.foo'],
    ['pods', 'metadata.name', /^invalid selector: 'metadata\.name'/],
  ])('of %s do not include %s', async (resource, fieldSelector, message) => {
    const { status, json } = await admin.get(`${PATH}/${resource}`, { fieldSelector });
    expect(status).toBe(400);
    expect(at(json, 'reason')).toBe('BadRequest');
    expect(textAt(json, 'message')).toMatch(message);
  });

  it('of a custom kind include nothing that is not declared', async () => {
    const { status, json } = await admin.get(widgets.path(namespace), { fieldSelector: 'spec.size=1' });
    expect({ status, message: at(json, 'message') }).toEqual({
      status: 400,
      message: 'field label not supported: spec.size',
    });
  });

  it('of cluster-wide kinds do not include the namespace', async () => {
    expect((await admin.get('/api/v1/nodes', { fieldSelector: 'metadata.namespace=x' })).status).toBe(400);
  });

  it('are refused in a watch before it starts', async () => {
    expect((await admin.get(`${PATH}/pods`, { watch: true, fieldSelector: 'spec.foo=x' })).status).toBe(400);
  });
});
