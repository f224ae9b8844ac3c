import { describe, expect, it } from 'vitest';
import { FrameQueue } from '../../../../demo/verbs/frame-queue.ts';
import { TestApi } from './support.ts';

const configmaps = { resource: 'configmaps' };
const MINUTE = 60_000;

async function put(
  api: TestApi,
  name: string,
  labels: Readonly<Record<string, string>> = {},
  data = '',
): Promise<void> {
  const body = { metadata: { name, labels }, data: { data } };
  const { status } = await api.update({ ...configmaps, name, body });
  if (status === 404) await api.create({ ...configmaps, body });
}

describe('where a watch begins', () => {
  it.each(['', 'resourceVersion=0'])('with %j: at what is there', async (query) => {
    const api = new TestApi();
    await put(api, 'a');
    const watch = await api.watch({ ...configmaps, query });
    expect(await watch.next()).toEqual(['ADDED a@3']);
    await put(api, 'b');
    expect(await watch.next()).toEqual(['ADDED b@4']);
  });

  it('marks the end of what is there, if bookmarks are allowed', async () => {
    const api = new TestApi();
    await put(api, 'a');
    const watch = await api.watch({ ...configmaps, query: 'allowWatchBookmarks=true' });
    expect(await watch.next(2)).toEqual(['ADDED a@3', 'BOOKMARK @3']);
  });

  it('sends the state and its end on demand', async () => {
    const api = new TestApi();
    const query = 'sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';
    const watch = await api.watch({ resource: 'pods', query });
    expect(await watch.frame()).toEqual({
      type: 'BOOKMARK',
      object: {
        kind: 'Pod',
        apiVersion: 'v1',
        metadata: { resourceVersion: '2', annotations: { 'k8s.io/initial-events-end': 'true' } },
        spec: { containers: null },
        status: {},
      },
    });
  });

  it('never ends the state with a bookmark that nobody allowed', async () => {
    const api = new TestApi();
    const watch = await api.watch({
      ...configmaps,
      query: 'sendInitialEvents=true&resourceVersionMatch=NotOlderThan',
    });
    const first = watch.next();
    await Promise.resolve();
    await put(api, 'a');
    expect(await first).toEqual(['ADDED a@3']);
  });

  it('leaves the state out when it is not wanted', async () => {
    const api = new TestApi();
    await put(api, 'a');
    const query = 'sendInitialEvents=false&resourceVersionMatch=NotOlderThan&resourceVersion=0';
    const watch = await api.watch({ ...configmaps, query });
    const first = watch.next();
    await Promise.resolve();
    await put(api, 'b');
    expect(await first).toEqual(['ADDED b@4']);
  });

  it('tells what happened since a revision, in order', async () => {
    const api = new TestApi();
    await put(api, 'a');
    await put(api, 'a', {}, 'changed');
    await put(api, 'b');
    await api.delete({ ...configmaps, name: 'a' });
    const watch = await api.watch({ ...configmaps, query: 'resourceVersion=3' });
    expect(await watch.next(3)).toEqual(['MODIFIED a@4', 'ADDED b@5', 'DELETED a@6']);
  });

  it('is silent until a revision of the future has come', async () => {
    const api = new TestApi();
    const watch = await api.watch({ ...configmaps, query: 'resourceVersion=3' });
    const first = watch.next();
    await Promise.resolve();
    await put(api, 'a');
    await put(api, 'b');
    expect(await first).toEqual(['ADDED b@4']);
  });

  it('says in the stream that a revision is forgotten', async () => {
    const api = new TestApi();
    await put(api, 'a');
    api.cluster.store.compact();
    const watch = await api.watch({ ...configmaps, query: 'resourceVersion=2' });
    const frame = await watch.frame();
    expect(frame).toMatchObject({
      type: 'ERROR',
      object: { kind: 'Status', message: 'too old resource version: 2 (3)', reason: 'Expired', code: 410 },
    });
    expect(await watch.next()).toEqual(['END']);
  });

  it('has other words for events, which have no watch cache', async () => {
    const api = new TestApi();
    api.cluster.store.compact();
    const watch = await api.watch({ resource: 'events', query: 'resourceVersion=1' });
    expect(await watch.frame()).toMatchObject({
      object: { message: 'The resourceVersion for the provided watch is too old.', code: 410 },
    });
  });

  it('says in the stream that the state of a future revision did not come', async () => {
    const api = new TestApi();
    const query = 'sendInitialEvents=true&resourceVersionMatch=NotOlderThan&resourceVersion=99';
    const watch = await api.watch({ ...configmaps, query });
    const first = watch.frame();
    await Promise.resolve();
    api.clock.advance(3000);
    expect(await first).toMatchObject({ type: 'ERROR', object: { code: 504, reason: 'Timeout' } });
    expect(await watch.next()).toEqual(['END']);
  });

  it.each([
    ['resourceVersion=abc', 500, 'resourceVersion: Invalid value: "abc"'],
    ['labelSelector=a%20b', 400, 'unable to parse requirement'],
    ['fieldSelector=x=y', 400, 'not a known field selector'],
    ['timeoutSeconds=abc', 400, 'strconv.ParseInt'],
    [
      'sendInitialEvents=true',
      422,
      'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan',
    ],
    [
      'resourceVersionMatch=NotOlderThan',
      422,
      'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided',
    ],
    [
      'sendInitialEvents=true&resourceVersionMatch=Exact',
      422,
      'Unsupported value: "Exact": supported values: "NotOlderThan"',
    ],
    ['continue=abc', 422, 'resourceVersionMatch is forbidden when continue is provided'],
  ])('refuses %s before the stream starts', async (query, code, message) => {
    await expect(new TestApi().watch({ ...configmaps, query })).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
  });
});

