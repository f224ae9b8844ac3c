import { describe, expect, it } from 'vitest';
import { atEnd } from './support/at-end.ts';
import { listAt, textAt } from './support/exact-json.ts';
import { type EventStream, subscribeOverSse } from './support/event-stream.ts';
import { startGateway } from './support/gateway.ts';
import { type LinesByPod, readLines, readToEnd } from './support/log-reader.ts';
import { openPodLog } from './support/pod-log.ts';
import { type Permission, serviceAccountToken } from './support/service-account.ts';
import { openSuite } from './support/suite.ts';

const { cluster, kubectl, namespace } = await openSuite();
const log = await openPodLog(cluster.podLog);
const since = new Date().toISOString();
const gateway = await startGateway({ kubeconfig: cluster.kubeconfig, mode: 'passthrough' });
atEnd(() => gateway.close());

async function runPod(name: string, containers: readonly string[] = ['main']): Promise<void> {
  const spec = {
    terminationGracePeriodSeconds: 0,
    containers: containers.map((each) => ({ name: each, image: 'none' })),
  };
  await kubectl.create(namespace, { apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec });
  await kubectl.run(['wait', '-n', namespace, `pod/${name}`, '--for=condition=Ready', '--timeout=60s']);
}

/** Follows the log of a pod as somebody who may do so much. */
async function followAs(
  user: string,
  permissions: readonly Permission[],
  pod: string,
  more = '',
): Promise<EventStream> {
  const token = await serviceAccountToken(kubectl, namespace, user, permissions);
  return subscribeOverSse(
    gateway.url,
    `subscription { podLogs(namespace: "${namespace}", name: "${pod}", sinceTime: "${since}"${more}) {
      cursor lines { pod container line } } }`,
    { authorization: `Bearer ${token}` },
  );
}

const LOG_ONLY: readonly Permission[] = ['get pods/log'];
const AS_KUBECTL: readonly Permission[] = ['get pods', 'get pods/log'];

describe.each([
  ['kubectl needs', 'kubectl', AS_KUBECTL],
  ['reading a log takes', 'reader', LOG_ONLY],
  ['a watch takes', 'watcher', ['list pods', 'watch pods', 'get pods/log']],
] as const)('with no more rights than %s, the log of a pod', (_, user, permissions) => {
  it('is followed until the pod is deleted', async () => {
    await runPod(user);
    await log.append(`${user} before`);
    const logs = await followAs(user, permissions, user);
    const lines: LinesByPod = new Map();
    const own = (): readonly string[] => (lines.get(user) ?? []).filter((line) => line.startsWith(user));
    await readLines(logs, lines, () => own().length === 1);
    await log.append(`${user} after`);
    await readLines(logs, lines, () => own().length === 2);
    expect(own()).toEqual([`${user} before`, `${user} after`]);
    await kubectl.delete('pod', user, '-n', namespace);
    expect(await readToEnd(logs)).toEqual(new Map());
  });
});

describe('with the right to read logs alone', () => {
  it('the API server says which containers there are', async () => {
    await runPod('two', ['one', 'two']);
    const logs = await followAs('unspecific', LOG_ONLY, 'two');
    expect((await logs.next())?.errors).toMatchObject([
      {
        message: expect.stringContaining('choose one of: [one two]'),
        extensions: { code: 'BAD_REQUEST' },
      },
    ]);
    expect(await logs.next()).toBeUndefined();
  });

  it('a container is read by its name', async () => {
    await runPod('three', ['one', 'two']);
    await log.append('a line of each');
    const logs = await followAs('specific', LOG_ONLY, 'three', ', container: "two"');
    const lines = listAt((await logs.next())?.data, 'podLogs', 'lines');
    await logs.close();
    expect(new Set(lines.map((line) => textAt(line, 'container')))).toEqual(new Set(['two']));
  });

  it('a pod that does not exist is NOT_FOUND', async () => {
    const logs = await followAs('nobody', LOG_ONLY, 'none');
    expect((await logs.next())?.errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
  });
});

it.each([
  ['get pods and logs', 'both', AS_KUBECTL],
  ['get logs', 'alone', LOG_ONLY],
] as const)(
  'a log ends for those who were allowed to %s when they no longer are',
  async (_, user, permissions) => {
    await runPod(user);
    await log.append(user);
    const logs = await followAs(user, permissions, user);
    const lines: LinesByPod = new Map();
    await readLines(logs, lines, () => lines.get(user)?.includes(user) === true);
    await kubectl.delete('rolebinding', user, '-n', namespace);
    expect((await logs.next())?.errors).toMatchObject([
      { extensions: { code: 'FORBIDDEN', cursor: expect.any(String) } },
    ]);
    expect(await logs.next()).toBeUndefined();
  },
);

it('a log is FORBIDDEN to those who may look at its pod only', async () => {
  await runPod('seen');
  const logs = await followAs('looker', ['get pods'], 'seen');
  expect((await logs.next())?.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
});
