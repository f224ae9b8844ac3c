import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import type { Random } from '../../../demo/api/clock.ts';
import { seededRandom } from '../../../demo/api/seeded-random.ts';
import { createFaults, type Faults } from '../../../demo/faults/faults.ts';
import { type DemoCluster, startDemo } from '../../../demo/start.ts';
import { noCache } from '../../../src/catalog/document-cache.ts';
import { KUBECONFIG_IDENTITY } from '../../../src/cluster/identity.ts';
import { loadKubeconfig } from '../../../src/cluster/kubeconfig/load.ts';
import { createUpstream } from '../../../src/cluster/transport/create.ts';
import type { Upstream } from '../../../src/cluster/upstream.ts';
import { createGateway, type Gateway } from '../../../src/server/gateway.ts';
import { watchedSubscriptions } from '../../../src/server/watched-subscriptions.ts';
import { type TestAnswer, parseAnswer } from '../../unit/support/test-engine.ts';
import { FastClock } from './fast-clock.ts';
import { Journal } from './journal.ts';
import { writeKubeconfig } from './kubeconfig.ts';
import { Objects } from './objects.ts';
import { Subscriber } from './subscriber.ts';

export interface BenchOptions {
  readonly seed?: number;
  /** How the gateway says who it is. Default `certificate`. */
  readonly credentials?: 'certificate' | 'token';
  /** How long a call may take, in milliseconds of the machine's time. Default: the gateway's own. */
  readonly deadlineMs?: number;
  /** Where watches end for their size. Default: the gateway's own. */
  readonly maxFrameBytes?: number;
  /** Whether time passes as fast for the server as for the gateway: bookmarks come, and watches end. Default false. */
  readonly isServerFast?: boolean;
  /** Listens to all calls, and answers what makes them. Default: nobody does. */
  readonly listen?: (upstream: Upstream) => Upstream;
  /** Has it cleaned up. Default: when the test is over. */
  readonly cleanUp?: (work: () => Promise<void>) => void;
}

export interface Bench {
  readonly seed: number;
  readonly random: Random;
  readonly faults: Faults;
  readonly demo: DemoCluster;
  readonly gateway: Gateway;
  /** What the gateway calls the server with. */
  readonly upstream: Upstream;
  readonly clock: FastClock;
  readonly objects: Objects;
  /** What was reported as a defect of the gateway. */
  readonly defects: readonly unknown[];
  readonly ask: (query: string, variables?: Readonly<Record<string, unknown>>) => Promise<TestAnswer>;
  readonly subscribe: () => Subscriber;
  /** Gives the server new certificates and tokens, and writes the kubeconfig's files anew. */
  readonly rotate: () => Promise<void>;
  /** What to print when something is wrong: all that is needed to see it again. */
  readonly report: () => string;
}

/** A gateway before a quiet demo cluster with faults. It has looked at the cluster once; faults come later. */
export async function bench(options: BenchOptions = {}): Promise<Bench> {
  const { seed = 1, credentials = 'certificate', cleanUp = onTestFinished } = options;
  const { listen = (upstream) => upstream } = options;
  const random = seededRandom(seed);
  const faults = createFaults({ random: random.fork('faults') });
  const demo = await startDemo({
    quiet: true,
    seed,
    interceptor: faults,
    ...(options.isServerFast === true ? { clock: new FastClock(() => random.next()) } : {}),
  });
  const directory = mkdtempSync(path.join(tmpdir(), 'kubegraph-faults-'));
  const kubeconfig = (): string =>
    credentials === 'token' ? demo.api.tokenKubeconfigs.admin : demo.api.kubeconfigs.admin;
  const write = (): string => writeKubeconfig(directory, kubeconfig());
  const rotate = async (): Promise<void> => {
    await demo.api.rotate();
    write();
  };
  faults.attach({ restart: (how) => demo.api.restart(how), rotate });
  const clock = new FastClock(() => random.next());
  const target = loadKubeconfig({ path: write(), env: {}, homeDir: directory });
  const journal = new Journal();
  const calls = createUpstream({ target, mode: 'kubeconfig', readOnly: false, execPolicy: 'deny', clock });
  const upstream = listen(withDeadline(journal.of(calls), options.deadlineMs));
  const defects: unknown[] = [];
  const note = (message: string, fields?: object): void => void defects.push({ message, ...fields });
  const gateway = createGateway({
    upstream,
    cache: noCache,
    mode: 'kubeconfig',
    log: { info: () => undefined, warn: note, error: note },
    graphiql: false,
    followCatalog: false,
    subscriptions: watchedSubscriptions({
      clock,
      random: clock.random,
      lingerMs: 0,
      ...(options.maxFrameBytes === undefined ? {} : { maxFrameBytes: options.maxFrameBytes }),
    }),
  });
  const objects = new Objects(demo.store, random.fork('changes'));
  const subscribers: Subscriber[] = [];
  cleanUp(async () => {
    for (const subscriber of subscribers) subscriber.leave();
    await gateway.close();
    await faults.settled();
    await demo.close();
    rmSync(directory, { recursive: true });
  });
  const report = (): string =>
    [
      `seed ${seed}`,
      ...faults.log.map(({ kind, detail, request }) => `${kind} ${detail}: ${request}`),
      journal.text,
    ].join('\n');
  const ask: Bench['ask'] = async (query, variables = {}) => {
    const signal = new AbortController().signal;
    const identity = KUBECONFIG_IDENTITY;
    const answer = await gateway.engine.execute({ query, variables, identity, signal });
    if (!('stringify' in answer)) throw new Error('expected one answer, got a stream');
    return parseAnswer(answer);
  };
  const subscribe = (): Subscriber => {
    const subscriber = new Subscriber({ engine: gateway.engine, clock, objects, report });
    subscribers.push(subscriber);
    return subscriber;
  };
  // Compiles what the tests ask, so that faults strike calls for objects.
  await ask(`{ configMaps(namespace: "nowhere") { items { metadata { name } } } }`);
  return {
    seed,
    random,
    faults,
    demo,
    gateway,
    upstream,
    clock,
    objects,
    defects,
    ask,
    subscribe,
    rotate,
    report,
  };
}

function withDeadline(upstream: Upstream, deadlineMs: number | undefined): Upstream {
  if (deadlineMs === undefined) return upstream;
  return {
    send: (request) => upstream.send({ ...request, deadlineMs }),
    close: () => upstream.close(),
  };
}
