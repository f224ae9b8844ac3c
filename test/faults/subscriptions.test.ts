import { afterEach, describe, expect, test } from 'vitest';
import type { Fault } from '../../demo/faults/rule.ts';
import { atEnd } from '../real/support/at-end.ts';
import { bench } from './support/bench.ts';
import { converge, convergeInTime, LONGEST_WATCH_MS } from './support/converge.ts';
import type { Subscriber } from './support/subscriber.ts';

const all = await bench({ cleanUp: atEnd });
const { clock, faults, objects } = all;
const subscribers: Subscriber[] = [];
afterEach(() => {
  faults.disarm();
  for (const subscriber of subscribers.splice(0)) subscriber.leave();
  expect(all.defects.slice(0, 1)).toEqual([]);
});

function subscribe(): Subscriber {
  const subscriber = all.subscribe();
  subscribers.push(subscriber);
  return subscriber;
}

/** Two subscribers while so many watches are struck and objects change, and a third one that comes then. */
async function strike(fault: Fault, times: number): Promise<void> {
  const before = faults.log.length;
  objects.change(30);
  faults.arm({ on: { verb: 'watch', resource: 'configmaps' }, when: { times }, fault });
  subscribe();
  subscribe();
  for (let healed = before; faults.log.length < before + times;) {
    objects.change(3);
    await clock.sleep(300);
    if (fault.kind !== 'halfOpen' || faults.log.length === healed) continue;
    healed = faults.log.length;
    clock.skip(LONGEST_WATCH_MS);
  }
  faults.disarm();
  subscribe();
  objects.change(20);
  await (fault.kind === 'halfOpen' ? convergeInTime(subscribers, clock) : converge(subscribers));
  // What comes afterwards still arrives.
  objects.change(20);
  await converge(subscribers);
  expect(faults.log.slice(before).every(({ kind }) => kind === fault.kind)).toBe(true);
}

describe('subscribers have the right state in the end, and no object goes back in time, when watches', () => {
  test.each<[string, Fault]>([
    ['are cut inside a line', { kind: 'cut', after: [0, 40] }],
    ['end inside a line as if that were all', { kind: 'cut', after: [0, 40], end: 'clean' }],
    ['end early', { kind: 'end', after: [0, 40] }],
    ['lose their connection', { kind: 'reset', after: [0, 40] }],
    ['lose their connection before they begin', { kind: 'reset', at: 'request' }],
    ['fall silent without an end', { kind: 'halfOpen', after: [30, 50] }],
    ['fall silent in the middle of the initial objects', { kind: 'halfOpen', after: 3 }],
    ['end with a 410', { kind: 'errorEvent', code: 410, after: [0, 40] }],
    ['end with a 429', { kind: 'errorEvent', code: 429, after: [0, 40] }],
    ['end with a 500', { kind: 'errorEvent', code: 500, after: [0, 40] }],
    ['end with a 503', { kind: 'errorEvent', code: 503, after: [0, 40] }],
    ['are refused with a 410', { kind: 'refuse', code: 410 }],
    [
      'are refused with a 429 that says when to come back',
      { kind: 'refuse', code: 429, retryAfterSeconds: 2 },
    ],
    ['are refused with a 500', { kind: 'refuse', code: 500 }],
    ['are refused with a 503', { kind: 'refuse', code: 503 }],
    ['are refused by something on the way', { kind: 'refuse', code: 503, as: 'text' }],
  ])('%s', async (_, fault) => {
    await strike(fault, 3);
  });

  test.each<[string, Fault]>([
    ['arrive byte by byte', { kind: 'slice' }],
    ['arrive slowly', { kind: 'slow', pauseMs: [0, 2] }],
    ['have one huge line', { kind: 'oversize', bytes: 3_000_000, after: 5 }],
  ])('%s', async (_, fault) => {
    await strike(fault, 1);
  });

  test('repeat what they have said, and what earlier ones have', async () => {
    const before = faults.log.length;
    objects.change(30);
    faults.arm({ on: { verb: 'watch' }, fault: { kind: 'replay', events: [5, 50], after: [0, 15] } });
    faults.arm({ on: { verb: 'watch' }, when: { times: 5 }, fault: { kind: 'end', after: [25, 40] } });
    subscribe();
    const hits = (kind: Fault['kind']): number =>
      faults.log.slice(before).filter((injection) => injection.kind === kind).length;
    while (hits('end') < 5) {
      objects.change(3);
      await clock.sleep(300);
    }
    await converge(subscribers);
    expect(hits('replay')).toBeGreaterThan(2);
  });

  test('come from a server that lags behind', async () => {
    objects.change(30);
    // The next watch starts at a position, and finds a server that has not got there.
    const end = faults.arm({ on: { verb: 'watch' }, when: { nth: 1 }, fault: { kind: 'end', after: 40 } });
    const stale = faults.arm({ on: { verb: 'watch' }, when: { times: 2 }, fault: { kind: 'stale' } });
    subscribe();
    await converge(subscribers);
    objects.change(100);
    await end.struck;
    objects.change(10);
    expect(await stale.struck).toMatchObject({ kind: 'stale' });
    await converge(subscribers);
  });

  test('have lost their position while they were away', async () => {
    objects.change(30);
    const subscriber = subscribe();
    await converge(subscribers);
    for (let round = 0; round < 3; round++) {
      const away = faults.arm({
        on: { verb: 'watch' },
        when: { times: 1 },
        fault: { kind: 'refuse', code: 503 },
      });
      await all.demo.api.restart();
      await away.struck;
      objects.change(10);
      objects.compact();
      await converge(subscribers);
    }
    expect(subscriber.failures).toEqual([]);
  });
});

