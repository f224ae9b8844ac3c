import { describe, expect, it } from 'vitest';
import { WatchHub } from '../../../src/watch/hub.ts';
import { flush, ManualClock } from './support/manual-clock.ts';
import { describeState, ModelClient } from './support/model-client.ts';
import { ModelCluster } from './support/model-cluster.ts';
import { Random } from './support/random.ts';

/** More of them take longer and find more: `WATCH_SEEDS=1000`. */
const SEED_COUNT = Number(process.env['WATCH_SEEDS'] ?? 25);
const SEEDS = Array.from({ length: SEED_COUNT }, (_, index) => index + 1);
const ROUNDS = 20;
const STEPS_PER_ROUND = 100;

/** A hub in front of a model API server, with two busy subscribers and two that read now and then. */
function setup(seed: number) {
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
  return { random, cluster, clock, hub, clients };
}

type Setup = ReturnType<typeof setup>;

/** Changes and faults, in any order and with any of them at the same instant. */
async function disturb({ random, cluster, clock, clients, hub }: Setup): Promise<void> {
  cluster.areFaultsOn = true;
  for (let count = 0; count < STEPS_PER_ROUND; count += 1) {
    cluster.mutate();
    random.pick(clients).act();
    if (random.chance(0.3)) cluster.completeLists();
    if (random.chance(0.15)) cluster.disturb();
    if (random.chance(0.02)) cluster.compact();
    if (random.chance(0.5)) await flush();
    if (random.chance(0.2)) await clock.advance(random.below(3000));
    if (random.chance(0.01)) await clock.advance(310_000);
    expect(cluster.openCalls, 'upstream calls, of which each watch has one').toBeLessThanOrEqual(hub.size);
  }
}

/** Lets everything heal that can: half-open connections are found only after the longest watch. */
async function heal({ cluster, clock, clients }: Setup): Promise<void> {
  cluster.areFaultsOn = false;
  for (let minute = 0; minute < 15; minute += 1) {
    for (const client of clients) client.read();
    cluster.completeLists();
    await clock.advance(60_000);
  }
}

describe('a hub in front of an API server with every fault', () => {
  it.each(SEEDS)('keeps every subscriber consistent, seed %i', async (seed) => {
    const all = setup(seed);
    const { cluster, clock, hub, clients } = all;
    for (let round = 1; round <= ROUNDS; round += 1) {
      await disturb(all);
      for (const client of clients) client.isHurried = true;
      await heal(all);
      for (const [index, client] of clients.entries()) {
        const who = `seed ${seed}, round ${round}, subscriber ${index}`;
        expect(client.violations, who).toEqual([]);
        expect(describeState(client.state), who).toEqual(describeState(cluster.objects));
        client.isHurried = false;
      }
    }
    for (const client of clients) client.stop();
    await clock.advance(5000);
    expect(hub.size, `seed ${seed}, watches left`).toBe(0);
    await hub.close();
  });
});
