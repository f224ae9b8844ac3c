import { describe, expect, it } from 'vitest';
import { CursorCodec } from '../../../src/watch/cursor.ts';
import type { FakeCall } from './support/fake-upstream.ts';
import { playList, SCOPE, setupHub } from './support/hub-setup.ts';
import { flush } from './support/manual-clock.ts';
import { added, GONE, listEnd, listPage, modified } from './support/objects.ts';
import { takeLabels } from './support/reader.ts';

const cursors = new CursorCodec(SCOPE, 'kubeconfig');

/** Subscribers that come back behind these positions after the gateway was restarted, in this order. */
async function comeBack(...positions: number[]) {
  const setup = setupHub({ recheckMs: 0 });
  const questions: FakeCall[] = [];
  setup.upstream.onQuestion = (question) => questions.push(question);
  const resume = (position: number) => setup.subscribe({ resumeFrom: cursors.at(String(position)) });
  const subscriptions = positions.map(resume);
  await flush();
  /** Says that the collection is at `version`. */
  const present = async (version: number) => {
    for (const question of questions.splice(0)) question.reply(200, listPage(version, []));
    await flush();
  };
  return { ...setup, resume, subscriptions, present };
}

describe('subscribers that come back to a gateway without a history', () => {
  it('share the upstream watch of the oldest position, and each gets what it has missed', async () => {
    const { subscriptions, upstream, present, hub } = await comeBack(10, 12, 10, 11);
    const stream = (await upstream.nextCall()).open();
    await present(12);
    stream.write(modified('a', 11), modified('b', 12), modified('a', 13));
    await flush();
    expect(upstream.summaries).toEqual(['watch from 10']);
    expect(subscriptions.map(takeLabels)).toEqual([
      ['SYNCED', 'MODIFIED a@11', 'MODIFIED b@12', 'MODIFIED a@13'],
      ['SYNCED', 'MODIFIED a@13'],
      ['SYNCED', 'MODIFIED a@11', 'MODIFIED b@12', 'MODIFIED a@13'],
      ['SYNCED', 'MODIFIED b@12', 'MODIFIED a@13'],
    ]);
    expect(hub.size).toBe(1);
  });

  it('are synced also when nothing happens', async () => {
    const { subscriptions, upstream, present, clock } = await comeBack(10, 12);
    (await upstream.nextCall()).open();
    await present(12);
    await clock.advance(1000);
    expect(subscriptions.map(takeLabels)).toEqual([['SYNCED'], ['SYNCED']]);
  });

  it('join later, from what has come since', async () => {
    const { resume, upstream, present } = await comeBack(10);
    const stream = (await upstream.nextCall()).open();
    await present(12);
    stream.write(modified('a', 11), modified('b', 12));
    await flush();
    const late = [resume(10), resume(11), resume(12)];
    stream.write(modified('a', 13));
    await flush();
    expect(late.map(takeLabels)).toEqual([
      ['MODIFIED a@11', 'MODIFIED b@12', 'SYNCED', 'MODIFIED a@13'],
      ['MODIFIED b@12', 'SYNCED', 'MODIFIED a@13'],
      ['SYNCED', 'MODIFIED a@13'],
    ]);
    expect(upstream.calls).toHaveLength(1);
  });

  it('get a watch of their own when their position is older', async () => {
    const { upstream } = await comeBack(12, 10, 11);
    expect(upstream.summaries).toEqual(['watch from 12', 'watch from 10']);
  });

  it('wait for the answer where the collection is while events come already', async () => {
    const { subscriptions, upstream, present } = await comeBack(10, 15);
    const stream = (await upstream.nextCall()).open();
    stream.write(modified('a', 11));
    await flush();
    expect(subscriptions.map(takeLabels)).toEqual([['SYNCED', 'MODIFIED a@11'], []]);
    await present(20);
    stream.write(modified('a', 15), modified('a', 16));
    await flush();
    expect(subscriptions.map(takeLabels)).toEqual([
      ['MODIFIED a@15', 'MODIFIED a@16'],
      ['SYNCED', 'MODIFIED a@16'],
    ]);
  });

  it('get a watch, and a check, of their own when the collection has not been known to be that far', async () => {
    const { subscriptions, upstream, present } = await comeBack(10, 50);
    (await upstream.nextCall()).open().write(modified('a', 11));
    await present(12);
    (await upstream.nextCall()).open();
    expect(upstream.summaries).toEqual(['watch from 10', 'watch from 50']);
    await present(12);
    await playList({ upstream });
    await flush();
    expect(subscriptions.map(takeLabels)).toEqual([
      ['SYNCED', 'MODIFIED a@11'],
      ['ADDED a@1', 'ADDED b@2', 'SYNCED'],
    ]);
  });

  it('start over together when the position is forgotten', async () => {
    const { subscriptions, upstream, hub } = await comeBack(10, 12);
    (await upstream.nextCall()).open().write(GONE);
    (await upstream.nextCall()).open().write(added('a', 1), listEnd(20));
    await flush();
    const snapshot = ['ADDED a@1', 'SYNCED'];
    expect(subscriptions.map(takeLabels)).toEqual([snapshot, snapshot]);
    expect(hub.size).toBe(1);
  });

  it('keep the watch until the last of them leaves', async () => {
    const { subscriptions, upstream, present, clock } = await comeBack(10, 12);
    const call = await upstream.nextCall();
    call.open();
    await present(12);
    await clock.advance(1000);
    subscriptions[0]?.close();
    expect(call.isAborted).toBe(false);
    subscriptions[1]?.close();
    expect(call.isAborted).toBe(true);
  });

  it('need few upstream watches however many they are and in whatever order they come', async () => {
    const positions = Array.from({ length: 1000 }, (_, index) => 1000 + ((index * 617) % 1000));
    const { upstream, hub } = await comeBack(...positions);
    expect(hub.size).toBeLessThanOrEqual(10);
    expect(upstream.calls).toHaveLength(hub.size);
  });
});
