import { describe, expect, it } from 'vitest';
import { KubegraphError } from '../../../src/errors/kubegraph-error.ts';
import { testEngine } from '../support/test-engine.ts';
import { change, FakeWatches, synced } from './support/fake-events.ts';
import { podId } from './support/pods.ts';
import { subscribe, type Subscriber } from './support/subscriber.ts';

const EVENTS = 'subscription { pods { type id object { spec { nodeName } } } }';

async function watched(
  query = EVENTS,
): Promise<{ watches: FakeWatches; subscriber: Subscriber; defects: readonly unknown[] }> {
  const watches = new FakeWatches();
  const engine = await testEngine({ watches });
  return { watches, subscriber: await subscribe(engine, query), defects: engine.defects };
}

const SLOW = new KubegraphError('SLOW_CONSUMER', 'too slow', {
  extensions: { cursor: 'c', retryAfterMs: 1_234 },
});

describe('a subscription that has ended', () => {
  it('hands over what waits, then says why, from where to resume and when', async () => {
    const { watches, subscriber } = await watched();
    watches.put(synced());
    watches.latest.end(SLOW);
    expect((await subscriber.next())?.data).toMatchObject({ pods: { type: 'SYNCED' } });
    const payload = await subscriber.payload();
    expect(JSON.parse(String(payload?.json))).toEqual({
      errors: [
        {
          message: 'too slow',
          locations: [{ line: 1, column: 16 }],
          path: ['pods'],
          extensions: { code: 'SLOW_CONSUMER', cursor: 'c', retryAfterMs: 1_234 },
        },
      ],
    });
    expect([payload?.cursor, payload?.receivedAt]).toEqual([undefined, undefined]);
    expect(subscriber.answer.isEnded).toBe(true);
    expect(subscriber.answer.retryAfterMs).toBe(1_234);
    expect(subscriber.answer.take()).toBeUndefined();
  });

  it('is not over before its failure has been taken', async () => {
    const { watches, subscriber } = await watched();
    watches.latest.end(SLOW);
    expect(subscriber.answer.isEnded).toBe(false);
    await subscriber.next();
    expect(subscriber.answer.isEnded).toBe(true);
  });

  it('has a defect of ours reported', async () => {
    const { watches, subscriber, defects } = await watched();
    const cause = new TypeError('not a function');
    watches.latest.end(new KubegraphError('INTERNAL_ERROR', 'the gateway failed to watch', { cause }));
    expect((await subscriber.next())?.errors).toMatchObject([{ message: 'the gateway failed to watch' }]);
    expect(defects).toEqual([cause]);
  });

  it('says nothing when the watch was closed', async () => {
    const { watches, subscriber } = await watched();
    watches.latest.end();
    expect(await subscriber.next()).toBeUndefined();
    expect([subscriber.answer.isEnded, subscriber.answer.retryAfterMs]).toEqual([true, undefined]);
  });

  it('says nothing to a client who has left', async () => {
    const engine = await testEngine();
    const subscriber = await subscribe(engine, EVENTS);
    await engine.stub.watches.next();
    subscriber.leave();
    expect(await subscriber.next()).toBeUndefined();
    expect(engine.defects).toEqual([]);
  });
});

it.each([
  EVENTS,
  'subscription { pods(batchMs: 1) { events { type } } }',
  'subscription { podsLive { total } }',
])('closes its watch when its reader closes it: %s', async (query) => {
  const { watches, subscriber } = await watched(query);
  subscriber.answer.close();
  expect([watches.latest.isClosed, subscriber.answer.isEnded]).toEqual([true, true]);
});

describe('an object that cannot be read', () => {
  const broken = Buffer.from('{"spec":{"nodeName":}}');

  it('is null with an error in its event, and the events behind it come', async () => {
    const { watches, subscriber, defects } = await watched();
    watches.put(change('MODIFIED', 'x', undefined, { object: broken }), change('DELETED', 'x'));
    const answer = await subscriber.next();
    expect(answer?.data).toEqual({ pods: { type: 'MODIFIED', id: podId('x'), object: null } });
    expect(answer?.errors).toMatchObject([
      { path: ['pods', 'object'], extensions: { code: 'UPSTREAM_ERROR' } },
    ]);
    expect((await subscriber.next())?.data).toMatchObject({ pods: { type: 'DELETED', id: podId('x') } });
    expect(defects).toEqual([]);
  });

  it('says in which event of a batch it is', async () => {
    const { watches, subscriber } = await watched(
      'subscription { pods(snapshotPageSize: 10) { events { o: object { spec { nodeName } } } } }',
    );
    watches.put(change('ADDED', 'x'), change('ADDED', 'y', undefined, { object: broken }));
    const answer = await subscriber.next();
    expect(answer?.data).toEqual({ pods: { events: [{ o: { spec: null } }, { o: null }] } });
    expect(answer?.errors).toMatchObject([{ path: ['pods', 'events', 1, 'o'] }]);
  });

  it('ends a live query: a list with a hole in it is none', async () => {
    const { watches, subscriber } = await watched(
      'subscription { podsLive { items { spec { nodeName } } } }',
    );
    watches.put(change('ADDED', 'x', undefined, { object: broken }), synced());
    expect((await subscriber.next())?.errors).toMatchObject([{ extensions: { code: 'UPSTREAM_ERROR' } }]);
    expect([subscriber.answer.isEnded, watches.latest.isClosed]).toEqual([true, true]);
  });
});

it('names an object that only the subscriber knew', async () => {
  const { watches, subscriber } = await watched();
  watches.put(change('DELETED', 'x', undefined, { object: undefined }));
  expect((await subscriber.next())?.data).toEqual({
    pods: { type: 'DELETED', id: podId('x'), object: null },
  });
});

it('has a cursor and a moment for each event', async () => {
  const { watches, subscriber } = await watched();
  const event = change('ADDED', 'x');
  watches.put(event);
  expect(await subscriber.payload()).toMatchObject({ cursor: event.cursor, receivedAt: event.receivedAt });
});
