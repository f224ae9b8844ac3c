import { describe, expect, it } from 'vitest';
import { at, textAt } from '../real/support/exact-json.ts';
import { admin, PATCH, type Query } from './support/api.ts';
import { newNamespace } from './support/namespace.ts';
import { bodyOf, configMap, created, unscheduledPod } from './support/objects.ts';
import { newTopics } from './support/topics.ts';
import { STREAMING_LIST, typesAndNames, watch } from './support/watch.ts';
import { newWidgets } from './support/widgets.ts';

const widgets = await newWidgets();
const namespace = await newNamespace();
const MAPS = `/api/v1/namespaces/${namespace}/configmaps`;
const PODS = `/api/v1/namespaces/${namespace}/pods`;
const WIDGETS = widgets.path(namespace);
const FUTURE = '9007199254740993';
const SOON = { timeoutSeconds: 1 };
const newTopic = newTopics(MAPS);

async function newestVersion(path = MAPS): Promise<string> {
  return textAt(bodyOf(await admin.get(path)), 'metadata', 'resourceVersion');
}

describe('a watch', () => {
  it('begins with what is there, and goes on with what changes', async () => {
    const { labelSelector, create, path, name } = newTopic();
    await create('a');
    await create('b');
    const stream = await watch(MAPS, { query: { labelSelector } });
    const initial = [await stream.next(), await stream.next()].map(
      (frame) => `${frame?.type} ${frame?.name}`,
    );
    expect(initial.toSorted()).toEqual([`ADDED ${name('a')}`, `ADDED ${name('b')}`]);
    await create('c');
    await admin.patch(path('a'), PATCH.merge, { data: { k: 'v' } });
    await admin.delete(path('b'));
    const live = await stream.until(({ type }) => type === 'DELETED');
    expect(typesAndNames(live)).toEqual([
      `ADDED ${name('c')}`,
      `MODIFIED ${name('a')}`,
      `DELETED ${name('b')}`,
    ]);
  });

  it('from a resource version tells only what came later', async () => {
    const { labelSelector, create, name } = newTopic();
    await create('a');
    const resourceVersion = await newestVersion();
    await create('b');
    const stream = await watch(MAPS, { query: { labelSelector, resourceVersion } });
    expect(await stream.next()).toMatchObject({ type: 'ADDED', name: name('b') });
  });

  it('tells a deletion with a new resource version and the last state', async () => {
    const { labelSelector, create, path } = newTopic();
    const object = await create('a', { k: 'v' });
    const stream = await watch(MAPS, { query: { labelSelector, resourceVersion: await newestVersion() } });
    await admin.delete(path('a'));
    const frame = await stream.next();
    expect(frame).toMatchObject({
      type: 'DELETED',
      object: { kind: 'ConfigMap', apiVersion: 'v1', data: { k: 'v' } },
    });
    const [before, after] = [object, frame?.object].map((value) =>
      BigInt(textAt(value, 'metadata', 'resourceVersion')),
    );
    expect(after).toBeGreaterThan(before ?? 0n);
  });

  it('ends cleanly when its time is over', async () => {
    const stream = await watch(MAPS, { query: { ...newTopicQuery(), ...SOON } });
    expect(await stream.rest()).toEqual([]);
  });

  it('of one object goes by its name', async () => {
    const { create, name, path } = newTopic();
    await create('a');
    await create('b');
    const stream = await watch(MAPS, { query: { fieldSelector: `metadata.name=${name('b')}` } });
    expect(await stream.next()).toMatchObject({ type: 'ADDED', name: name('b') });
    await admin.patch(path('a'), PATCH.merge, { data: { k: '1' } });
    await admin.patch(path('b'), PATCH.merge, { data: { k: '2' } });
    expect(await stream.next()).toMatchObject({ type: 'MODIFIED', name: name('b') });
  });

  it('at the address of one object is no watch', async () => {
    const { create, path } = newTopic();
    await create('a');
    expect((await admin.get(path('a'), { watch: true })).json).toMatchObject({ kind: 'ConfigMap' });
  });

  it('of metadata takes the single form', async () => {
    const { labelSelector, create } = newTopic();
    await create('a', { k: 'v' });
    const accept = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json';
    const frame = await (await watch(MAPS, { query: { labelSelector }, accept })).next();
    expect(frame).toMatchObject({
      type: 'ADDED',
      object: { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1' },
    });
    expect(frame?.object).not.toHaveProperty('data');
  });

  it('of a table has its columns in the first event alone', async () => {
    const { labelSelector, create } = newTopic();
    await create('a');
    await create('b');
    const stream = await watch(MAPS, {
      query: { labelSelector },
      accept: 'application/json;as=Table;g=meta.k8s.io;v=v1',
    });
    const [first, second] = [await stream.next(), await stream.next()];
    expect(at(first?.object, 'columnDefinitions', 0, 'name')).toBe('Name');
    expect(at(second?.object, 'columnDefinitions')).toBeNull();
    expect(first?.object).toMatchObject({
      kind: 'Table',
      rows: [{ object: { kind: 'PartialObjectMetadata' } }],
    });
  });

  it('writes custom objects alphabetically, and type before object', async () => {
    await created(WIDGETS, widgets.object('order', { size: 1 }));
    const frame = await (await watch(WIDGETS, { query: { fieldSelector: 'metadata.name=order' } })).next();
    expect(frame?.text).toMatch(
      /^\{"type":"ADDED","object":\{"apiVersion":.*"kind":"Widget","metadata":\{"creationTimestamp":/,
    );
  });

  it('is plain JSON, line by line, and not compressed', async () => {
    const stream = await watch(MAPS, { query: { ...SOON }, headers: { 'accept-encoding': 'gzip' } });
    expect(stream.headers['content-type']).toBe('application/json');
    expect(stream.headers['content-encoding']).toBeUndefined();
    expect((await stream.rest()).length).toBeGreaterThan(0);
  });
});

describe('a selector on a watch', () => {
  it('makes an object that enters ADDED, and one that leaves DELETED with its former content', async () => {
    const { create, path, label } = newTopic();
    const stream = await watch(MAPS, {
      query: { labelSelector: `topic=${label.topic},sel=on`, resourceVersion: await newestVersion() },
    });
    await create('a', { v: '1' });
    await admin.patch(path('a'), PATCH.merge, { metadata: { labels: { sel: 'on' } }, data: { v: '2' } });
    expect(await stream.next()).toMatchObject({ type: 'ADDED', object: { data: { v: '2' } } });
    const left = bodyOf(
      await admin.patch(path('a'), PATCH.merge, { metadata: { labels: { sel: 'off' } }, data: { v: '3' } }),
    );
    expect(await stream.next()).toMatchObject({
      type: 'DELETED',
      object: {
        data: { v: '2' },
        metadata: { labels: { sel: 'on' }, resourceVersion: at(left, 'metadata', 'resourceVersion') },
      },
    });
  });

  it('works on fields', async () => {
    const stream = await watch(PODS, {
      query: { fieldSelector: 'spec.restartPolicy=Never', resourceVersion: await newestVersion(PODS) },
    });
    await created(PODS, unscheduledPod('always'));
    await created(PODS, unscheduledPod('never', { restartPolicy: 'Never' }));
    expect(await stream.next()).toMatchObject({ type: 'ADDED', name: 'never' });
  });
});

describe('a resource version that the server does not have', () => {
  it.each([
    ['config maps', () => MAPS, /^too old resource version: 1 \(\d+\)$/],
    ['custom objects', () => WIDGETS, /^too old resource version: 1 \(\d+\)$/],
    [
      'events, which have no cache',
      () => `/api/v1/namespaces/${namespace}/events`,
      /^The resourceVersion for the provided watch is too old\.$/,
    ],
  ])('because it is too old is an error in the stream, and its end: %s', async (_, path, message) => {
    const stream = await watch(path(), { query: { resourceVersion: 1 } });
    const frames = await stream.rest();
    expect(frames).toHaveLength(1);
    expect(frames[0]).toMatchObject({
      type: 'ERROR',
      object: { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'Expired', code: 410 },
    });
    expect(textAt(frames[0]?.object, 'message')).toMatch(message);
  });

  it('because it lies in the future is silence', async () => {
    const stream = await watch(MAPS, { query: { resourceVersion: FUTURE, ...SOON } });
    await created(MAPS, configMap('unseen'));
    expect(await stream.rest()).toEqual([]);
  });

  it('because it lies in the future is an error in the stream of a streaming list', async () => {
    const stream = await watch(MAPS, { query: { ...STREAMING_LIST, resourceVersion: FUTURE } });
    expect(await stream.next()).toMatchObject({
      type: 'ERROR',
      object: { reason: 'Timeout', code: 504, details: { causes: [{ reason: 'ResourceVersionTooLarge' }] } },
    });
  });

  it('because it is no number is 500 without a reason', async () => {
    const { status, json } = await admin.get(MAPS, { watch: true, resourceVersion: 'newest' });
    expect(status).toBe(500);
    expect(json).toMatchObject({ kind: 'Status', status: 'Failure', code: 500 });
    expect(json).not.toHaveProperty('reason');
  });
});

function newTopicQuery(): Query {
  return {
    labelSelector: newTopic().labelSelector,
    resourceVersion: 0,
    sendInitialEvents: false,
    resourceVersionMatch: 'NotOlderThan',
  };
}
