import { describe, expect, it } from 'vitest';
import { CursorCodec } from '../../../src/watch/cursor.ts';
import { playList, SCOPE, setupHub, type HubSetup } from './support/hub-setup.ts';
import type { FakeCall } from './support/fake-upstream.ts';
import { flush } from './support/manual-clock.ts';
import { added, deleted, errorFrame, GONE, listEnd, modified, status } from './support/objects.ts';
import { Reader, take } from './support/reader.ts';

const cursors = new CursorCodec(SCOPE, 'kubeconfig');

/** Someone else's subscription that keeps the watch of the scope alive behind position 13. */
async function liveWatch(setup: HubSetup) {
  const other = setup.read();
  const { stream } = await playList(setup);
  stream.write(modified('a', 11), deleted('b', 12), added('c', 13));
  await flush();
  return { other, stream };
}

describe('cursors', () => {
  it('claim nothing until the snapshot has been delivered', async () => {
    const setup = setupHub();
    const reader = setup.read();
    await playList(setup);
    await flush();
    expect(reader.events.map(({ cursor }) => cursors.read(cursor))).toEqual([undefined, undefined, '10']);
  });

  it('are the positions behind the events', async () => {
    const setup = setupHub();
    const { other } = await liveWatch(setup);
    expect(other.events.slice(2).map(({ cursor }) => cursors.read(cursor))).toEqual(['10', '11', '12', '13']);
  });

  it('do not claim a new list before all its differences were delivered', async () => {
    const setup = setupHub();
    const { other, stream } = await liveWatch(setup);
    stream.write(GONE);
    (await setup.upstream.nextCall()).open().write(added('d', 20), added('e', 21), listEnd(30));
    expect((await other.labels()).slice(-4)).toEqual([
      'DELETED a@11',
      'DELETED c@13',
      'ADDED d@20',
      'ADDED e@21',
    ]);
    // Of the others only a new beginning takes back what another list may no longer know of.
    expect(other.events.slice(-4).map(({ cursor }) => cursors.read(cursor))).toEqual([
      undefined,
      undefined,
      undefined,
      '30',
    ]);
  });

  it.each([
    ['damaged', 'x'],
    ['of another scope', new CursorCodec({ path: '/api/v1/pods' }, 'kubeconfig').at('10')],
  ])('are refused when they are %s, before anything is asked', (_, resumeFrom) => {
    const setup = setupHub();
    expect(() => setup.subscribe({ resumeFrom })).toThrow(
      expect.objectContaining({ code: 'INVALID_CURSOR' }),
    );
    expect(setup.upstream.calls).toEqual([]);
  });
});

describe('resuming while the watch is still there', () => {
  it('delivers what was missed, SYNCED, and what follows, without asking the API server', async () => {
    const setup = setupHub();
    const { stream } = await liveWatch(setup);
    const resumed = setup.read({ resumeFrom: cursors.at('11') });
    stream.write(modified('c', 14));
    expect(await resumed.labels()).toEqual(['DELETED b@12', 'ADDED c@13', 'SYNCED', 'MODIFIED c@14']);
    expect(setup.upstream.calls).toHaveLength(1);
  });

  it('delivers SYNCED alone when nothing was missed', async () => {
    const setup = setupHub();
    const { other } = await liveWatch(setup);
    expect(await setup.read({ resumeFrom: other.lastCursor }).labels()).toEqual(['SYNCED']);
  });

  it('resumes behind every event without a loss', async () => {
    const setup = setupHub();
    const { other } = await liveWatch(setup);
    const all = await other.labels();
    for (const [index, event] of other.events.entries()) {
      const resumed = await setup.read({ resumeFrom: event.cursor }).labels();
      const missed = index < 2 ? ['ADDED a@11', 'ADDED c@13'] : all.slice(index + 1);
      expect(resumed, `behind ${all[index]}`).toEqual([...missed, 'SYNCED']);
    }
  });

  it('starts over when only a part of the differences of a new list was delivered', async () => {
    const setup = setupHub();
    const { other, stream } = await liveWatch(setup);
    stream.write(GONE);
    (await setup.upstream.nextCall()).open().write(added('d', 20), added('e', 21), listEnd(30));
    await other.labels();
    const resumed = setup.read({ resumeFrom: other.cursorOf('DELETED c@13') });
    expect(await resumed.labels()).toEqual(['ADDED d@20', 'ADDED e@21', 'SYNCED']);
  });

  it('starts over with a cursor from inside a snapshot', async () => {
    const setup = setupHub();
    await liveWatch(setup);
    expect(await setup.read({ resumeFrom: cursors.initial }).labels()).toEqual([
      'ADDED a@11',
      'ADDED c@13',
      'SYNCED',
    ]);
  });

  it('keeps a watch that is about to be stopped', async () => {
    const setup = setupHub({ lingerMs: 5000 });
    const first = setup.subscribe();
    const { call } = await playList(setup);
    const [, , synced] = await take(first, 3);
    await first.return();
    const resumed = setup.read({ resumeFrom: synced?.cursor ?? '' });
    await setup.clock.advance(5000);
    expect(await resumed.labels()).toEqual(['SYNCED']);
    expect(call.isAborted).toBe(false);
  });

  it('asks the API server when the events are no longer held', async () => {
    const setup = setupHub({ maxHistoryEvents: 1 });
    await liveWatch(setup);
    setup.read({ resumeFrom: cursors.at('11') });
    expect((await setup.upstream.nextCall()).summary).toBe('watch from 11');
  });

  it('asks the API server when the position is ahead of the watch', async () => {
    const setup = setupHub();
    await liveWatch(setup);
    setup.read({ resumeFrom: cursors.at('50') });
    expect((await setup.upstream.nextCall()).summary).toBe('watch from 50');
  });
});

