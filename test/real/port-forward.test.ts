import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { atEnd } from './support/at-end.ts';
import { echoOf, startEchoServer } from './support/echo-server.ts';
import { startKubegraphPortForward } from './support/local-servers.ts';
import { openSuite } from './support/suite.ts';

/** The ports of simulated pods are those of this machine. */
const { cluster, kubectl, namespace } = await openSuite();
const remote = await startEchoServer();

const labels = { app: 'echo' };
const spec = {
  containers: [
    { name: 'main', image: 'images.example/x:1', ports: [{ name: 'echo', containerPort: remote }] },
  ],
};
await kubectl.create(
  namespace,
  { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'one', labels }, spec },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'echo' },
    spec: { selector: labels, ports: [{ port: 80, targetPort: 'echo' }] },
  },
);
await kubectl.run(['wait', '-n', namespace, '--for=condition=Ready', 'pod/one', '--timeout=60s']);

async function forwarded(...words: readonly string[]): Promise<number> {
  const server = await startKubegraphPortForward(cluster.kubeconfig, '-n', namespace, ...words);
  atEnd(() => server.close());
  return Number(new URL(server.url).port);
}

it.each([
  ['a pod', ['one', `:${remote}`]],
  ['a port by its name', ['pod/one', ':echo']],
  ['a service', ['svc/echo', ':80']],
])('leads to %s, for as many connections as there are', async (_, words) => {
  const port = await forwarded(...words);
  const sent = [1, 100_000, 3_000_000].map((length) => randomBytes(length));
  const received = await Promise.all(sent.map((bytes) => echoOf(port, bytes)));
  expect(received.map((bytes, index) => bytes.equals(sent[index] as Buffer))).toEqual([true, true, true]);
});

it('ends the connection where nobody listens in the pod, and takes the next one', async () => {
  const port = await forwarded('one', ':9');
  for (const attempt of [1, 2]) {
    const connection = connect(port, '127.0.0.1').on('error', () => undefined);
    await new Promise((resolve) => connection.once('close', resolve));
    expect([attempt, connection.bytesRead]).toEqual([attempt, 0]);
  }
});
