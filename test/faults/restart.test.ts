import { describe, expect, test } from 'vitest';
import { bench, type Bench } from './support/bench.ts';
import { converge } from './support/converge.ts';
import type { Subscriber } from './support/subscriber.ts';

/** Longer than what was read from certificate files is trusted, as client-go has it. */
const CERTIFICATES_ARE_STALE_MS = 5 * 60_000;

/** Three subscribers that know what is there. */
async function watched(all: Bench): Promise<readonly Subscriber[]> {
  all.objects.change(40);
  const subscribers = [all.subscribe(), all.subscribe(), all.subscribe()];
  for (const subscriber of subscribers) await subscriber.converges();
  return subscribers;
}

describe('when the API server is killed in the middle of a stream and comes back', () => {
  test.each([
    ['at once', 0],
    ['after a while', 60],
  ])('%s, subscribers miss nothing and notice nothing', async (_, pauseMs) => {
    const all = await bench();
    const { demo, objects, defects } = all;
    const subscribers = await watched(all);
    objects.change(20);
    const restarted = demo.api.restart({ pauseMs });
    // While nobody listens, life goes on.
    objects.change(20);
    await restarted;
    objects.change(20);
    await converge(subscribers);
    expect(subscribers.flatMap(({ failures }) => failures)).toEqual([]);
    expect(defects).toEqual([]);
  });

  test('with its history gone, subscribers learn what has been deleted', async () => {
    const all = await bench();
    const { demo, objects } = all;
    const subscribers = await watched(all);
    const restarted = demo.api.restart({ pauseMs: 20 });
    for (let index = 0; index < 10; index++) objects.remove(`object-${index}`);
    objects.put('object-3');
    objects.compact();
    await restarted;
    await converge(subscribers);
    expect(subscribers.flatMap(({ failures }) => failures)).toEqual([]);
  });

  test('time and again, in the middle of what it is sending', async () => {
    const all = await bench();
    const { faults, objects, clock, report } = all;
    faults.arm({
      on: { verb: 'watch' },
      when: { times: 5 },
      fault: { kind: 'restart', after: [0, 30], pauseMs: [0, 30] },
    });
    objects.change(30);
    const subscribers = [all.subscribe(), all.subscribe()];
    while (faults.log.length < 5) {
      objects.change(3);
      await clock.sleep(300);
    }
    await faults.settled();
    objects.change(20);
    await converge(subscribers);
    expect(
      faults.log.map(({ kind }) => kind),
      report(),
    ).toEqual(Array.from({ length: 5 }, () => 'restart'));
  });

  test('queries fail with UNREACHABLE while it is away, and work again at once', async () => {
    const { ask, demo } = await bench();
    const query = '{ namespace(name: "default") { metadata { name } } }';
    await demo.api.close();
    expect(await ask(query)).toMatchObject({
      data: { namespace: null },
      errors: [{ extensions: { code: 'UNREACHABLE' } }],
    });
    await demo.api.restart();
    expect(await ask(query)).toMatchObject({
      data: { namespace: { metadata: { name: 'default' } } },
      errors: [],
    });
  });
});

describe('when certificates and tokens rotate, with their files written anew', () => {
  test('subscribers with a client certificate go on once the files are read again', async () => {
    const all = await bench();
    const { faults, objects, clock, report } = all;
    const subscribers = await watched(all);
    const { struck } = faults.arm({
      on: { verb: 'watch' },
      when: { nth: 1 },
      fault: { kind: 'rotate', after: 5 },
    });
    const late = all.subscribe();
    await all.demo.api.restart();
    while (faults.log.length === 0) {
      objects.change(3);
      await clock.sleep(300);
    }
    await struck;
    await faults.settled();
    objects.change(20);
    clock.skip(CERTIFICATES_ARE_STALE_MS);
    await converge([...subscribers, late]);
    expect(
      subscribers.flatMap(({ failures }) => failures),
      report(),
    ).toEqual([]);
  });

  test('queries work again once the files are read again', async () => {
    const { ask, clock, rotate } = await bench({ credentials: 'token' });
    const query = '{ namespace(name: "default") { metadata { name } } }';
    await rotate();
    clock.skip(CERTIFICATES_ARE_STALE_MS);
    expect((await ask(query)).errors).toEqual([]);
  });

  test('subscribers with a token go on', async () => {
    const all = await bench({ credentials: 'token' });
    const subscribers = await watched(all);
    await all.rotate();
    all.objects.change(20);
    all.clock.skip(CERTIFICATES_ARE_STALE_MS);
    await converge(subscribers);
  });
});
