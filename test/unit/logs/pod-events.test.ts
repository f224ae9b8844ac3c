import { expect, it } from 'vitest';
import { KubegraphError } from '../../../src/errors/kubegraph-error.ts';
import { PermittedEvents } from '../../../src/logs/pod-events.ts';
import { change, FakeEvents, synced } from '../execution/support/fake-events.ts';

const forbidden = new KubegraphError('FORBIDDEN', 'not for you');

/** Events that have been taken from the beginning, as they came. */
function permitted(otherwise: () => FakeEvents = () => new FakeEvents()) {
  const watch = new FakeEvents();
  const others: FakeEvents[] = [];
  const events = new PermittedEvents(watch, () => {
    others.push(otherwise());
    return others.at(-1) as FakeEvents;
  });
  const taken: string[] = [];
  events.onReady = () => {
    for (let event = events.take(); event !== undefined; event = events.take()) taken.push(event.type);
  };
  events.onReady();
  return { watch, others, events, taken };
}

it('are those of the watch, which ends them', () => {
  const { watch, others, events, taken } = permitted();
  watch.put(change('ADDED', 'x'), synced());
  watch.end(forbidden);
  expect([taken, events.isEnded, events.error, others]).toEqual([['ADDED', 'SYNCED'], true, forbidden, []]);
});

it('are those of somebody else where the watch is forbidden from the beginning', () => {
  const { watch, others, events, taken } = permitted();
  watch.end(forbidden);
  expect([others.length, events.isEnded, events.error]).toEqual([1, false, undefined]);
  others[0]?.put(synced());
  expect(taken).toEqual(['SYNCED']);
  others[0]?.end(forbidden);
  expect([others.length, events.isEnded, events.error]).toEqual([1, true, forbidden]);
});

it('end where the watch cannot be had for another reason', () => {
  const { watch, others, events } = permitted();
  const reason = new KubegraphError('UNAUTHENTICATED', 'who are you?');
  watch.end(reason);
  expect([events.isEnded, events.error, others]).toEqual([true, reason, []]);
});

it('pass on that something may have happened, to whoever looks', () => {
  let hurried = 0;
  const { watch, events } = permitted(() => Object.assign(new FakeEvents(), { hurry: () => (hurried += 1) }));
  events.hurry();
  watch.end(forbidden);
  events.hurry();
  expect(hurried).toBe(1);
});

it('close what they come from', () => {
  const { watch, others, events } = permitted();
  watch.end(forbidden);
  events.close();
  expect(others.map(({ isClosed }) => isClosed)).toEqual([true]);
});