describe('resuming with a watch of its own', () => {
  async function resumeFrom10(options: Parameters<typeof setupHub>[0] = {}) {
    const setup = setupHub(options);
    const subscription = setup.subscribe({ resumeFrom: cursors.at('10') });
    const call = await setup.upstream.nextCall();
    return { ...setup, subscription, call };
  }

  it('delivers SYNCED, then the events as the API server says them', async () => {
    const { subscription, call } = await resumeFrom10();
    const reader = new Reader(subscription);
    expect(call.summary).toBe('watch from 10');
    call.open().write(modified('a', 11), deleted('unknown', 12));
    expect(await reader.labels()).toEqual(['SYNCED', 'MODIFIED a@11', 'DELETED unknown@12']);
    expect(reader.events.map(({ cursor }) => cursors.read(cursor))).toEqual(['10', '11', '12']);
  });

  it('delivers SYNCED when nothing was said against the position for a second', async () => {
    const { subscription, call, clock } = await resumeFrom10();
    const reader = new Reader(subscription);
    call.open();
    await clock.advance(999);
    expect(await reader.labels()).toEqual([]);
    await clock.advance(1);
    expect(await reader.labels()).toEqual(['SYNCED']);
  });

  it('does not deliver SYNCED while it cannot reach the API server', async () => {
    const { subscription, call, clock, upstream } = await resumeFrom10();
    const reader = new Reader(subscription);
    call.refuse();
    await clock.advance(800);
    const second = await upstream.nextCall();
    second.open();
    await flush();
    second.body.cut();
    await clock.advance(1600);
    expect(await reader.labels()).toEqual([]);
    expect(upstream.summaries).toEqual(['watch from 10', 'watch from 10', 'watch from 10']);
  });

  it('goes on from where it got to after an interruption, with SYNCED only once', async () => {
    const { subscription, call, upstream } = await resumeFrom10();
    const reader = new Reader(subscription);
    const stream = call.open();
    stream.write(modified('a', 11));
    stream.end();
    const next = await upstream.nextCall();
    next.open().write(modified('a', 12));
    expect(await reader.labels()).toEqual(['SYNCED', 'MODIFIED a@11', 'MODIFIED a@12']);
    expect(next.summary).toBe('watch from 11');
  });

  it('never repeats an event that a server repeats, nor delivers one from before the position', async () => {
    const { subscription, call, upstream } = await resumeFrom10();
    const reader = new Reader(subscription);
    const stream = call.open();
    stream.write(added('old', 9), modified('b', 10), modified('a', 11), modified('a', 12));
    stream.end();
    (await upstream.nextCall())
      .open()
      .write(modified('a', 11), modified('a', 12), deleted('a', 12), deleted('a', 12));
    expect(await reader.labels()).toEqual(['SYNCED', 'MODIFIED a@11', 'MODIFIED a@12', 'DELETED a@12']);
  });

  const refusals: [string, (call: FakeCall) => void][] = [
    ['with HTTP 410', (call) => call.reply(410, status(410, 'Expired'))],
    ['inside a 200 answer', (call) => call.open().write(GONE)],
    [
      'because it is ahead',
      (call) =>
        call.open().write(errorFrame(504, 'Timeout', { causes: [{ reason: 'ResourceVersionTooLarge' }] })),
    ],
  ];

  it.each(refusals)('starts over with a snapshot when the position is refused %s', async (_, refuse) => {
    const setup = await resumeFrom10();
    const reader = new Reader(setup.subscription);
    refuse(setup.call);
    const { stream } = await playList(setup);
    stream.write(modified('a', 11));
    expect(await reader.labels()).toEqual(['ADDED a@1', 'ADDED b@2', 'SYNCED', 'MODIFIED a@11']);
    expect(setup.upstream.summaries).toEqual(['watch from 10', 'streaming list']);
    expect(setup.hub.size).toBe(1);
  });

  it('starts over from a watch that is there already', async () => {
    const setup = setupHub({ maxHistoryEvents: 1 });
    await liveWatch(setup);
    const resumed = setup.read({ resumeFrom: cursors.at('5') });
    (await setup.upstream.nextCall()).open().write(GONE);
    expect(await resumed.labels()).toEqual(['ADDED a@11', 'ADDED c@13', 'SYNCED']);
    expect(setup.upstream.calls).toHaveLength(2);
    expect(setup.hub.size).toBe(1);
  });

  it('ends with EXPIRED, and a cursor that starts over, when the position is forgotten later', async () => {
    const { hub, subscription, call } = await resumeFrom10();
    const reader = new Reader(subscription);
    call.open().write(modified('a', 11), GONE);
    expect(await reader.failure()).toMatchObject({
      code: 'EXPIRED',
      extensions: { cursor: cursors.initial },
    });
    expect(await reader.labels()).toEqual(['SYNCED', 'MODIFIED a@11']);
    expect(hub.size).toBe(0);
  });

  it('ends with what the API server says against it', async () => {
    const { subscription, call } = await resumeFrom10();
    call.reply(403, status(403, 'Forbidden'));
    await expect(subscription.next()).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });

  it('stops its watch when the subscriber leaves', async () => {
    const { hub, subscription, call } = await resumeFrom10({ lingerMs: 5000 });
    call.open();
    await flush();
    await subscription.return();
    expect(call.isAborted).toBe(true);
    expect(hub.size).toBe(0);
  });
});
