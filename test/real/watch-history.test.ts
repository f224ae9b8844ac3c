import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { seededRandom } from '../../demo/api/seeded-random.ts';
import { startCluster } from '../cluster/cluster.ts';
import { audience } from '../faults/history/run/audience.ts';
import type { HistorySubscriber } from '../faults/history/run/subscriber.ts';
import { violationsIn } from '../faults/history/check.ts';
import { ScopeHistory } from '../faults/history/scope-history.ts';
import type { ScopeUnderTest } from '../faults/history/scope.ts';
import type { Truth } from '../faults/history/truth.ts';
import { describeViolation } from '../faults/history/violation.ts';
import { atEnd } from './support/at-end.ts';
import { compactEtcd, etcdHistory } from './support/etcd-history.ts';
import { listAt, textAt } from './support/exact-json.ts';
import { kubectlOf } from './support/kubectl.ts';
import { startKubectlProxy } from './support/local-servers.ts';
import { watchedGateways } from './support/watched-gateways.ts';
import { NAMESPACES, REAL_SCOPES } from './support/watched-scopes.ts';
import { Writers } from './support/watched-writers.ts';

const SEED = Number(process.env['WATCH_HISTORY_FIRST_SEED'] ?? 1);
const WRITES = 2000;
/** In between. Each comes with a compaction, before it or while the API server is away. */
const RESTARTS = 4;

// A small cluster of its own: the others' API server must not go away under them.
const cluster = await startCluster({ nodes: 1 });
atEnd(() => cluster.stop());
const histories = {
  configmaps: await etcdHistory(cluster, 'configmaps'),
  pods: await etcdHistory(cluster, 'pods'),
};
atEnd(() => Object.values(histories).map((history) => history.close()));
const proxy = await startKubectlProxy(cluster);
atEnd(() => proxy.close());
const kubectl = kubectlOf(cluster, proxy.url);
for (const namespace of NAMESPACES) await kubectl.run(['create', 'namespace', namespace]);
const gateways = await watchedGateways(cluster);
atEnd(() => gateways.close());

const random = seededRandom(SEED);
const writers = new Writers({ cluster, proxyUrl: proxy.url, random: random.fork('writes') });
const written = (): number => truthOf('configmaps').writes.length + truthOf('pods').writes.length;

it(`${WRITES} writes by several clients, ${RESTARTS} restarts of the API server and as many compactions break none of the eight properties`, async () => {
  const subscribers = audience({
    scopes: REAL_SCOPES,
    doors: gateways.doors,
    random: random.fork('subscribers'),
    sleep: (ms) => sleep(ms),
    // Bookmarks can be ahead of what is known of the two kinds.
    revision: () => Number.MAX_SAFE_INTEGER,
  });
  atEnd(() => Promise.all(subscribers.map((subscriber) => subscriber.leave())));
  for (let restart = 1; restart <= RESTARTS; restart++) {
    await writers.write(() => written() >= (WRITES * restart) / (RESTARTS + 1));
    await disrupt(restart);
  }
  await writers.write(() => written() >= WRITES);
  await writers.writeLast();
  await settled(subscribers);
  const recordings = subscribers.map(({ recording }) => recording);
  const ends = { configmaps: truthOf('configmaps').revision, pods: truthOf('pods').revision };
  // The truth may still lag behind what some have been told.
  await complete();
  const violations = (['configmaps', 'pods'] as const).flatMap((resource) =>
    violationsIn({
      truth: truthOf(resource),
      recordings: recordings.filter(({ scope }) => scope.resource === resource),
      end: ends[resource],
      listsOf: ({ watch }) => gateways.lists.at(watch),
    }),
  );
  expect(violations.slice(0, 5).map(describeViolation), `seed ${SEED}`).toEqual([]);
  expect(
    subscribers.flatMap(({ title, failures }) => failures.map((failure) => `${title}: ${failure}`)),
  ).toEqual([]);
  expect(gateways.defects).toEqual([]);
  // It was no calm day: many came back, and the gateway had to list again.
  expect(recordings.flatMap(({ sessions }) => sessions).length).toBeGreaterThan(2 * recordings.length);
  expect(gateways.lists.at(REAL_SCOPES.all.watch).length).toBeGreaterThan(RESTARTS);
  // The truth is what kubectl shows.
  expect(await shownByKubectl()).toEqual(stateOf(truthOf('configmaps'), REAL_SCOPES.all));
}, 900_000);

function truthOf(resource: string): Truth {
  return histories[resource === 'pods' ? 'pods' : 'configmaps'].truth;
}

/** Clients go on writing where they can. */
async function disrupt(restart: number): Promise<void> {
  const meanwhile = new AbortController();
  const writing = writers.write(() => meanwhile.signal.aborted);
  if (restart % 2 === 0) await compactEtcd(cluster);
  await cluster.stopApiServer();
  if (restart % 2 === 1) await compactEtcd(cluster);
  await cluster.startApiServer();
  meanwhile.abort();
  await writing;
}

/** Resolves when everybody has been told of the last event that is known of their scope. */
async function settled(subscribers: readonly HistorySubscriber[]): Promise<void> {
  for (const subscriber of subscribers) subscriber.stay();
  const hasArrived = (subscriber: HistorySubscriber): boolean =>
    subscriber.failures.length > 0 || subscriber.hasReached(lastOf(subscriber.recording.scope));
  while (!subscribers.every(hasArrived)) {
    for (const subscriber of subscribers) await subscriber.reaches(lastOf(subscriber.recording.scope));
  }
}

function lastOf(scope: ScopeUnderTest): number {
  return new ScopeHistory(truthOf(scope.resource), scope).events.at(-1)?.version.revision ?? 0;
}

/** Resolves when the truth has everything that was written before. */
async function complete(): Promise<void> {
  const before = truthOf('pods').revision;
  await writers.writeLast();
  while (truthOf('pods').revision === before) await sleep(50);
}

/** Config maps with their versions. */
async function shownByKubectl(): Promise<ReadonlyMap<string, string>> {
  const items = listAt(await kubectl.get('configmaps', '--all-namespaces'), 'items');
  return new Map(
    items.map((item) => [
      `${textAt(item, 'metadata', 'namespace')}/${textAt(item, 'metadata', 'name')}`,
      textAt(item, 'metadata', 'resourceVersion'),
    ]),
  );
}

function stateOf(truth: Truth, scope: ScopeUnderTest): ReadonlyMap<string, string> {
  const state = new ScopeHistory(truth, scope).stateAt(truth.revision);
  return new Map(Array.from(state, ([key, { revision }]) => [key, String(revision)]));
}
