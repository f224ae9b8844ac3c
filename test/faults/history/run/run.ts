import type { Faults } from '../../../../demo/faults/faults.ts';
import type { Fault } from '../../../../demo/faults/rule.ts';
import { listen } from '../../../../src/server/listener.ts';
import { GRAPHQL_PATH } from '../../../../src/server/options.ts';
import { WatchHub, type WatchHubOptions } from '../../../../src/watch/hub.ts';
import { bench, type Bench } from '../../support/bench.ts';
import { LONGEST_WATCH_MS } from '../../support/converge.ts';
import { violationsIn } from '../check.ts';
import { ScopeHistory } from '../scope-history.ts';
import type { ScopeUnderTest } from '../scope.ts';
import { describeViolation, type Violation } from '../violation.ts';
import { audience, type Doors } from './audience.ts';
import { Churn } from './churn.ts';
import { DEMO_SCOPES } from './demo-scopes.ts';
import { sseClient } from './sse-client.ts';
import { hubClient } from './hub-client.ts';
import { ListPositions } from './list-positions.ts';
import { Storm } from './storm.ts';
import type { HistorySubscriber } from './subscriber.ts';

export interface RunOptions {
  readonly seed: number;
  /** At least so many changes, and faults that take effect. */
  readonly writes: number;
  readonly faults: number;
  /** What goes wrong every other time. Default: anything. */
  readonly mostly?: readonly Fault['kind'][] | undefined;
  /** What makes a hub. Default: the product's. */
  readonly hub?: (options: WatchHubOptions) => WatchHub;
  /** Whether some subscribe to a whole gateway, over server-sent events. Default false. */
  readonly overSse?: boolean;
}

export interface Run {
  readonly violations: readonly Violation[];
  readonly writes: number;
  readonly faults: Faults['log'];
  /** What to print when something is wrong. */
  readonly report: () => string;
}

/** How long an answer may take to begin: a watch can be silenced before it does. In milliseconds of the machine's time. */
const DEADLINE_MS = 500;
/** A slow subscriber of the narrow hub falls behind with so many events. */
const NARROW = 20;
/**
 * In the end time leaps so often, so that what is half-open is found out. Each leap also ends the watches that are all right, and a
 * busy machine needs time for new ones: the pauses double.
 */
const ROUNDS = 8;
const FIRST_PAUSE_MS = 10_000;

/** Writes, faults and subscribers at random, and what the checker says of it. Nothing of it is left. */
export async function runHistory(options: RunOptions): Promise<Run> {
  const lists = new ListPositions();
  const works: (() => Promise<void>)[] = [];
  try {
    const all = await bench({
      seed: options.seed,
      cleanUp: (work) => void works.push(work),
      deadlineMs: DEADLINE_MS,
      isServerFast: true,
      listen: (upstream) => lists.of(upstream),
    });
    return await runOn(all, lists, options);
  } finally {
    for (const work of works) await work();
  }
}

async function runOn(all: Bench, lists: ListPositions, options: RunOptions): Promise<Run> {
  const { overSse = false } = options;
  const { clock, random, faults } = all;
  // Compiles what is subscribed to, so that faults strike watches.
  await all.ask('{ secrets(namespace: "nowhere") { items { metadata { name } } } }');
  const hubs = hubsOf(all, options);
  const churn = new Churn(all.demo.store, random.fork('writes'));
  const revision = (): number => churn.revision;
  const listener = overSse ? await listen(all.gateway, { host: '127.0.0.1', port: 0 }) : undefined;
  const doors = doorsOf(hubs, listener && listener.url + GRAPHQL_PATH);
  const subscribers = audience({
    scopes: DEMO_SCOPES,
    doors,
    random: random.fork('subscribers'),
    sleep: (ms) => clock.sleep(ms),
    revision,
  });
  await disturb(all, churn, options);
  faults.disarm();
  await faults.settled();
  const lost = await finish(all, churn, subscribers);
  churn.stop();
  const recordings = subscribers.map(({ recording }) => recording);
  await Promise.all(subscribers.map((subscriber) => subscriber.leave()));
  await Promise.all([...hubs.map((hub) => hub.close()), listener?.close()]);
  const { truth } = churn;
  const found = violationsIn({
    truth,
    recordings,
    end: truth.revision,
    listsOf: ({ watch }) => lists.at(watch),
  });
  const violations = [...lost, ...found];
  return {
    violations,
    writes: truth.writes.length,
    faults: faults.log,
    report: () => [...violations.slice(0, 5).map(describeViolation), all.report()].join('\n'),
  };
}

type Hubs = readonly [WatchHub, WatchHub, WatchHub];

function hubsOf({ upstream, clock }: Bench, { hub = (its) => new WatchHub(its) }: RunOptions): Hubs {
  const settings = { upstream, clock, random: clock.random, lingerMs: 0 };
  return [hub(settings), hub(settings), hub({ ...settings, maxQueuedEvents: NARROW })];
}

function doorsOf([first, second, narrow]: Hubs, sse: string | undefined): Doors {
  return {
    replicas: [hubClient(first), hubClient(second)],
    coalescing: hubClient(first, { coalesces: true }),
    narrow: hubClient(narrow),
    sse: sse === undefined ? undefined : sseClient(sse),
  };
}

async function disturb(all: Bench, churn: Churn, { writes, faults, mostly }: RunOptions): Promise<void> {
  const { clock } = all;
  const random = all.random.fork('storm');
  const storm = new Storm(all.faults, random, mostly);
  const written = (): number => churn.truth.writes.length / writes;
  const struck = (): number => all.faults.log.length / faults;
  while (written() < 1 || struck() < 1) {
    churn.write();
    if (random.next() < 0.2) storm.blow();
    if (random.next() < 0.01) churn.compact();
    if (random.next() < 0.03) clock.skip(LONGEST_WATCH_MS);
    if (random.next() < 0.3) await clock.sleep(random.next() * 600);
    // Faults need time: connections have to be made before they can break.
    if (written() > struck()) await clock.sleep(1000);
  }
}

/** Waits until everybody has been told of the last writes; answers a violation for each who was not. */
async function finish(
  { clock, demo }: Bench,
  churn: Churn,
  subscribers: readonly HistorySubscriber[],
): Promise<readonly Violation[]> {
  for (const subscriber of subscribers) subscriber.stay();
  let waiting = subscribers;
  for (let round = 0; round < ROUNDS && waiting.length > 0; round++) {
    churn.writeLast();
    const last = (each: HistorySubscriber): number => lastOf(churn, each.recording.scope);
    const reached = Promise.all(subscribers.map((each) => each.reaches(last(each))));
    await Promise.race([reached, clock.sleep(FIRST_PAUSE_MS * 2 ** round)]);
    waiting = subscribers.filter((each) => !each.hasReached(last(each)));
    // What is half-open is found out by and by.
    if (waiting.length > 0) clock.skip(LONGEST_WATCH_MS);
  }
  return waiting.map(({ title, failures, recording }) => ({
    property: 'reliable',
    subscriber: title,
    session: recording.sessions.length,
    problem: `it was never told of the last write, at ${demo.store.revision}; ${failures.join(', ')}`,
    around: [],
  }));
}

/** The revision of the last event of a scope. */
function lastOf({ truth }: Churn, scope: ScopeUnderTest): number {
  return new ScopeHistory(truth, scope).events.at(-1)?.version.revision ?? 0;
}