describe('what a watch with a selector sees', () => {
  it('is an addition when an object begins to match, and a deletion when it ceases', async () => {
    const api = new TestApi();
    const watch = await api.watch({ ...configmaps, query: 'labelSelector=on&resourceVersion=2' });
    await put(api, 'a');
    await put(api, 'a', { on: 'yes' }, 'matching');
    await put(api, 'a', { on: 'yes' }, 'still matching');
    await put(api, 'a', {}, 'no more');
    await put(api, 'a', {}, 'unseen');
    expect(await watch.next(2)).toEqual(['ADDED a@4', 'MODIFIED a@5']);
    const left = await watch.frame();
    expect(left).toMatchObject({
      type: 'DELETED',
      object: { metadata: { resourceVersion: '6', labels: { on: 'yes' } }, data: { data: 'still matching' } },
    });
  });

  it('is nothing of objects that do not match, also when they go', async () => {
    const api = new TestApi();
    const watch = await api.watch({
      ...configmaps,
      query: 'fieldSelector=metadata.name=b&resourceVersion=2',
    });
    await put(api, 'a');
    await api.delete({ ...configmaps, name: 'a' });
    await put(api, 'b');
    expect(await watch.next()).toEqual(['ADDED b@5']);
  });

  it('is its own namespace', async () => {
    const api = new TestApi();
    await api.create({ resource: 'namespaces', body: { metadata: { name: 'other' } } });
    const watch = await api.watch({ ...configmaps, query: 'resourceVersion=3' });
    await api.create({ ...configmaps, namespace: 'other', body: { metadata: { name: 'a' } } });
    await put(api, 'b');
    expect(await watch.next()).toEqual(['ADDED b@5']);
  });
});

describe('how long a watch lives', () => {
  it('as long as it was asked to', async () => {
    const api = new TestApi();
    const watch = await api.watch({ ...configmaps, query: 'timeoutSeconds=10&resourceVersion=2' });
    const end = watch.next();
    await Promise.resolve();
    api.clock.advance(10_000);
    expect(await end).toEqual(['END']);
  });

  it('between half an hour and an hour when nothing was asked', async () => {
    const api = new TestApi();
    const watch = await api.watch({ ...configmaps, query: 'resourceVersion=2' });
    const frame = watch.next(2);
    await Promise.resolve();
    api.clock.advance(30 * MINUTE - 1);
    await put(api, 'a');
    await Promise.resolve();
    api.clock.advance(30 * MINUTE + 1);
    expect(await frame).toEqual(['ADDED a@3', 'END']);
  });

  it('until its client goes', async () => {
    const api = new TestApi();
    const watch = await api.watch({ ...configmaps, query: 'resourceVersion=2' });
    const end = watch.next();
    await Promise.resolve();
    watch.abort();
    expect(await end).toEqual(['END']);
    expect(api.clock.waiting).toBe(0);
  });

  it('until its definition has changed, or gone', async () => {
    const api = new TestApi();
    const key = 'apiextensions.k8s.io/customresourcedefinitions';
    const metadata = { name: 'widgets.example.com' };
    const definition = { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata };
    api.cluster.store.insert(key, { ...definition, spec: { a: 1 } });
    const watch = await api.watch({ resource: 'widgets' });
    const end = watch.next();
    await Promise.resolve();
    api.cluster.store.replace(key, {
      ...definition,
      metadata: { ...metadata, labels: { a: 'b' } },
      spec: { a: 1 },
    });
    expect(api.clock.waiting).toBe(1);
    api.cluster.store.replace(key, { ...definition, spec: { a: 2 } });
    api.clock.advance(1100);
    expect(await end).toEqual(['END']);
  });

  it('not longer than its reader keeps up', async () => {
    const queue = new FrameQueue(2);
    for (const name of ['a', 'b', 'c', 'd']) queue.push({ type: 'ADDED', object: { name } });
    const read: unknown[] = [];
    for await (const { object } of queue.read()) read.push(object['name']);
    expect(read).toEqual(['a', 'b']);
  });
});

describe('bookmarks', () => {
  it('come every minute and before the end, with the newest revision', async () => {
    const api = new TestApi();
    const query = 'allowWatchBookmarks=true&resourceVersion=2&timeoutSeconds=90';
    const watch = await api.watch({ ...configmaps, query });
    const frames = watch.next(3);
    await Promise.resolve();
    await api.create({ resource: 'secrets', body: { metadata: { name: 'elsewhere' } } });
    api.clock.advance(MINUTE);
    api.clock.advance(30_000);
    expect(await frames).toEqual(['BOOKMARK @3', 'BOOKMARK @3', 'END']);
  });

  it.each([
    ['configmaps', 'allowWatchBookmarks=true&resourceVersion=2&timeoutSeconds=4', 'in a short watch'],
    ['events', 'allowWatchBookmarks=true&resourceVersion=2&timeoutSeconds=300', 'of events'],
    ['configmaps', 'resourceVersion=2&timeoutSeconds=300', 'unless they are allowed'],
  ])('do not come for %s with %s', async (resource, query) => {
    const api = new TestApi();
    const watch = await api.watch({ resource, group: '', query });
    const end = watch.next();
    await Promise.resolve();
    api.clock.advance(300_000);
    expect(await end).toEqual(['END']);
  });
});
