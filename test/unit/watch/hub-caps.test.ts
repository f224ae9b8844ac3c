import { describe, expect, it } from 'vitest';
import { bearerIdentity } from '../../../src/cluster/identity.ts';
import { CursorCodec } from '../../../src/watch/cursor.ts';
import { playList, SCOPE, setupHub, type HubSetup } from './support/hub-setup.ts';
import { flush } from './support/manual-clock.ts';
import { errorFrame, GONE, listPage } from './support/objects.ts';
import { takeLabels } from './support/reader.ts';

const cursors = new CursorCodec(SCOPE, 'kubeconfig');
const [ann, ben] = [bearerIdentity('ann'), bearerIdentity('ben')];
const OTHER_SCOPE = { path: '/api/v1/namespaces/other/configmaps' };

function refusal(message: string) {
  const extensions = { code: 'TOO_MANY_REQUESTS', retryAfterMs: 5000 };
  return expect.objectContaining({ code: 'TOO_MANY_REQUESTS', message, extensions });
}

const ONE_OF_CALLER = refusal('at most 1 subscriptions of a caller at a time');

/** A hub where a caller may have one subscription. */
function oneEach(): HubSetup {
  return setupHub({ maxSubscriptionsPerCaller: 1, random: () => 0.5, recheckMs: 0 });
}

describe('too many subscriptions', () => {
  it('are refused for everybody, and counted', () => {
    const { subscribe, hub } = setupHub({ maxSubscriptions: 2, random: () => 0.5 });
    subscribe();
    subscribe({ identity: ann });
    expect(() => subscribe({ identity: ben })).toThrow(refusal('at most 2 subscriptions at a time'));
    expect(() => subscribe()).toThrow(refusal('at most 2 subscriptions at a time'));
    expect(hub.counts).toMatchObject({
      subscribers: 2,
      refused: { subscriptions: 2, caller: 0, watches: 0 },
    });
  });

  it('of one caller are refused for that one only', () => {
    const { subscribe, hub } = oneEach();
    subscribe({ identity: ann });
    expect(() => subscribe({ identity: ann, scope: OTHER_SCOPE })).toThrow(ONE_OF_CALLER);
    subscribe({ identity: ben });
    expect(hub.counts).toMatchObject({
      subscribers: 2,
      refused: { subscriptions: 0, caller: 1, watches: 0 },
    });
  });

  it("of the gateway's own identity are those of many people, and have no such limit", () => {
    const { subscribe, hub } = oneEach();
    for (let index = 0; index < 5; index += 1) subscribe();
    expect(hub.counts.subscribers).toBe(5);
  });

  it.each<[string, (setup: HubSetup) => unknown]>([
    ['is closed', ({ subscribe }) => subscribe({ identity: ann }).close()],
    ['is closed twice', ({ subscribe }) => [1, 2].map(() => subscribe({ identity: ben }).close())],
    [
      'is closed by its signal',
      ({ subscribe }) => {
        const leaving = new AbortController();
        subscribe({ identity: ann, signal: leaving.signal });
        leaving.abort();
      },
    ],
    [
      'was closed before it began',
      ({ subscribe }) => subscribe({ identity: ann, signal: AbortSignal.abort() }),
    ],
    [
      'fails',
      async ({ subscribe, upstream }) => {
        subscribe({ identity: ann });
        (await upstream.nextCall()).open().write(errorFrame(403, 'Forbidden'));
        await flush();
      },
    ],
    [
      'is as old as it may get',
      async ({ subscribe, clock }) => {
        subscribe({ identity: ann, maxLifetimeMs: 1000 });
        await clock.advance(1000);
      },
    ],
    [
      'cannot begin behind such a cursor',
      ({ subscribe }) => expect(() => subscribe({ identity: ann, resumeFrom: 'x' })).toThrow('damaged'),
    ],
    ['is silent and closed', ({ subscribe }) => subscribe({ identity: ann, isSilent: true }).close()],
  ])('are none any more when one %s', async (_, end) => {
    const setup = oneEach();
    await end(setup);
    const next = setup.subscribe({ identity: ann });
    expect(() => setup.subscribe({ identity: ann })).toThrow(ONE_OF_CALLER);
    expect(next.isEnded).toBe(false);
    expect(setup.hub.counts.subscribers).toBe(1);
  });
});

describe('too many watches of one identity', () => {
  const TOO_MANY = refusal('at most 1 watches of an identity at a time; equal subscriptions share one');
  const oneWatch = (lingerMs = 0) =>
    setupHub({ maxWatchesPerIdentity: 1, random: () => 0.5, recheckMs: 0, lingerMs });

  it('are refused, while those who share a watch need none', () => {
    const { subscribe, hub } = oneWatch();
    subscribe();
    subscribe();
    expect(() => subscribe({ scope: OTHER_SCOPE })).toThrow(TOO_MANY);
    expect(() => subscribe({ resumeFrom: cursors.at('5') })).toThrow(TOO_MANY);
    subscribe({ identity: ann, scope: OTHER_SCOPE });
    expect(hub.counts).toMatchObject({ subscribers: 3, upstreamWatches: 2, refused: { watches: 2 } });
  });

  it('are none any more when the watch has stopped, and not before', async () => {
    const { subscribe, clock } = oneWatch(5000);
    subscribe().close();
    expect(() => subscribe({ scope: OTHER_SCOPE })).toThrow(TOO_MANY);
    await clock.advance(5000);
    expect(subscribe({ scope: OTHER_SCOPE }).isEnded).toBe(false);
  });

  it.each([
    ['fails', errorFrame(403, 'Forbidden')],
    ['is gone', errorFrame(404, 'NotFound')],
  ])('are none any more when the watch %s', async (_, frame) => {
    const { subscribe, upstream } = oneWatch();
    subscribe();
    (await upstream.nextCall()).open().write(frame);
    await flush();
    expect(subscribe({ scope: OTHER_SCOPE }).isEnded).toBe(false);
  });

  it('let the one begin anew whose position is forgotten', async () => {
    const setup = oneWatch();
    const subscription = setup.subscribe({ resumeFrom: cursors.at('5') });
    (await setup.upstream.nextCall()).open().write(GONE);
    await playList(setup);
    await flush();
    expect(takeLabels(subscription)).toEqual(['ADDED a@1', 'ADDED b@2', 'SYNCED']);
  });

  it('end the one who turns out to need a watch of its own', async () => {
    const setup = oneWatch();
    setup.upstream.onQuestion = (question) => question.reply(200, listPage(12, []));
    const first = setup.subscribe({ resumeFrom: cursors.at('10') });
    const further = setup.subscribe({ resumeFrom: cursors.at('50') });
    (await setup.upstream.nextCall()).open();
    await setup.clock.advance(1000);
    expect(takeLabels(first)).toEqual(['SYNCED']);
    expect(further.error).toEqual(TOO_MANY);
    expect(setup.hub.counts.subscribers).toBe(1);
  });
});
