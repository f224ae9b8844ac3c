import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { atEnd } from './support/at-end.ts';
import { at } from './support/exact-json.ts';
import { startGateway } from './support/gateway.ts';
import { openSuite } from './support/suite.ts';

// The simulated nodes run commands on this machine, see no end of stdin and know no exit codes but 0: the rest of it is shown
// against a server of our own, in test/unit/exec.
const { cluster, kubectl, gateway, namespace } = await openSuite({ enableExec: true });

await kubectl.create(namespace, pod('one', ['a']), pod('two', ['a', 'b'], 'b'));
await kubectl.run(['wait', '-n', namespace, '--for=condition=Ready', 'pod/one', 'pod/two', '--timeout=60s']);

function pod(name: string, containers: readonly string[], byDefault?: string): object {
  const annotations = byDefault === undefined ? {} : { 'kubectl.kubernetes.io/default-container': byDefault };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, annotations },
    spec: { containers: containers.map((container) => ({ name: container, image: 'images.example/x:1' })) },
  };
}

const EXEC = `mutation ($namespace: String!, $name: String!, $container: String, $command: [String!]!) {
  execPod(namespace: $namespace, name: $name, container: $container, command: $command) { stdout stderr exitCode isTruncated }
}`;

interface Running {
  readonly name?: string;
  readonly container?: string;
}

function variables(
  command: readonly string[],
  { name = 'one', container }: Running = {},
): Record<string, unknown> {
  return { namespace, name, command, ...(container === undefined ? {} : { container }) };
}

describe('execPod', () => {
  it.each([
    [['echo', 'a b', '$HOME', 'ü']],
    [['sh', '-c', 'echo out; echo "$0 $1" >&2', 'x', 'y&z']],
    [['seq', '1', '20000']],
  ])('answers what kubectl exec prints: %j', async (command) => {
    const expected = await kubectl.run(['exec', '-n', namespace, 'one', '--', ...command]);
    const data = await gateway.data(EXEC, variables(command));
    expect(data).toMatchObject({ execPod: { stdout: expected, isTruncated: false } });
  });

  it('keeps stdout and stderr apart', async () => {
    const data = await gateway.data(EXEC, variables(['sh', '-c', 'echo out; echo err >&2']));
    expect(data).toMatchObject({ execPod: { stdout: 'out\n', stderr: 'err\n' } });
  });

  it('cuts what is too long', async () => {
    const data = await gateway.data(EXEC, variables(['head', '-c', '1500000', '/dev/zero']));
    expect(at(data, 'execPod', 'isTruncated')).toBe(true);
    expect(at(data, 'execPod', 'stdout')).toHaveLength(1024 * 1024);
  });

  it("runs in the pod's default container where none is named", async () => {
    const data = await gateway.data(EXEC, variables(['echo', 'ok'], { name: 'two' }));
    expect(data).toMatchObject({ execPod: { stdout: 'ok\n' } });
  });

  it.each([
    ['a container that is not there', { container: 'zz' }, 'BAD_REQUEST', /container zz is not valid/],
    ['a pod that is not there', { name: 'none' }, 'NOT_FOUND', /pods "none" not found/],
  ])('is refused in the words of the API server for %s', async (_, running, code, message) => {
    const failure = await gateway.failure(EXEC, variables(['true'], running));
    expect(failure).toMatchObject({ message: expect.stringMatching(message), extensions: { code } });
  });

  it('is FORBIDDEN for whoever may only read pods', async () => {
    const viewer = await startGateway({ kubeconfig: cluster.viewerKubeconfig, enableExec: true });
    atEnd(() => viewer.close());
    const failure = await viewer.failure(EXEC, variables(['true']));
    expect(failure).toMatchObject({ extensions: { code: 'FORBIDDEN', kubernetes: { code: 403 } } });
  });

  it('is FORBIDDEN for everybody where exec is off', async () => {
    const off = await startGateway({ kubeconfig: cluster.kubeconfig });
    atEnd(() => off.close());
    const failure = await off.failure(EXEC, variables(['true']));
    expect(failure).toMatchObject({
      message: expect.stringContaining('--enable-exec'),
      extensions: { code: 'FORBIDDEN' },
    });
  });
});

describe('GET /exec', () => {
  const open = (query: string): WebSocket => {
    const url = new URL(`/exec/${namespace}/one?${query}`, gateway.url.replace('http', 'ws'));
    const socket = new WebSocket(url, 'v5.channel.k8s.io');
    onTestFinished(() => socket.terminate());
    return socket;
  };

  it('carries a session with stdin to its end', async () => {
    const socket = open(
      'command=sh&command=-c&command=read%20line%3B%20echo%20%22got%20%24line%22&stdin=true',
    );
    const messages: string[] = [];
    socket.on('message', (data: Buffer) => data.length > 1 && messages.push(data.toString('utf8')));
    await once(socket, 'open');
    expect(socket.protocol).toBe('v5.channel.k8s.io');
    socket.send(Buffer.from('\0hello\n'));
    expect((await once(socket, 'close'))[0]).toBe(1000);
    expect(messages).toEqual(['\u0001got hello\n', '\u0003{"metadata":{},"status":"Success"}']);
  });

  it('is refused as the API server refuses', async () => {
    const socket = open('command=true&container=zz');
    socket.on('error', () => undefined);
    const [, response] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
    const body = Buffer.concat(await response.toArray()).toString();
    expect([response.statusCode, JSON.parse(body)]).toMatchObject([
      400,
      { kind: 'Status', reason: 'BadRequest' },
    ]);
  });
});
