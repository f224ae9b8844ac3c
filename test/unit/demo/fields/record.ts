/**
 * Plays the scenarios against a real API server and keeps what it answers, with times and names that do not depend on the
 * run: `node --import tsx test/unit/demo/fields/record.ts KUBECONFIG > test/unit/demo/fields/recorded.ndjson`.
 */
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { setTimeout } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { parse } from 'yaml';
import { scenarios } from './scenarios/index.ts';
import { bodyOf, NAMESPACE, timeAt, type Recording, type Scenario, type Step } from './scenarios/scenario.ts';

const RESOURCES = {
  ConfigMap: ['api/v1', 'configmaps'],
  PodTemplate: ['api/v1', 'podtemplates'],
  Service: ['api/v1', 'services'],
  Deployment: ['apis/apps/v1', 'deployments'],
  Certificate: ['apis/cert-manager.io/v1', 'certificates'],
} as const;

const TYPES = {
  create: 'application/json',
  put: 'application/json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
  force: 'application/apply-patch+yaml',
} as const;

interface KubeConfig {
  readonly clusters: readonly [
    { readonly cluster: { readonly server: string; readonly 'certificate-authority-data': string } },
  ];
  readonly users: readonly [
    { readonly user: { readonly 'client-certificate-data': string; readonly 'client-key-data': string } },
  ];
}

const config = parse(readFileSync(process.argv[2] ?? '', 'utf8')) as KubeConfig;
const { server } = config.clusters[0].cluster;
const [ca, cert, key] = [
  config.clusters[0].cluster['certificate-authority-data'],
  config.users[0].user['client-certificate-data'],
  config.users[0].user['client-key-data'],
].map((data) => Buffer.from(data, 'base64'));

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

function call(method: string, path: string, type = 'application/json', body?: unknown): Promise<Answer> {
  const headers = { 'content-type': type };
  return new Promise((resolve, reject) => {
    const sent = request(`${server}/${path}`, { method, headers, ca, cert, key }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () =>
        resolve({
          status: answer.statusCode ?? 0,
          body: JSON.parse(Buffer.concat(chunks).toString()) as Answer['body'],
        }),
      );
    });
    sent.on('error', reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

type Json = Readonly<Record<string, unknown>>;

/**
 * Replaces times in the order of their first appearance: one per second, as the recorder waits between steps. Times that a
 * scenario sets are of 2020 and stay.
 */
function timeKeeper(): (second: number, value: unknown) => unknown {
  const known = new Map<string, string>();
  return (second, value) =>
    JSON.parse(
      JSON.stringify(value).replaceAll(/"20(?!20)\d\d-[\dT:-]+Z"/g, (time) => {
        const kept = known.get(time) ?? JSON.stringify(timeAt(second));
        known.set(time, kept);
        return kept;
      }),
    );
}

/** Without what is different in each run. */
function plain(object: Json): Json {
  const members = Object.entries(object['metadata'] as Json).filter(([name]) => !OF_THE_RUN.has(name));
  return { ...object, metadata: Object.fromEntries(members) };
}

const OF_THE_RUN = new Set(['uid', 'resourceVersion', 'generation', 'creationTimestamp']);

async function play(scenario: Scenario): Promise<Recording[]> {
  const [groupVersion, resource] = RESOURCES[scenario.kind];
  const collection = `${groupVersion}/namespaces/${NAMESPACE}/${resource}`;
  const path = `${collection}/${scenario.title}`;
  const keep = timeKeeper();
  const recorded: Recording[] = [];
  let last: unknown;
  for (const [index, step] of scenario.steps.entries()) {
    await setTimeout(1_100);
    const live = await call('GET', path);
    const before = live.status === 200 ? keep(2 * index, plain(live.body)) : undefined;
    const { status, body } = await send(step, collection, path, bodyOf(scenario, step));
    // The scale subresource answers with a Scale.
    const after = status < 300 && step.subresource === 'scale' ? (await call('GET', path)).body : body;
    const outcome = status < 300 ? { after: keep(2 * index + 1, plain(after)) } : { error: body };
    // What the scenario itself left is not written twice; controllers may have come between.
    recorded.push({ ...(!isDeepStrictEqual(before, last) && { before }), ...outcome } as Recording);
    last = 'after' in outcome ? outcome.after : before;
  }
  await call('PATCH', path, TYPES.merge, { metadata: { finalizers: null } });
  await call('DELETE', path);
  return recorded;
}

function send(step: Step, collection: string, path: string, body: unknown): Promise<Answer> {
  const query = `?fieldManager=${step.manager}${step.write === 'force' ? '&force=true' : ''}`;
  const target = (step.subresource ? `${path}/${step.subresource}` : path) + query;
  const type = TYPES[step.write];
  if (step.write === 'create') return call('POST', collection + query, type, body);
  return call(step.write === 'put' ? 'PUT' : 'PATCH', target, type, body);
}

await call('POST', 'api/v1/namespaces', 'application/json', { metadata: { name: NAMESPACE } });
await setTimeout(1_000);
const played = await Promise.all(
  scenarios.map(async (scenario) => [scenario.title, await play(scenario)] as const),
);
await call('DELETE', `api/v1/namespaces/${NAMESPACE}`);
for (const [scenario, steps] of played) {
  for (const step of steps) process.stdout.write(`${JSON.stringify({ scenario, ...step })}\n`);
}
