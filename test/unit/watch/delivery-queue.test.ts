import { describe, expect, it } from 'vitest';
import { DeliveryQueue } from '../../../src/watch/delivery-queue.ts';
import type { ChangeEvent, ChangeType, Delivery } from '../../../src/watch/event.ts';
import { changeDelivery } from './support/objects.ts';

/** `ADDED a@1`; the version is also the cursor. */
function delivery(text: string): Delivery {
  if (text === 'SYNCED')
    return { id: undefined, event: { type: 'SYNCED', isSnapshot: true, cursor: '', receivedAt: 0 } };
  const [type, id = '', cursor = ''] = text.split(/[ @]/);
  // The tests write nothing else here.
  return changeDelivery(id, { type: type as ChangeType, cursor });
}

function drain(queue: DeliveryQueue): string[] {
  const texts: string[] = [];
  for (let event = queue.shift(); event !== undefined; event = queue.shift())
    texts.push(event.type === 'SYNCED' ? 'SYNCED' : `${event.type} ${event.key}@${event.cursor}`);
  return texts;
}

interface QueueSetup {
  readonly maxBytes?: number;
  readonly coalesces?: boolean;
  /** Objects that somebody else keeps. */
  readonly held?: readonly string[];
}

/** A queue with room for three. */
function setup({ maxBytes = 10_000, coalesces = false, held = [] }: QueueSetup = {}) {
  const counts = { coalesced: 0 };
  const holder = { holds: ({ key }: ChangeEvent) => held.includes(key) };
  return {
    counts,
    queue: new DeliveryQueue({ bounds: { maxEvents: 3, maxBytes }, counts }, holder, coalesces),
  };
}

/** A queue with room for three that got all of `texts`, one by one. */
function queueOf(...texts: string[]): DeliveryQueue {
  const { queue } = setup();
  for (const text of texts) expect(queue.push(delivery(text)), text).toBe(true);
  return queue;
}

describe('DeliveryQueue', () => {
  it('keeps every event up to its bound', () => {
    const texts = ['ADDED a@1', 'MODIFIED a@2', 'DELETED a@3'];
    expect(drain(queueOf(...texts))).toEqual(texts);
  });

  it('keeps the latest state per object beyond its bound, in the order of positions', () => {
    const queue = queueOf('MODIFIED a@1', 'MODIFIED b@2', 'MODIFIED a@3', 'MODIFIED a@4');
    expect(drain(queue)).toEqual(['MODIFIED b@2', 'MODIFIED a@4']);
  });

  it.each([
    [['ADDED a@1', 'MODIFIED a@2'], 'ADDED a@2'],
    [['MODIFIED a@1', 'MODIFIED a@2'], 'MODIFIED a@2'],
    [['MODIFIED a@1', 'DELETED a@2'], 'DELETED a@2'],
    [['ADDED a@1', 'DELETED a@2'], 'DELETED a@2'],
    [['DELETED a@1', 'ADDED a@2'], 'MODIFIED a@2'],
    [['ADDED a@1', 'DELETED a@2', 'ADDED a@3'], 'ADDED a@3'],
  ])('makes %j one event', (texts, expected) => {
    const queue = queueOf(...texts);
    for (let version = 10; version < 13; version += 1) queue.push(delivery(`MODIFIED x@${version}`));
    expect(drain(queue)).toEqual([expected, 'MODIFIED x@12']);
  });

  it('keeps both objects when one replaced another of the same name', () => {
    const queue = queueOf('DELETED uid1@1', 'ADDED uid2@1', 'MODIFIED uid2@2', 'MODIFIED uid2@3');
    expect(drain(queue)).toEqual(['DELETED uid1@1', 'ADDED uid2@3']);
  });

  it('says so when there is no room for the latest states', () => {
    const queue = queueOf('ADDED a@1', 'ADDED b@2', 'ADDED c@3');
    expect(queue.push(delivery('ADDED d@4'))).toBe(false);
  });

  it('keeps every event again once it was read empty', () => {
    const queue = queueOf('MODIFIED a@1', 'MODIFIED a@2', 'MODIFIED a@3', 'MODIFIED a@4');
    expect(drain(queue)).toEqual(['MODIFIED a@4']);
    for (const text of ['MODIFIED a@5', 'MODIFIED a@6']) queue.push(delivery(text));
    expect(drain(queue)).toEqual(['MODIFIED a@5', 'MODIFIED a@6']);
  });

  it('never overtakes SYNCED', () => {
    const queue = queueOf('SYNCED', 'MODIFIED a@1', 'MODIFIED a@2', 'MODIFIED a@3');
    expect(drain(queue)).toEqual(['SYNCED', 'MODIFIED a@3']);
  });

  it('takes a batch of any size, before what comes later', () => {
    const queue = queueOf();
    const batch = ['ADDED a@1', 'ADDED b@1', 'ADDED c@1', 'ADDED d@1', 'ADDED e@1'];
    expect(queue.pushBatch(batch.map(delivery))).toBe(true);
    for (const text of ['SYNCED', 'MODIFIED a@2']) expect(queue.push(delivery(text))).toBe(true);
    expect(drain(queue)).toEqual([...batch, 'SYNCED', 'MODIFIED a@2']);
  });

  it('takes a batch behind what is waiting, also behind latest states', () => {
    const queue = queueOf('MODIFIED a@1', 'MODIFIED a@2', 'MODIFIED a@3', 'MODIFIED a@4');
    expect(queue.pushBatch([delivery('DELETED a@5')])).toBe(true);
    expect(drain(queue)).toEqual(['MODIFIED a@4', 'DELETED a@5']);
  });

  it('counts a batch that comes while another one is waiting', () => {
    const queue = queueOf();
    queue.pushBatch(['ADDED a@1', 'ADDED b@1'].map(delivery));
    const fits = ['MODIFIED a@2', 'MODIFIED b@2', 'ADDED c@2'].map(delivery);
    expect(queue.pushBatch(fits)).toBe(true);
    expect(queue.pushBatch([delivery('ADDED d@3')])).toBe(false);
  });

  it('is empty after it was cleared', () => {
    const queue = queueOf('ADDED a@1');
    queue.pushBatch([delivery('ADDED b@2')]);
    queue.clear();
    expect(drain(queue)).toEqual([]);
  });

  it('counts what it has coalesced', () => {
    const { queue, counts } = setup({ coalesces: true });
    for (const text of ['MODIFIED a@1', 'MODIFIED a@2', 'MODIFIED b@3', 'MODIFIED a@4'])
      queue.push(delivery(text));
    expect(counts.coalesced).toBe(2);
    expect(queue.size).toBe(2);
  });

  it('is empty, and has room again, after it was read by halves', () => {
    const { queue } = setup();
    for (let version = 1; version < 100; version += 1) {
      for (const name of ['a', 'b', 'c']) queue.push(delivery(`MODIFIED ${name}@${version}`));
      expect(drain(queue)).toHaveLength(3);
    }
    expect(queue.size).toBe(0);
  });
});