test('a subscription ends with a code that says so when an event is larger than the gateway reads', async () => {
  const strict = await bench({ maxFrameBytes: 100_000 });
  strict.objects.change(10);
  strict.faults.arm({ on: { verb: 'watch' }, fault: { kind: 'oversize', bytes: 200_000, after: 3 } });
  await expect(strict.subscribe().converges()).rejects.toThrow('RESULT_TOO_LARGE');
});

// What a gateway has learnt about a path stays with it: these have one of their own.

test('a server that never says when the initial objects are complete is asked for pages', async () => {
  const fresh = await bench();
  fresh.objects.change(30);
  const { struck } = fresh.faults.arm({ on: { verb: 'watch' }, fault: { kind: 'noBookmarks', of: 'all' } });
  const subscriber = fresh.subscribe();
  await struck;
  fresh.objects.change(30);
  await subscriber.converges();
});

test.each<[string, Fault]>([
  ['a watch that falls silent before it begins', { kind: 'halfOpen' }],
  ['the refusal of a watch that falls silent in the middle', { kind: 'slow', pieces: 2, pauseMs: 100_000 }],
])('%s is given up at its deadline, and the watch begun again', async (_, fault) => {
  const hurried = await bench({ deadlineMs: 500 });
  hurried.objects.change(30);
  const on = { verb: 'watch', resource: 'configmaps' };
  const subscriber = hurried.subscribe();
  await subscriber.converges();
  const when = { times: 2 };
  hurried.faults.arm({ on, when, fault });
  hurried.faults.arm({ on, when, fault: { kind: 'refuse', code: 503 } });
  await hurried.demo.api.restart();
  hurried.objects.change(30);
  await subscriber.converges();
  expect(hurried.faults.log).toHaveLength(4);
});

test('a subscription that never gets a start ends with the last failure, and one that comes later is served', async () => {
  const fresh = await bench();
  fresh.objects.change(10);
  const armed = fresh.faults.arm({ on: { verb: 'watch' }, fault: { kind: 'refuse', code: 503 } });
  const subscriber = fresh.subscribe();
  while (subscriber.failures.length === 0) await fresh.clock.sleep(1000);
  expect(subscriber.failures).toEqual(['UNAVAILABLE']);
  armed.disarm();
  await subscriber.converges();
});
