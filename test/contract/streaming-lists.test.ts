import { describe, expect, it } from 'vitest';
import { textAt } from '../real/support/exact-json.ts';
import { admin, type Query } from './support/api.ts';
import { newNamespace } from './support/namespace.ts';
import { newTopics } from './support/topics.ts';
import { endsInitialEvents, STREAMING_LIST, typesAndNames, watch } from './support/watch.ts';
import { newWidgets } from './support/widgets.ts';

const widgets = await newWidgets();
const namespace = await newNamespace();
const MAPS = `/api/v1/namespaces/${namespace}/configmaps`;
const WIDGETS = widgets.path(namespace);
const SOON = { timeoutSeconds: 1 };
const newTopic = newTopics(MAPS);

describe('a streaming list', () => {
  it.each([
    ['config maps', () => ({ path: MAPS, kind: 'ConfigMap' })],
    ['custom objects', () => ({ path: WIDGETS, kind: 'Widget' })],
    [
      'events, which have no cache',
      () => ({ path: `/api/v1/namespaces/${namespace}/events`, kind: 'Event' }),
    ],
  ])('ends with a bookmark: %s', async (_, where) => {
    const { path, kind } = where();
    const stream = await watch(path, { query: STREAMING_LIST });
    const end = (await stream.until(endsInitialEvents)).at(-1);
    expect(end).toMatchObject({
      object: { kind, metadata: { resourceVersion: expect.stringMatching(/^\d+$/) as string } },
    });
  });

  it("has all objects before the bookmark, which has the list's resource version", async () => {
    const { labelSelector, create, name } = newTopic();
    await create('a');
    const object = await create('b');
    const frames = await (
      await watch(MAPS, { query: { labelSelector, ...STREAMING_LIST } })
    ).until(endsInitialEvents);
    expect(typesAndNames(frames).toSorted()).toEqual([
      `ADDED ${name('a')}`,
      `ADDED ${name('b')}`,
      'BOOKMARK ',
    ]);
    const [listed, newest] = [frames.at(-1)?.object, object].map((value) =>
      BigInt(textAt(value, 'metadata', 'resourceVersion')),
    );
    expect(listed).toBeGreaterThanOrEqual(newest ?? 0n);
  });

  it.each([{}, { resourceVersion: 0 }])(
    'is what a plain watch is when bookmarks are allowed (%j)',
    async (query) => {
      const frames = await (
        await watch(MAPS, { query: { allowWatchBookmarks: true, ...query } })
      ).until(endsInitialEvents);
      expect(frames.length).toBeGreaterThan(1);
    },
  );

  it('without bookmarks has no end marker', async () => {
    const { labelSelector, create, name } = newTopic();
    await create('a');
    const query = { labelSelector, sendInitialEvents: true, resourceVersionMatch: 'NotOlderThan', ...SOON };
    expect(typesAndNames(await (await watch(MAPS, { query })).rest())).toEqual([`ADDED ${name('a')}`]);
  });

  it('may be declined: nothing comes that is there already', async () => {
    const { labelSelector, create, name } = newTopic();
    await create('a');
    const query = {
      labelSelector,
      sendInitialEvents: false,
      resourceVersionMatch: 'NotOlderThan',
      resourceVersion: 0,
    };
    const stream = await watch(MAPS, { query });
    await create('b');
    expect(await stream.next()).toMatchObject({ type: 'ADDED', name: name('b') });
  });

  it('goes on live behind the bookmark', async () => {
    const { labelSelector, create, name } = newTopic();
    const stream = await watch(MAPS, { query: { labelSelector, ...STREAMING_LIST } });
    await stream.until(endsInitialEvents);
    await create('a');
    const frames = await stream.until(({ type }) => type !== 'BOOKMARK');
    expect(frames.at(-1)).toMatchObject({ type: 'ADDED', name: name('a') });
  });

  it.each<[string, Query, string]>([
    ['without NotOlderThan', { watch: true, sendInitialEvents: true }, 'resourceVersionMatch'],
    [
      'on a plain list',
      { sendInitialEvents: true, resourceVersionMatch: 'NotOlderThan', resourceVersion: 1 },
      'sendInitialEvents',
    ],
    [
      'as resourceVersionMatch alone',
      { watch: true, resourceVersionMatch: 'NotOlderThan', resourceVersion: 1 },
      'resourceVersionMatch',
    ],
    [
      'with an exact version',
      { watch: true, sendInitialEvents: true, resourceVersionMatch: 'Exact', resourceVersion: 1 },
      'resourceVersionMatch',
    ],
  ])('is refused %s', async (_, query, field) => {
    const { status, json } = await admin.get(MAPS, query);
    expect(status).toBe(422);
    expect(json).toMatchObject({
      reason: 'Invalid',
      details: { causes: expect.arrayContaining([expect.objectContaining({ field })]) as object },
    });
  });
});
