import { describe, expect, it } from 'vitest';
import { DeliveryQueue } from '../../../src/watch/delivery-queue.ts';
import type { ChangeType, Delivery } from '../../../src/watch/event.ts';

/** `ADDED a@1`; the version is also the cursor. */
function delivery(text: string): Delivery {
  if (text === 'SYNCED') return { id: undefined, event: { type: 'SYNCED', cursor: '' } };
  const [type, id = '', cursor = ''] = text.split(/[ @]/);
  // The tests write nothing else here.
  return { id, event: { type: type as ChangeType, object: Buffer.from(id), cursor } };
}

function drain(queue: DeliveryQueue): string[] {
  const texts: string[] = [];
  for (let event = queue.shift(); event !== undefined; event = queue.shift()) {
    texts.push(
      event.type === 'SYNCED' ? 'SYNCED' : `${event.type} ${event.object.toString()}@${event.cursor}`,
    );
  }
  return texts;
}

/** A queue with room for three that got all of `texts`, one by one. */
function queueOf(...texts: string[]): DeliveryQueue {
  const queue = new DeliveryQueue(3);
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
});
