/**
 * How soon the schema shows a definition that is installed, changed and removed, on a real API server.
 *
 *   npm run cluster -- up --dir DIR --pods 200
 *   npm run build && npx tsx bench/hot-schema.ts --kubeconfig DIR/kubeconfig [--as DIR/kubeconfig-viewer] [--trials 50]
 *
 * `--as` is whose rights the gateway has: the viewer may not watch definitions, so that the gateway polls.
 * Each time runs from the API server's answer to the write until introspection shows its effect: the field of a new kind,
 * the new field of a known kind, no such kind. Nobody asks for an unknown name meanwhile, which would make the gateway look.
 * Queries and a subscription run all the time; their errors must be 0.
 */
import { randomBytes } from 'node:crypto';
import { homedir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { KUBECONFIG_IDENTITY } from '../src/cluster/identity.ts';
import { loadKubeconfig } from '../src/cluster/kubeconfig/load.ts';
import { readWhole, sendOk } from '../src/cluster/read.ts';
import { createUpstream } from '../src/cluster/transport/create.ts';
import type { Method, Upstream } from '../src/cluster/upstream.ts';
import { argument, type BenchedGateway, median, print, startGateway } from './support.ts';

const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const QUERY = '{ pods(namespace: "default", first: 5) { items { metadata { name } } } }';
const SUBSCRIPTION = 'subscription { pods(namespace: "default") { type cursor } }';

/** How often it is asked what the schema shows, and how long for at most, in milliseconds. */
const ASK_EVERY_MS = 20;
const GIVE_UP_AFTER_MS = 60_000;

/** What runs beside the trials. */
interface Load {
  readonly queries: number;
  readonly errors: readonly string[];
  stop(): Promise<void>;
}

await main();

async function main(): Promise<void> {
  const kubeconfig = argument('kubeconfig');
  const trials = Number(argument('trials', '50'));
  const target = loadKubeconfig({ path: kubeconfig, env: {}, homeDir: homedir() });
  const upstream = createUpstream({ target, mode: 'kubeconfig', readOnly: false, execPolicy: 'deny' });
  const gateway = await startGateway(argument('as', kubeconfig));
  try {
    await gateway.query(QUERY);
    const load = startLoad(gateway);
    const times = { installed: [] as number[], changed: [] as number[], removed: [] as number[] };
    for (let trial = 0; trial < trials; trial++) {
      const took = await runTrial(gateway, upstream);
      times.installed.push(took.installed);
      times.changed.push(took.changed);
      times.removed.push(took.removed);
    }
    await load.stop();
    for (const [what, values] of Object.entries(times)) report(what, values);
    report('all', Object.values(times).flat());
    print(`beside it: ${load.queries} queries and one subscription, ${load.errors.length} errors`);
    for (const error of new Set(load.errors)) print(`  ${error}`);
  } finally {
    await gateway.stop();
    await upstream.close();
  }
}

async function runTrial(
  gateway: BenchedGateway,
  upstream: Upstream,
): Promise<{ installed: number; changed: number; removed: number }> {
  const label = `hot${randomBytes(4).toString('hex')}`;
  const path = `${DEFINITIONS}/probes.${label}.example.com`;
  const type = `H${label.slice(1)}ExampleComV1ProbeSpec`;
  try {
    await write(upstream, 'POST', DEFINITIONS, definition(label, ['before']));
    const installed = await untilFields(gateway, type, 'before');
    await write(upstream, 'PATCH', path, definition(label, ['before', 'after']));
    const changed = await untilFields(gateway, type, 'after,before');
    await write(upstream, 'DELETE', path);
    return { installed, changed, removed: await untilFields(gateway, type, undefined) };
  } catch (error) {
    await write(upstream, 'DELETE', path).catch(() => undefined);
    throw error;
  }
}

/** Milliseconds from now until introspection shows these fields of a type; undefined stands for no such type. */
async function untilFields(
  gateway: BenchedGateway,
  type: string,
  expected: string | undefined,
): Promise<number> {
  const started = performance.now();
  for (;;) {
    const fields = await fieldsOf(gateway, type);
    const took = performance.now() - started;
    if (fields === expected) return took;
    if (took > GIVE_UP_AFTER_MS) throw new Error(`${type} has ${fields}, not ${expected}`);
    await sleep(ASK_EVERY_MS);
  }
}

async function fieldsOf(gateway: BenchedGateway, type: string): Promise<string | undefined> {
  const answer = await gateway.query(`{ __type(name: "${type}") { fields { name } } }`);
  const { data } = JSON.parse(answer) as {
    readonly data: { readonly __type: { readonly fields: readonly { readonly name: string }[] } | null };
  };
  return data.__type?.fields
    .map(({ name }) => name)
    .toSorted()
    .join(',');
}

async function write(upstream: Upstream, method: Method, path: string, object?: object): Promise<void> {
  const contentType = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
  const answer = await sendOk(upstream, {
    identity: KUBECONFIG_IDENTITY,
    method,
    path,
    ...(object === undefined ? {} : { body: { contentType, content: JSON.stringify(object) } }),
  });
  await readWhole(answer.body);
}

function definition(label: string, fields: readonly string[]): object {
  const properties = Object.fromEntries(fields.map((field) => [field, { type: 'string' }]));
  const group = `${label}.example.com`;
  const spec = { type: 'object', properties };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `probes.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { plural: 'probes', singular: 'probe', kind: 'Probe' },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object', properties: { spec } } },
        },
      ],
    },
  };
}

function startLoad(gateway: BenchedGateway): Load {
  const errors: string[] = [];
  const end = new AbortController();
  let queries = 0;
  const query = async (): Promise<void> => {
    while (!end.signal.aborted) {
      const answer = await gateway.query(QUERY).catch(String);
      if (!answer.startsWith('{"data":') || answer.includes('"errors":')) errors.push(answer.slice(0, 300));
      queries += 1;
      await sleep(50);
    }
  };
  const running = [query(), subscribe(gateway.url, end.signal, errors)];
  return {
    errors,
    get queries() {
      return queries;
    },
    stop: async () => {
      end.abort();
      await Promise.all(running);
    },
  };
}

/** One that ends before it is told to, or says that something went wrong, is an error. */
async function subscribe(url: string, signal: AbortSignal, errors: string[]): Promise<void> {
  const headers = { accept: 'text/event-stream' };
  try {
    const answer = await fetch(`${url}?${new URLSearchParams({ query: SUBSCRIPTION })}`, { headers, signal });
    for await (const chunk of answer.body as unknown as AsyncIterable<Uint8Array>) {
      const text = Buffer.from(chunk).toString('utf8');
      if (text.includes('"errors":')) errors.push(text.slice(0, 300));
    }
    errors.push('the subscription ended');
  } catch (error) {
    if (!signal.aborted) errors.push(`the subscription broke off: ${String(error)}`);
  }
}

function report(what: string, values: readonly number[]): void {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1] as number;
  const [p50, p99, max] = [median(sorted), at(0.99), at(1)].map(Math.round);
  print(`${what.padEnd(10)} p50 ${p50} ms, p99 ${p99} ms, max ${max} ms (${sorted.length} times)`);
}
