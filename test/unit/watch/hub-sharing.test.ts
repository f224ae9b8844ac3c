import { describe, expect, it } from 'vitest';
import { bearerIdentity } from '../../../src/cluster/identity.ts';
import { playList, SCOPE, setupHub } from './support/hub-setup.ts';
import { flush } from './support/manual-clock.ts';
import { added, deleted, errorFrame, listEnd, modified } from './support/objects.ts';
import { Reader, take } from './support/reader.ts';

const SNAPSHOT = ['ADDED a@1', 'ADDED b@2', 'SYNCED'];

describe('sharing', () => {
  it('serves two subscribers of one identity and scope with one upstream watch', async () => {
    const setup = setupHub();
    const first = setup.read();
    const second = setup.read();
    const { stream } = await playList(setup);
    stream.write(modified('a', 11));
    const expected = [...SNAPSHOT, 'MODIFIED a@11'];
    expect(await first.labels()).toEqual(expected);
    expect(await second.labels()).toEqual(expected);
    expect(setup.upstream.calls).toHaveLength(1);
    expect(setup.hub.size).toBe(1);
  });

  it('goes on when one leaves as soon as it is served, and the others are about to be', async () => {
    const setup = setupHub();
    const hasty = setup.subscribe();
    hasty.onReady = () => hasty.close();
    const patient = setup.read();
    const { stream } = await playList(setup);
    stream.write(modified('a', 11));
    expect(await patient.labels()).toEqual([...SNAPSHOT, 'MODIFIED a@11']);
  });

  it.each([
    ['identity', { identity: bearerIdentity('other') }],
    ['path', { scope: { path: '/api/v1/configmaps' } }],
    ['label selector', { scope: { ...SCOPE, labelSelector: 'a=b' } }],
    ['field selector', { scope: { ...SCOPE, fieldSelector: 'metadata.name=a' } }],
  ])('opens another upstream watch for another %s', async (_, options) => {
    const setup = setupHub();
    setup.read();
    setup.read(options);
    expect(setup.upstream.calls).toHaveLength(2);
    expect(setup.hub.size).toBe(2);
    for (const call of setup.upstream.calls) call.open().write(listEnd(1));
    await flush();
  });

  it('sends each identity with its own requests only', async () => {
    const setup = setupHub();
    const identities = [bearerIdentity('one'), bearerIdentity('two')];
    for (const identity of identities) setup.read({ identity });
    expect(setup.upstream.calls.map((call) => call.request.identity)).toEqual(identities);
  });

  it('never lets one identity in on what another one gets', async () => {
    const setup = setupHub();
    const allowed = setup.read({ identity: bearerIdentity('allowed') });
    await playList(setup);
    const refused = setup.read({ identity: bearerIdentity('refused') });
    (await setup.upstream.nextCall()).reply(403, 'no', { contentType: 'text/plain' });
    expect(await refused.failure()).toMatchObject({ code: 'FORBIDDEN' });
    expect(refused.events).toEqual([]);
    expect(await allowed.labels()).toEqual(SNAPSHOT);
  });
});

describe('a late subscriber', () => {
  it('gets the current objects, SYNCED, and what follows', async () => {
    const setup = setupHub();
    setup.read();
    const { stream } = await playList(setup);
    stream.write(modified('a', 11), deleted('b', 12), added('c', 13));
    await flush();
    const late = setup.read();
    stream.write(modified('c', 14));
    expect(await late.labels()).toEqual(['ADDED a@11', 'ADDED c@13', 'SYNCED', 'MODIFIED c@14']);
    expect(setup.upstream.calls).toHaveLength(1);
  });

  it('misses nothing and gets nothing twice, wherever between two events it joins', async () => {
    const frames = [
      added('a', 1),
      added('b', 2),
      listEnd(10),
      modified('a', 11),
      deleted('b', 12),
      added('b', 13),
    ];
    for (let joinsAt = 0; joinsAt <= frames.length; joinsAt += 1) {
      const setup = setupHub();
      setup.read();
      const stream = (await setup.upstream.nextCall()).open();
      let late: Reader | undefined;
      for (const [index, frame] of [...frames, modified('a', 20)].entries()) {
        if (index === joinsAt) late = setup.read();
        stream.write(frame);
        await flush();
      }
      const labels = (await late?.labels()) ?? [];
      expect(new Set(labels).size, `joined at ${joinsAt}: ${labels.join()}`).toBe(labels.length);
      expect(labels.at(-1)).toBe('MODIFIED a@20');
      expect(labels.findLast((label) => label.includes(' b@'))).toBe('ADDED b@13');
      expect(labels.filter((label) => label === 'SYNCED')).toHaveLength(1);
    }
  });

  it('reads the snapshot at its own pace while changes go on', async () => {
    const setup = setupHub();
    setup.read();
    const { stream } = await playList(setup);
    await flush();
    const slow = setup.subscribe();
    await take(slow, 1);
    stream.write(modified('b', 11));
    await flush();
    expect(await new Reader(slow).labels()).toEqual(['ADDED b@2', 'SYNCED', 'MODIFIED b@11']);
  });

  it('gets the view from before while the watch is interrupted, and the rest later', async () => {
    const setup = setupHub();
    setup.read();
    const { stream } = await playList(setup);
    await flush();
    stream.write(errorFrame(500, 'InternalError'));
    await flush();
    const late = setup.read();
    expect(await late.labels()).toEqual(SNAPSHOT);
    await setup.clock.advance(800);
    (await setup.upstream.nextCall()).open().write(modified('a', 11));
    expect(await late.labels()).toEqual([...SNAPSHOT, 'MODIFIED a@11']);
  });
});

