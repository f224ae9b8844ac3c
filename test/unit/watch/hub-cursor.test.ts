import { describe, expect, it } from 'vitest';
import { CursorCodec } from '../../../src/watch/cursor.ts';
import type { Subscription } from '../../../src/watch/subscription.ts';
import { playList, SCOPE, setupHub, type TestSubscribeOptions } from './support/hub-setup.ts';
import { flush } from './support/manual-clock.ts';
import { added, bookmark, GONE, listEnd, listPage, modified } from './support/objects.ts';
import { takeAll, takeLabels } from './support/reader.ts';

const cursors = new CursorCodec(SCOPE, 'kubeconfig');

/** A subscription that has been read up to SYNCED at position 10. */
async function quiet(options: TestSubscribeOptions = {}) {
  const setup = setupHub({ recheckMs: 0 });
  const subscription = setup.subscribe(options);
  const { stream } = await playList(setup);
  await flush();
  takeAll(subscription);
  return { ...setup, subscription, stream };
}

/** The position that a subscription would resume behind. */
function positionOf({ cursor }: Subscription): string | undefined {
  return cursor === undefined ? undefined : cursors.read(cursor);
}

describe('the cursor of a subscription', () => {
  it('moves with the position while nothing is told, and nobody is told that', async () => {
    const { subscription, stream } = await quiet();
    let told = 0;
    subscription.onReady = () => (told += 1);
    expect(subscription.take()).toBeUndefined();
    expect(positionOf(subscription)).toBe('10');
    stream.write(bookmark(50));
    await flush();
    expect([positionOf(subscription), told]).toEqual(['50', 0]);
  });

  it('stays behind what was taken while something waits', async () => {
    const { subscription, stream } = await quiet();
    stream.write(modified('a', 11), modified('b', 12), bookmark(50));
    await flush();
    expect(positionOf(subscription)).toBe('10');
    subscription.take();
    expect(positionOf(subscription)).toBe('11');
    subscription.take();
    expect(positionOf(subscription)).toBe('50');
  });

  it('moves past what the subscriber has no use for', async () => {
    const { subscription, stream } = await quiet({ accepts: () => false });
    stream.write(modified('a', 11));
    await flush();
    expect([positionOf(subscription), subscription.waiting]).toEqual(['11', 0]);
  });

  it('claims no change that others are only now being told', async () => {
    const { subscription, subscribe, stream } = await quiet();
    const later = subscribe();
    takeAll(later);
    const seen: unknown[] = [];
    subscription.onReady = () => seen.push(positionOf(later), later.waiting);
    stream.write(modified('a', 11));
    await flush();
    expect(seen).toEqual(['10', 0]);
  });

  it('is that of a new list when that was read', async () => {
    const { subscription, stream, upstream } = await quiet();
    stream.write(modified('a', 11), GONE);
    (await upstream.nextCall()).open().write(added('a', 20), added('b', 2), listEnd(30));
    await flush();
    expect(takeLabels(subscription)).toEqual(['MODIFIED a@11', 'MODIFIED a@20']);
    expect(positionOf(subscription)).toBe('30');
  });

  it('is none before SYNCED, after the end, and for those who are silent', async () => {
    const { subscription, subscribe, hub } = await quiet();
    const other = subscribe({ scope: { path: '/api/v1/configmaps' } });
    const silent = subscribe({ isSilent: true });
    expect([other.cursor, silent.cursor]).toEqual([undefined, undefined]);
    await hub.close();
    expect([other.cursor, silent.cursor, subscription.cursor]).toEqual([undefined, undefined, undefined]);
  });

  it('moves for those who came back, but not before they are caught up with', async () => {
    const setup = setupHub({ recheckMs: 0 });
    setup.upstream.onQuestion = (question) => question.reply(200, listPage(60, []));
    const [first, further] = ['10', '40'].map((at) => setup.subscribe({ resumeFrom: cursors.at(at) })) as [
      Subscription,
      Subscription,
    ];
    const stream = (await setup.upstream.nextCall()).open();
    await setup.clock.advance(1000);
    expect([first, further].map(takeLabels)).toEqual([['SYNCED'], ['SYNCED']]);
    const positions: unknown[] = [];
    for (const frame of [bookmark(20), modified('a', 30), bookmark(50)]) {
      stream.write(frame);
      await flush();
      takeAll(first);
      positions.push([positionOf(first), positionOf(further)]);
    }
    expect(positions).toEqual([
      ['20', '40'],
      ['30', '40'],
      ['50', '50'],
    ]);
  });

  it('that a bookmark has moved is resumed by the history', async () => {
    const { subscription, subscribe, stream, hub } = await quiet();
    stream.write(bookmark(50));
    await flush();
    const { cursor } = subscription;
    stream.write(modified('a', 60));
    await flush();
    const again = subscribe({ resumeFrom: cursor ?? '' });
    expect(takeLabels(again)).toEqual(['MODIFIED a@60', 'SYNCED']);
    expect(hub.counts.resumed).toMatchObject({ history: 1 });
  });
});
