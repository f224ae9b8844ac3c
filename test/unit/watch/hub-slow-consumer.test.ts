import { describe, expect, it } from 'vitest';
import { CursorCodec } from '../../../src/watch/cursor.ts';
import { playList, SCOPE, setupHub } from './support/hub-setup.ts';
import { flush } from './support/manual-clock.ts';
import { added, deleted, GONE, listEnd, modified } from './support/objects.ts';
import { Reader, take } from './support/reader.ts';

const cursors = new CursorCodec(SCOPE, 'kubeconfig');

/** A subscriber that has read the snapshot of `a@1` and `b@2` and then stops reading, beside one that goes on. */
async function stalled() {
  const setup = setupHub({ maxQueuedEvents: 3 });
  const slow = setup.subscribe();
  const fast = setup.read();
  const { stream } = await playList(setup);
  await take(slow, 3);
  return { ...setup, slow, fast, stream };
}

describe('a subscriber that reads slower than events arrive', () => {
  it('gets every event as long as they fit', async () => {
    const { slow, stream } = await stalled();
    stream.write(modified('a', 11), modified('a', 12), deleted('a', 13));
    await flush();
    expect(await new Reader(slow).labels()).toEqual(['MODIFIED a@11', 'MODIFIED a@12', 'DELETED a@13']);
  });

  it('gets the latest state of each object when they do not, deletions included', async () => {
    const { slow, stream } = await stalled();
    for (let version = 11; version <= 40; version += 1) stream.write(modified('a', version));
    stream.write(deleted('b', 41), added('c', 42), modified('c', 43));
    await flush();
    const reader = new Reader(slow);
    expect(await reader.labels()).toEqual(['MODIFIED a@40', 'DELETED b@41', 'ADDED c@43']);
    expect(reader.events.map(({ cursor }) => cursors.read(cursor))).toEqual(['40', '41', '43']);
  });

  it('ends with SLOW_CONSUMER when those do not fit, and resumes without a loss', async () => {
    const { slow, stream, read } = await stalled();
    stream.write(modified('a', 11));
    expect(await take(slow, 1)).toMatchObject([{ cursor: cursors.at('11') }]);
    stream.write(added('c', 12), added('d', 13), added('e', 14), added('f', 15));
    await flush();
    const error: unknown = await slow.next().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'SLOW_CONSUMER', extensions: { cursor: cursors.at('11') } });
    await expect(slow.next()).resolves.toMatchObject({ done: true });
    const resumed = read({ resumeFrom: cursors.at('11') });
    expect(await resumed.labels()).toEqual([
      'ADDED c@12',
      'ADDED d@13',
      'ADDED e@14',
      'ADDED f@15',
      'SYNCED',
    ]);
  });

  it('holds up neither the upstream watch nor the others', async () => {
    const { fast, stream } = await stalled();
    for (let version = 11; version < 1011; version += 1) stream.write(added(`x${version}`, version));
    expect(await fast.labels()).toHaveLength(1003);
  });

  it('may take its time with a snapshot of any size', async () => {
    const setup = setupHub({ maxQueuedEvents: 3 });
    const slow = setup.subscribe();
    const stream = (await setup.upstream.nextCall()).open();
    for (let version = 1; version <= 1000; version += 1) stream.write(added(`x${version}`, version));
    stream.write(listEnd(1000), modified('x1', 1001));
    await flush();
    const labels = await new Reader(slow).labels();
    expect(labels).toHaveLength(1002);
    expect(labels.slice(-2)).toEqual(['SYNCED', 'MODIFIED x1@1001']);
  });

  it('may take its time with the differences of a new list', async () => {
    const { upstream, slow, stream } = await stalled();
    stream.write(modified('a', 11), GONE);
    const list = (await upstream.nextCall()).open();
    for (let version = 12; version <= 1011; version += 1) list.write(added(`x${version}`, version));
    list.write(listEnd(1011));
    await flush();
    const labels = await new Reader(slow).labels();
    expect(labels).toHaveLength(1003);
    expect(labels.slice(0, 4)).toEqual(['MODIFIED a@11', 'DELETED a@11', 'DELETED b@2', 'ADDED x12@12']);
  });

  it('starts over when it ended inside the snapshot', async () => {
    const setup = setupHub({ maxQueuedEvents: 2 });
    const slow = setup.subscribe();
    const { stream } = await playList(setup);
    await take(slow, 1);
    stream.write(added('c', 11), added('d', 12));
    await flush();
    await expect(slow.next()).rejects.toMatchObject({ extensions: { cursor: cursors.initial } });
  });

  it('stops the upstream watch when it was the last', async () => {
    const setup = setupHub({ maxQueuedEvents: 1 });
    setup.subscribe();
    const { call, stream } = await playList(setup);
    stream.write(added('c', 11), added('d', 12));
    await flush();
    expect(call.isAborted).toBe(true);
    expect(setup.hub.size).toBe(0);
  });
});

describe('reading', () => {
  it('may be asked for several events at once', async () => {
    const setup = setupHub();
    const subscription = setup.subscribe();
    const reads = [subscription.next(), subscription.next(), subscription.next(), subscription.next()];
    const { stream } = await playList(setup);
    await Promise.all(reads.slice(0, 3));
    stream.write(modified('a', 11));
    const results = await Promise.all(reads);
    expect(results.map(({ value }) => value?.type)).toEqual(['ADDED', 'ADDED', 'SYNCED', 'MODIFIED']);
  });
});