describe('leaving', () => {
  it('ends quietly when the signal is aborted, without what was waiting', async () => {
    const setup = setupHub();
    const leaving = new AbortController();
    const subscription = setup.subscribe({ signal: leaving.signal });
    await playList(setup);
    await flush();
    leaving.abort();
    await expect(subscription.next()).resolves.toEqual({ done: true, value: undefined });
  });

  it('answers a read that is waiting when the signal is aborted', async () => {
    const setup = setupHub();
    const leaving = new AbortController();
    const waiting = setup.subscribe({ signal: leaving.signal }).next();
    leaving.abort();
    await expect(waiting).resolves.toMatchObject({ done: true });
  });

  it('asks nothing of the API server when the signal is aborted already', async () => {
    const setup = setupHub();
    const reader = setup.read({ signal: AbortSignal.abort() });
    await reader.ended;
    expect(reader.events).toEqual([]);
    expect(setup.upstream.calls).toEqual([]);
  });

  it('stops the upstream watch with the last subscriber', async () => {
    const setup = setupHub();
    const [first, second] = [setup.subscribe(), setup.subscribe()];
    const { call } = await playList(setup);
    await flush();
    await first.return();
    expect(call.isAborted).toBe(false);
    await second.return();
    expect(call.isAborted).toBe(true);
    expect(setup.hub.size).toBe(0);
  });

  it('does not disturb the others', async () => {
    const setup = setupHub();
    const leaving = new AbortController();
    setup.read({ signal: leaving.signal });
    const staying = setup.read();
    const { stream } = await playList(setup);
    leaving.abort();
    stream.write(modified('a', 11));
    expect(await staying.labels()).toEqual([...SNAPSHOT, 'MODIFIED a@11']);
  });

  it('keeps the upstream watch for a while for whoever comes next', async () => {
    const setup = setupHub({ lingerMs: 5000 });
    const first = setup.subscribe();
    const { call, stream } = await playList(setup);
    await flush();
    await first.return();
    await setup.clock.advance(4999);
    stream.write(modified('a', 11));
    await flush();
    const next = setup.read();
    expect(await next.labels()).toEqual(['ADDED a@11', 'ADDED b@2', 'SYNCED']);
    await setup.clock.advance(5000);
    expect(call.isAborted).toBe(false);
  });

  it('stops the upstream watch when nobody comes', async () => {
    const setup = setupHub({ lingerMs: 5000 });
    const first = setup.subscribe();
    const { call } = await playList(setup);
    await flush();
    await first.return();
    await setup.clock.advance(5000);
    expect(call.isAborted).toBe(true);
    expect(setup.hub.size).toBe(0);
  });

  it('stops a watch that waits for its next try', async () => {
    const setup = setupHub();
    const only = setup.subscribe();
    (await setup.upstream.nextCall()).refuse();
    await flush();
    await only.return();
    await setup.clock.advance(60_000);
    expect(setup.upstream.calls).toHaveLength(1);
  });

  it('leaves nothing behind after many subscriptions', async () => {
    const setup = setupHub();
    for (let round = 0; round < 1000; round += 1) {
      const leaving = new AbortController();
      const readers = [setup.read({ signal: leaving.signal }), setup.read({ signal: leaving.signal })];
      leaving.abort();
      await Promise.all(readers.map((reader) => reader.ended));
    }
    expect(setup.upstream.calls.every((call) => call.isAborted)).toBe(true);
    expect(setup.hub.size).toBe(0);
  });
});
