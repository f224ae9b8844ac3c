import { expect, it, onTestFinished } from 'vitest';
import { KubegraphError } from '../../../src/errors/kubegraph-error.ts';
import { PolledPod } from '../../../src/logs/polled-pod.ts';
import { FakeEvents } from '../execution/support/fake-events.ts';
import { flush, ManualClock } from '../watch/support/manual-clock.ts';

const GONE = undefined;
const passing = new KubegraphError('UNREACHABLE', 'not now');
const forbidden = new KubegraphError('FORBIDDEN', 'not for you');

type Sight = string | typeof GONE | KubegraphError;

/** A pod as the test lets it be seen. */
async function polled(first: Sight) {
  const clock = new ManualClock();
  const seat = new FakeEvents();
  const world = { sight: first };
  let looks = 0;
  const look = async (): Promise<Buffer | undefined> => {
    looks += 1;
    if (world.sight instanceof KubegraphError) throw world.sight;
    return world.sight === GONE ? GONE : Buffer.from(world.sight);
  };
  const place = { namespace: 'a', pod: 'x' };
  const pod = new PolledPod({ clock, random: () => 0, place, look, seat });
  onTestFinished(() => pod.close());
  const told: string[] = [];
  pod.onReady = () => {
    for (let event = pod.take(); event !== undefined; event = pod.take())
      told.push(event.type === 'SYNCED' ? event.type : `${event.type} ${event.key} ${String(event.object)}`);
  };
  await flush();
  /** What is told until it is looked at again. */
  const see = async (sight: Sight): Promise<readonly string[]> => {
    told.length = 0;
    world.sight = sight;
    await clock.advance(clock.pendingMs[0] ?? 0);
    return [...told];
  };
  return { pod, clock, seat, told, see, looks: () => looks };
}

it('tells of the pod as a watch would', async () => {
  const { told, see } = await polled('1');
  expect(told).toEqual(['ADDED a/x 1', 'SYNCED']);
  expect(await see('1')).toEqual([]);
  expect(await see('2')).toEqual(['MODIFIED a/x 2']);
  expect(await see(GONE)).toEqual(['DELETED a/x 2']);
  expect(await see('3')).toEqual(['ADDED a/x 3']);
});

it('tells that there is no pod', async () => {
  expect((await polled(GONE)).told).toEqual(['SYNCED']);
});

it('looks less and less often at what does not change, and soon again at what has', async () => {
  const { clock, see } = await polled('1');
  const delays: (number | undefined)[] = [];
  for (const sight of ['1', '1', '1', '1', '1', '1', '1', '2', '2']) {
    delays.push(clock.pendingMs[0]);
    await see(sight);
  }
  expect(delays).toEqual([800, 1_600, 3_200, 6_400, 12_800, 15_000, 15_000, 15_000, 800]);
});

it('looks at once when something may have happened', async () => {
  const { pod, looks, see } = await polled('1');
  for (let time = 0; time < 5; time += 1) await see('1');
  const before = looks();
  pod.hurry();
  pod.hurry();
  await flush();
  expect(looks()).toBe(before + 1);
});

it('goes on where a look fails that may succeed later', async () => {
  const { pod, see } = await polled('1');
  for (let time = 0; time < 10; time += 1) expect(await see(passing)).toEqual([]);
  expect(await see('2')).toEqual(['MODIFIED a/x 2']);
  expect(pod.isEnded).toBe(false);
});

it('gives up where the first looks fail, one after the other', async () => {
  const { pod, seat, see, looks } = await polled(passing);
  while (!pod.isEnded) await see(passing);
  expect([looks(), pod.error, seat.isClosed]).toEqual([5, passing, true]);
});

it('ends at once where it must not be looked at', async () => {
  const { pod, seat, clock } = await polled(forbidden);
  expect([pod.isEnded, pod.error, seat.isClosed, clock.pendingMs]).toEqual([true, forbidden, true, []]);
});

it('ends when two refusals in a row say that it must no longer be looked at', async () => {
  const { pod, clock, see } = await polled('1');
  await see(forbidden);
  await see('1');
  await see(forbidden);
  expect([pod.isEnded, clock.pendingMs]).toEqual([false, [800]]);
  await see(forbidden);
  expect([pod.isEnded, pod.error]).toEqual([true, forbidden]);
});

it('ends with what ends its seat', async () => {
  const { pod, seat, clock } = await polled('1');
  const shutdown = new KubegraphError('SERVER_SHUTDOWN', 'good night');
  seat.end(shutdown);
  expect([pod.isEnded, pod.error, clock.pendingMs]).toEqual([true, shutdown, []]);
});

it('gives back its seat, and looks no more, when it is closed', async () => {
  const { pod, seat, clock } = await polled('1');
  pod.close();
  expect([pod.isEnded, seat.isClosed, clock.pendingMs]).toEqual([true, true, []]);
});
