import { expect, it } from 'vitest';
import { at, listAt, textAt } from './support/exact-json.ts';
import { type LinesByPod, readLogs } from './support/log-reader.ts';
import { openPodLog } from './support/pod-log.ts';
import { openSuite } from './support/suite.ts';

const { cluster, kubectl, gateway, namespace } = await openSuite();
const log = await openPodLog(cluster.podLog);

const REPLICAS = 5;
const labels = { app: 'logged' };

const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'logged' },
  spec: {
    replicas: REPLICAS,
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: { terminationGracePeriodSeconds: 0, containers: [{ name: 'main', image: 'none' }] },
    },
  },
};

async function podNames(): Promise<readonly string[]> {
  const items = listAt(await kubectl.get('-n', namespace, 'pods', '-l', 'app=logged'), 'items');
  return items
    .filter((item) => at(item, 'metadata', 'deletionTimestamp') === undefined)
    .map((item) => textAt(item, 'metadata', 'name'));
}

const rolledOut = () =>
  kubectl.run(['rollout', 'status', 'deployment/logged', '-n', namespace, '--timeout=60s']);

it('answers what kubectl prints', async () => {
  const pod = { metadata: { name: 'one' }, spec: { containers: [{ name: 'main', image: 'none' }] } };
  await kubectl.create(namespace, { apiVersion: 'v1', kind: 'Pod', ...pod });
  await kubectl.run(['wait', '-n', namespace, 'pod/one', '--for=condition=Ready', '--timeout=60s']);
  await log.append('first', 'second', '', '  "third" \\ ünï');
  const printed = await kubectl.run(['logs', '-n', namespace, 'one', '--timestamps', '--tail=3']);
  const answer = await gateway.data(
    `{ podLogs(namespace: "${namespace}", name: "one", tailLines: 3) { container timestamp line } }`,
  );
  const lines = listAt(answer, 'podLogs');
  expect(lines.map((line) => `${textAt(line, 'timestamp')} ${textAt(line, 'line')}\n`).join('')).toBe(
    printed,
  );
  expect(lines.map((line) => textAt(line, 'line'))).toEqual(['second', '', '  "third" \\ ünï']);
  expect(new Set(lines.map((line) => textAt(line, 'container')))).toEqual(new Set(['main']));
});

it('passes on why a log cannot be read', async () => {
  const failure = await gateway.failure(
    `{ podLogs(namespace: "${namespace}", name: "none", container: "c") { line } }`,
  );
  expect(failure).toMatchObject({ message: 'pods "none" not found', extensions: { code: 'NOT_FOUND' } });
});

it('loses and repeats no line of five replicas that are rolled out while their logs are followed and resumed', async () => {
  await kubectl.create(namespace, deployment);
  await rolledOut();
  const replaced = await podNames();
  expect(replaced).toHaveLength(REPLICAS);

  const lines: LinesByPod = new Map();
  // The file has older lines, which the log of the run before repeats.
  const since = await log.newSecond();
  const document = (resumeFrom: string) =>
    `subscription { workloadLogs(namespace: "${namespace}", kind: DEPLOYMENT, name: "logged", sinceTime: "${since}", resumeFrom: "${resumeFrom}") {
      cursor lines { pod line } } }`;
  const read = (cursor: string, isEnough: (lines: LinesByPod) => boolean): Promise<string> =>
    readLogs(gateway.url, document(cursor), lines, isEnough);
  const count = (): number => [...lines.values()].reduce((sum, { length }) => sum + length, 0);

  const written = new AbortController();
  const writing = (async () => {
    for (let at = 0; !written.signal.aborted; at += 10) {
      await log.append(...Array.from({ length: 10 }, (_, nth) => `${namespace} line ${at + nth}`));
      // As fast as the gateway answers others meanwhile.
      await gateway.data('{ version { gitVersion } }');
    }
    await log.append(`${namespace} end`);
  })();

  let cursor = await read('', () => lines.size === REPLICAS);
  const rolling = (async () => {
    await kubectl.run(['rollout', 'restart', 'deployment/logged', '-n', namespace]);
    await rolledOut();
  })();
  // Left and resumed in the middle, so that the rest of a second comes again from the nodes, and must not to us.
  for (const more of [200, 500, 1_000, 2_000]) {
    const enough = count() + more;
    cursor = await read(cursor, () => count() >= enough);
  }
  await rolling;
  written.abort();
  await writing;
  const running = await podNames();
  const end = `${namespace} end`;
  await read(cursor, () => running.every((pod) => lines.get(pod)?.at(-1) === end));

  const source = (await log.texts()).filter((text) => text.startsWith(namespace));
  expect(source.length).toBeGreaterThan(100);
  expect(running.filter((pod) => replaced.includes(pod))).toEqual([]);
  for (const pod of running) expect(lines.get(pod)).toEqual(source);
  // Of those that went, what came has no gap: the nodes go on with the file when a pod is gone.
  const gone = [...lines].filter(([pod]) => !running.includes(pod));
  expect(gone.length).toBeGreaterThan(0);
  for (const [, texts] of gone) expect(texts).toEqual(source.slice(0, texts.length));
});
