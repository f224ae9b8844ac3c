import { describe, expect, it } from 'vitest';
import { WatchHub } from '../../../src/watch/hub.ts';
import { flush, ManualClock } from './support/manual-clock.ts';
import { describeState, ModelClient } from './support/model-client.ts';
import { ModelCluster } from './support/model-cluster.ts';
import { Random } from './support/random.ts';

const STEPS = 2000;
const SEEDS = Array.from({ length: Number(process.env['NSEEDS'] ?? 25) }, (_, index) => index + 1);

/** Two busy subscribers and two that read now and then, in front of an API server that fails in every way it can. */
async function play(seed: number) {
  const random = new Random(seed);
  const cluster = new ModelCluster(random);
  const clock = new ManualClock();
  const hub = new WatchHub({
    upstream: cluster,
    clock,
    random: () => random.next(),
    lingerMs: random.pick([0, 5000]),
    maxQueuedEvents: random.pick([8, 50, 1000]),
    maxHistoryEvents: random.pick([0, 10, 1000]),
    maxStartFailures: 20,
  });
  const clients = [false, false, true, true].map((isSluggish) => new ModelClient(hub, random, isSluggish));
  let mostSurplusCalls = 0;
  for (let count = 0; count < STEPS; count += 1) {
    cluster.mutate();
    random.pick(clients).act();
    if (random.chance(0.3)) cluster.completeLists();
    if (random.chance(0.15)) cluster.disturb();
    if (random.chance(0.01)) cluster.compact();
    if (random.chance(0.5)) await flush();
    if (random.chance(0.2)) await clock.advance(random.below(3000));
    if (random.chance(0.01)) await clock.advance(310_000);
    mostSurplusCalls = Math.max(mostSurplusCalls, cluster.openCalls - hub.size);
  }
  cluster.areFaultsOn = false;
  for (let minute = 0; minute < 20; minute += 1) {
    for (const client of clients) client.hurry();
    cluster.completeLists();
    await clock.advance(60_000);
  }
  return { cluster, clock, hub, clients, mostSurplusCalls };
}

describe('a hub in front of an API server with every fault', () => {
  it.each(SEEDS)('keeps every subscriber consistent, seed %i', async (seed) => {
    const { cluster, clock, hub, clients, mostSurplusCalls } = await play(seed);
    expect(mostSurplusCalls, `seed ${seed}, upstream calls beyond one per watch`).toBeLessThanOrEqual(0);
    const expected = describeState(cluster.objects);
    for (const [index, client] of clients.entries()) {
      const who = `seed ${seed}, subscriber ${index}`;
      expect(client.violations, who).toEqual([]);
      expect(describeState(client.state), who).toEqual(expected);
    }
    for (const client of clients) client.stop();
    await clock.advance(5000);
    expect(hub.size, `seed ${seed}, watches left`).toBe(0);
    await hub.close();
  });
});
