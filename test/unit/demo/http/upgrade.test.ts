import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import type { KubeObject } from '../../../../demo/api/object.ts';
import { startServer, storageKeyOf, type TestServer } from './support.ts';

const POD: KubeObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', namespace: 'default' },
  spec: {
    nodeName: 'n',
    initContainers: [{ name: 'ini' }],
    containers: [{ name: 'a', env: [{ name: 'COLOR', value: 'red' }] }, { name: 'b' }],
  },
};
const WAITING: KubeObject = {
  ...POD,
  metadata: { name: 'waiting', namespace: 'default' },
  spec: { containers: [{ name: 'a' }] },
};

async function startWithPods(): Promise<TestServer> {
  const server = await startServer();
  for (const pod of [POD, WAITING]) server.store.insert(storageKeyOf(pod), pod);
  return server;
}

interface Session {
  readonly socket: WebSocket;
  readonly messages: [channel: number, text: string][];
}

function open(
  { api }: TestServer,
  query: string,
  { path = 'p/exec', protocols = ['v5.channel.k8s.io'], token = api.tokens.admin } = {},
): Session {
  const url = `${api.url.replace('https', 'wss')}/api/v1/namespaces/default/pods/${path}?${query}`;
  const socket = new WebSocket(url, protocols, { ca: api.ca, headers: { authorization: `Bearer ${token}` } });
  // A refused socket fails; the tests look at the refusal.
  socket.on('error', () => undefined);
  onTestFinished(() => socket.terminate());
  const messages: Session['messages'] = [];
  socket.on('message', (data: Buffer) => messages.push([data[0] ?? -1, data.subarray(1).toString()]));
  return { socket, messages };
}

async function run(query: string, options?: Parameters<typeof open>[2]): Promise<Session> {
  const session = open(await startWithPods(), query, options);
  await once(session.socket, 'close');
  return session;
}

async function refusal(
  query: string,
  options?: Parameters<typeof open>[2],
): Promise<{ status: number; body: string }> {
  const { socket } = open(await startWithPods(), query, options);
  const [, response] = (await once(socket, 'unexpected-response')) as [
    unknown,
    AsyncIterable<Buffer> & { statusCode: number },
  ];
  let body = '';
  for await (const chunk of response) body += chunk.toString();
  return { status: response.statusCode, body };
}

const OUTPUT = 'container=a&stdout=1&stderr=1';

test('echo answers on stdout and ends with success', async () => {
  expect((await run(`${OUTPUT}&command=echo&command=hi`)).messages).toEqual([
    [1, ''],
    [1, 'hi\n'],
    [3, '{"metadata":{},"status":"Success"}'],
  ]);
});

test('the older protocol says the same without metadata', async () => {
  const { messages } = await run(`${OUTPUT}&command=true`, { protocols: ['v4.channel.k8s.io'] });
  expect(messages.at(-1)).toEqual([3, '{"status":"Success"}']);
});

test('the newer protocol wins in whatever order it is offered', async () => {
  const { socket } = await run(`${OUTPUT}&command=true`, {
    protocols: ['v4.channel.k8s.io', 'v5.channel.k8s.io'],
  });
  expect(socket.protocol).toBe('v5.channel.k8s.io');
});

test('an exit code is a cause of the failure', async () => {
  const { messages } = await run(`${OUTPUT}&command=sh&command=-c&command=exit+3`);
  expect(JSON.parse(messages.at(-1)?.[1] ?? '')).toEqual({
    metadata: {},
    status: 'Failure',
    message: 'command terminated with non-zero exit code: exit status 3',
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: '3' }] },
  });
});

test('an unknown command is a failure without an exit code', async () => {
  const { messages } = await run(`${OUTPUT}&command=nope`);
  expect(JSON.parse(messages.at(-1)?.[1] ?? '')).toMatchObject({ reason: 'InternalError', code: 500 });
});

test('cat gives stdin back until it is closed; sizes of a terminal are taken', async () => {
  const { messages, socket } = open(await startWithPods(), `${OUTPUT}&stdin=1&command=cat`);
  await once(socket, 'open');
  socket.send(Buffer.from('\x04{"Width":80,"Height":24}'));
  socket.send(Buffer.from('\0one'));
  socket.send(Buffer.from('\0two'));
  socket.send(Buffer.of(255, 0));
  await once(socket, 'close');
  expect(messages.slice(1, -1)).toEqual([
    [1, 'one'],
    [1, 'two'],
  ]);
});

test('the container’s variables are in its environment', async () => {
  const { messages } = await run(`${OUTPUT}&command=env`);
  expect(messages[1]).toEqual([1, 'HOSTNAME=p\nCOLOR=red\n']);
});

test('without any stream there is nothing to connect', async () => {
  const { messages } = await run('container=a&command=true');
  expect(messages[0]).toEqual([3, '']);
  expect(messages[1]?.[1]).toContain('you must specify at least 1 of stdin, stdout, stderr');
});

test.each([
  [
    'no container named',
    `stdout=1`,
    'p/exec',
    400,
    'a container name must be specified for pod p, choose one of: [ini a b]',
  ],
  ['an unknown container', `stdout=1&container=zz`, 'p/exec', 400, 'container zz is not valid for pod p'],
  ['a pod without a node', `stdout=1`, 'waiting/exec', 400, 'pod waiting does not have a host assigned'],
  ['a pod that is not there', `stdout=1`, 'nope/exec', 404, 'pods "nope" not found'],
  [
    'something else than exec',
    `stdout=1`,
    'p/attach',
    501,
    'the demo cluster does not upgrade connections for pods/attach: exec is all it has',
  ],
])('%s is refused before the upgrade', async (_, query, path, status, message) => {
  const answer = await refusal(query, { path });
  expect(answer.status).toBe(status);
  expect(JSON.parse(answer.body)).toMatchObject({ kind: 'Status', message });
});

test('protocols that nobody speaks are refused without a word', async () => {
  expect(await refusal(OUTPUT, { protocols: ['foo'] })).toEqual({ status: 403, body: '' });
});

test('who may not exec is refused in the usual words', async () => {
  const server = await startWithPods();
  const { socket } = open(server, OUTPUT, { token: server.api.tokens.viewer });
  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, { statusCode: number }];
  expect(response.statusCode).toBe(403);
});

test('reading exec is not enough: it takes the right to create', async () => {
  const server = await startWithPods();
  server.store.insert('rbac.authorization.k8s.io/roles', {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: { name: 'viewer', namespace: 'default' },
    rules: [{ verbs: ['get'], apiGroups: [''], resources: ['pods/exec'] }],
  });
  const { socket } = open(server, OUTPUT, { token: server.api.tokens.viewer });
  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, AsyncIterable<Buffer>];
  let body = '';
  for await (const chunk of response) body += chunk.toString();
  expect(JSON.parse(body)).toMatchObject({ message: 'pods "p" is forbidden: ', reason: 'Forbidden' });
});

test('a plain request for exec is told to upgrade', async () => {
  const { send } = await startWithPods();
  const answer = await send('/api/v1/namespaces/default/pods/p/exec?command=ls');
  expect(answer.status).toBe(400);
  expect(answer.json()['message']).toBe('Upgrade request required');
});
