/**
 * A program of its own: the demo's API server, which changes config maps when it is told to, counts the watches that are
 * open, and can end them with a 410.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom } from '../../demo/api/seeded-random.ts';
import { createFaults } from '../../demo/faults/faults.ts';
import { type DemoCluster, startDemo } from '../../demo/start.ts';
import { Objects } from '../../test/faults/support/objects.ts';
import { microseconds } from './clock.ts';
import { Load } from './load.ts';
import { answerMessages } from './messages.ts';
import { WatchCount } from './watch-count.ts';

/** Sent once the API server listens. */
export interface ApiServerGreeting {
  readonly kubeconfig: string;
}

/** What it can be told. Times are in microseconds of `clock.ts`. */
export interface ApiServerCommands {
  readonly fill: (at: { namespace: string; objects: number; bytes: number }) => object;
  /** As many changes as fast as watches take them. */
  readonly burst: (at: { namespace: string; events: number }) => Promise<{ readonly startedAt: number }>;
  /** Changes, and beside them changes of data alone, evenly for so long. Answers when all are made. */
  readonly steady: (at: Steady & { namespace: string }) => Promise<object>;
  readonly changeData: (at: { namespace: string; times: number }) => object;
  readonly state: (at: { namespace: string }) => readonly (readonly [string, string])[];
  /** Random creations, changes and deletions in the namespace of `Objects`, then the config map `marker`. */
  readonly shuffle: (at: { times: number }) => { readonly state: readonly (readonly [string, string])[] };
  /** Ends so many of the next watches with a 410, each after so many lines. */
  readonly expire: (at: { times: number; after: readonly [number, number] }) => object;
  /** Forgets all positions but the present one. Answers how many 410 there have been. */
  readonly compact: () => { readonly expired: number };
  readonly watches: (at: { namespace: string }) => { readonly open: number; readonly most: number };
}

export interface Steady {
  readonly perSecond: number;
  readonly dataPerSecond: number;
  readonly seconds: number;
}

/** The demo's API server cuts off a watch that has more than 1,000 events to read. */
const AT_ONCE = 200;
const TICK_MS = 20;

const directory = mkdtempSync(path.join(tmpdir(), 'kubegraph-bench-demo-'));
process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
for (const reason of ['disconnect', 'SIGTERM', 'SIGINT']) process.once(reason, () => process.exit());

const random = seededRandom(1);
const faults = createFaults({ random: random.fork('faults') });
const count = new WatchCount(faults);
const demo = await startDemo({ quiet: true, interceptor: count });
answerMessages(commandsOf(demo));
process.send?.({ kubeconfig: await demo.writeKubeconfigs(directory) } satisfies ApiServerGreeting);

function commandsOf({ store }: DemoCluster): ApiServerCommands {
  const loads = new Map<string, Load>();
  const objects = new Objects(store, random.fork('changes'));
  const loadOf = (namespace: string): Load => {
    const load = loads.get(namespace) ?? new Load(store, namespace);
    loads.set(namespace, load);
    return load;
  };
  return {
    fill: ({ namespace, ...what }) => {
      loadOf(namespace).fill(what.objects, what.bytes);
      return {};
    },
    burst: ({ namespace, events }) => burst(loadOf(namespace), events),
    steady: ({ namespace, ...how }) => steady(loadOf(namespace), how),
    changeData: ({ namespace, times }) => {
      loadOf(namespace).changeData(times);
      return {};
    },
    state: ({ namespace }) => loadOf(namespace).state,
    shuffle: ({ times }) => {
      objects.change(times);
      objects.put('marker');
      return { state: [...objects.state] };
    },
    expire: ({ times, after }) => {
      const on = { verb: 'watch', resource: 'configmaps' };
      faults.arm({ on, when: { times }, fault: { kind: 'errorEvent', code: 410, after } });
      return {};
    },
    compact: () => {
      objects.compact();
      return { expired: faults.log.length };
    },
    watches: ({ namespace }) => count.of(namespace),
  };
}

async function burst(load: Load, events: number): Promise<{ readonly startedAt: number }> {
  const startedAt = microseconds();
  for (let left = events; left > 0; left -= AT_ONCE) {
    load.change(Math.min(left, AT_ONCE));
    await sleep(0);
  }
  return { startedAt };
}

/** By plan, not by clock: what was slept through is made up for, so that the numbers are what was asked for. */
async function steady(load: Load, { perSecond, dataPerSecond, seconds }: Steady): Promise<object> {
  const startedAt = microseconds();
  let [changes, dataChanges] = [0, 0];
  while (changes < perSecond * seconds || dataChanges < dataPerSecond * seconds) {
    const passed = Math.min(seconds, (microseconds() - startedAt) / 1e6);
    const due = Math.floor(passed * perSecond) - changes;
    const dataDue = Math.floor(passed * dataPerSecond) - dataChanges;
    load.changeData(dataDue);
    load.change(due);
    changes += due;
    dataChanges += dataDue;
    await sleep(TICK_MS);
  }
  return {};
}
