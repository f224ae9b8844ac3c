import { expect, it } from 'vitest';
import { listAt, textAt } from './support/exact-json.ts';
import { type EventStream, subscribeOverSse } from './support/event-stream.ts';
import { type LinesByPod, readToEnd } from './support/log-reader.ts';
import { openPodLog } from './support/pod-log.ts';
import { openSuite } from './support/suite.ts';

const { cluster, kubectl, gateway, namespace } = await openSuite();
const log = await openPodLog(cluster.podLog);

/** A Job whose pods end well as soon as they run. */
function job(name: string, spec: object, podSpec: object = {}): object {
  const containers = [{ name: 'main', image: 'none' }];
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name },
    spec: { ...spec, template: { spec: { restartPolicy: 'Never', containers, ...podSpec } } },
  };
}

// All pods have the same file, with lines of others.
const since = new Date().toISOString();

function follow(name: string): Promise<EventStream> {
  return subscribeOverSse(
    gateway.url,
    `subscription { workloadLogs(namespace: "${namespace}", kind: JOB, name: "${name}", sinceTime: "${since}") {
      cursor lines { pod line } } }`,
  );
}

/** Those of each pod that a test has written. */
function linesOf(lines: LinesByPod, test: string): readonly string[][] {
  return [...lines.values()].map((own) => own.filter((line) => line.startsWith(`${namespace} ${test}`)));
}

it('end by themselves when the Job is complete, with all lines of all pods', async () => {
  await kubectl.create(namespace, job('complete', { suspend: true, completions: 3, parallelism: 1 }));
  const logs = await follow('complete');
  const texts = Array.from({ length: 20 }, (_, index) => `${namespace} complete ${index}`);
  await log.append(...texts);
  await kubectl.run(['patch', 'job', 'complete', '-n', namespace, '-p', '{"spec":{"suspend":false}}']);
  const lines = await readToEnd(logs);
  const pods = listAt(await kubectl.get('pods', '-n', namespace, '-l', 'job-name=complete'), 'items');
  expect(pods).toHaveLength(3);
  expect([...lines.keys()].toSorted()).toEqual(pods.map((pod) => textAt(pod, 'metadata', 'name')).toSorted());
  expect(linesOf(lines, 'complete')).toEqual([texts, texts, texts]);
});

it('of a Job that was complete before are read to their end', async () => {
  await kubectl.create(namespace, job('past', {}));
  await kubectl.run(['wait', 'job/past', '-n', namespace, '--for=condition=Complete', '--timeout=60s']);
  const text = `${namespace} past`;
  await log.append(text);
  expect(linesOf(await readToEnd(await follow('past')), 'past')).toEqual([[text]]);
});

it('end by themselves when the Job has failed', async () => {
  const nowhere = { nodeSelector: { 'kubernetes.io/hostname': 'nowhere' } };
  await kubectl.create(namespace, job('failed', { activeDeadlineSeconds: 1 }, nowhere));
  expect(await readToEnd(await follow('failed'))).toEqual(new Map());
  await kubectl.run(['wait', 'job/failed', '-n', namespace, '--for=condition=Failed', '--timeout=0s']);
});