describe('a queue that coalesces from the start', () => {
  it('keeps the latest state per object only', () => {
    const { queue } = setup({ coalesces: true });
    for (const text of ['ADDED a@1', 'MODIFIED b@2', 'MODIFIED a@3', 'DELETED b@4'])
      queue.push(delivery(text));
    expect(drain(queue)).toEqual(['ADDED a@3', 'DELETED b@4']);
  });

  it('coalesces a batch with what waits', () => {
    const { queue } = setup({ coalesces: true });
    queue.push(delivery('MODIFIED a@1'));
    queue.pushBatch([delivery('MODIFIED a@2'), delivery('ADDED c@2')]);
    expect(drain(queue)).toEqual(['MODIFIED a@2', 'ADDED c@2']);
  });

  it('gives all queues the same event objects, also where it had to change them', () => {
    const deliveries = [delivery('ADDED a@1'), delivery('MODIFIED a@2')];
    const events = [1, 2].map(() => {
      const { queue } = setup({ coalesces: true });
      for (const each of deliveries) queue.push(each);
      return queue.shift();
    });
    expect(events[0]).toMatchObject({ type: 'ADDED', cursor: '2' });
    expect(events[1]).toBe(events[0]);
  });

  it('does not keep what was before', () => {
    const { queue } = setup({ coalesces: true });
    queue.push(changeDelivery('a', { before: 1000 }));
    expect(queue.shift()).toMatchObject({ before: undefined });
  });
});

describe('the bound in bytes', () => {
  const big = (id: string, bytes = 4000) => changeDelivery(id, { bytes });

  it('lets a single event wait, however large it is', () => {
    const { queue } = setup();
    expect(queue.push(big('a', 50_000))).toBe(true);
  });

  it('makes it coalesce before the bound in events does', () => {
    const { queue, counts } = setup();
    for (let count = 0; count < 10; count += 1) expect(queue.push(big('a'))).toBe(true);
    expect(queue.size).toBeLessThanOrEqual(2);
    expect(counts.coalesced).toBeGreaterThan(7);
  });

  it('is the end when the latest states do not fit', () => {
    const { queue } = setup();
    expect([big('a'), big('b'), big('c')].map((each) => queue.push(each))).toEqual([true, true, false]);
  });

  it('does not count latest states that somebody else keeps anyway', () => {
    const { queue } = setup({ held: ['a', 'b', 'c'] });
    expect([big('a'), big('b'), big('c')].map((each) => queue.push(each))).toEqual([true, true, true]);
  });

  it('counts what was before a change, which only the event still keeps', () => {
    const { queue } = setup();
    for (const id of ['a', 'b']) queue.push(changeDelivery(id, { before: 6000 }));
    expect(queue.shift()).toMatchObject({ key: 'a', before: undefined });
  });

  it('does not count a snapshot, but what it alone still keeps while nobody reads', () => {
    const { queue } = setup();
    queue.pushBatch([big('a', 9000), big('b', 9000), big('c', 9000)]);
    expect(queue.push(changeDelivery('a', { before: 6000 }))).toBe(true);
    expect(queue.push(changeDelivery('b', { before: 6000 }))).toBe(false);
  });

  it('leaves a reader who goes on all the time that a snapshot takes', () => {
    const { queue } = setup();
    queue.pushBatch([big('a', 9000), big('b', 9000), big('c', 9000)]);
    for (const id of ['a', 'b']) {
      expect(queue.push(changeDelivery(id, { before: 6000 }))).toBe(true);
      queue.shift();
    }
  });

  it('is free again once the events were read', () => {
    const { queue } = setup();
    for (let count = 0; count < 10; count += 1) {
      expect([big('a'), big('b')].map((each) => queue.push(each))).toEqual([true, true]);
      expect(drain(queue)).toHaveLength(2);
    }
  });
});
