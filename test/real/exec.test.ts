import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { atEnd } from './support/at-end.ts';
import { at } from './support/exact-json.ts';
import { startGateway } from './support/gateway.ts';
import { runPods } from './support/run-pods.ts';
import { openSuite } from './support/suite.ts';

// The simulated nodes run commands on this machine.
const { cluster, kubectl, gateway, namespace } = await openSuite({ enableExec: true });

await runPods(
  kubectl,
  namespace,
  { name: 'one', containers: ['a'] },
  { name: 'two', containers: ['a', 'b'], byDefault: 'b' },
  { name: 'three', containers: ['a', 'b'] },
);

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

  it.each([
    ['exit 3', 3],
    ['kill -15 $$', 143],
    ['no-such-command', 127],
  ])('tells how %j ended', async (script, exitCode) => {
    const data = await gateway.data(EXEC, variables(['sh', '-c', `echo before; ${script}`]));
    expect(data).toMatchObject({ execPod: { stdout: 'before\n', exitCode } });
  });

  it('hands on all of stdin, and its end', async () => {
    const stdin = 'ü\n'.repeat(100_000);
    const document = `mutation ($namespace: String!, $stdin: String!) {
      execPod(namespace: $namespace, name: "one", command: ["wc", "-c"], stdin: $stdin) { stdout exitCode }
    }`;
    const data = await gateway.data(document, { namespace, stdin });
    expect(data).toEqual({ execPod: { stdout: '300000\n', exitCode: 0 } });
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

  it.each(['two', 'three'])("runs in the pod's default container where none is named: %s", async (name) => {
    const data = await gateway.data(EXEC, variables(['echo', 'ok'], { name }));
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

describe('GET /exec and /attach', () => {
  const open = (query: string, way = 'exec'): WebSocket => {
    const url = new URL(`/${way}/${namespace}/one?${query}`, gateway.url.replace('http', 'ws'));
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

  it('says how a command ended that failed', async () => {
    const socket = open('command=sh&command=-c&command=exit%2042');
    const last = new Promise<string>((resolve) => {
      socket.on('message', (data: Buffer) => data[0] === 3 && resolve(data.subarray(1).toString('utf8')));
    });
    expect(JSON.parse(await last)).toMatchObject({
      status: 'Failure',
      reason: 'NonZeroExitCode',
      details: { causes: [{ reason: 'ExitCode', message: '42' }] },
    });
  });

  it('ends stdin alone, and hands on what the command says then', async () => {
    const socket = open('command=wc&command=-c&stdin=true');
    let output = '';
    socket.on(
      'message',
      (data: Buffer) => (output += data[0] === 1 ? data.subarray(1).toString('utf8') : ''),
    );
    await once(socket, 'open');
    socket.send(Buffer.from('\0hello'));
    socket.send(Buffer.from([255, 0]));
    await once(socket, 'close');
    expect(output).toBe('5\n');
  });

  it('attaches to what runs', async () => {
    const socket = open('stdin=true', 'attach');
    let output = '';
    socket.on(
      'message',
      (data: Buffer) => (output += data[0] === 1 ? data.subarray(1).toString('utf8') : ''),
    );
    await once(socket, 'open');
    socket.send(Buffer.from('\0there and back\n'));
    socket.send(Buffer.from([255, 0]));
    await once(socket, 'close');
    expect(output).toBe('there and back\n');
  });

  it('tells a terminal how large it is', async () => {
    const script = encodeURIComponent('read line; stty size');
    const socket = open(`command=sh&command=-c&command=${script}&stdin=true&tty=true`);
    let output = '';
    socket.on(
      'message',
      (data: Buffer) => (output += data[0] === 1 ? data.subarray(1).toString('utf8') : ''),
    );
    await once(socket, 'open');
    socket.send(Buffer.from(`\u0004${JSON.stringify({ Width: 132, Height: 43 })}`));
    socket.send(Buffer.from('\0go\n'));
    await once(socket, 'close');
    expect(output).toContain('43 132');
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
