import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { homedir } from 'node:os';
import type { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { KUBECONFIG_IDENTITY } from '../../src/cluster/identity.ts';
import { loadKubeconfig } from '../../src/cluster/kubeconfig/load.ts';
import type { RawRequest, RawUpgrade } from '../../src/cluster/raw.ts';
import { createUpstream } from '../../src/cluster/transport/create.ts';
import { atEnd } from './support/at-end.ts';
import { openPodLog } from './support/pod-log.ts';
import { openSuite, uniqueName } from './support/suite.ts';

const { cluster, kubectl, namespace } = await openSuite();

const CONFIGMAPS = `/api/v1/namespaces/${namespace}/configmaps`;
const WEBSOCKET = {
  upgrade: 'websocket',
  connection: 'Upgrade',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
};

/** A way to a server on which one sees who comes and goes. TLS passes through it unread. */
interface CountedWay {
  readonly port: number;
  /** How many connections have been made so far. */
  readonly connections: number;
  /** Resolves when the connection with this number, from 0, has ended. It has to be there already. */
  closed(index: number): Promise<void>;
}

/** Leads to a port of this machine. Ends with the file's last test. */
async function countedWay(port: number): Promise<CountedWay> {
  const clients: Socket[] = [];
  const server = createServer((client) => {
    clients.push(client);
    const onward = connect(port, '127.0.0.1');
    client.on('error', () => undefined).pipe(onward);
    onward.on('error', () => undefined).pipe(client);
    client.once('close', () => onward.destroy());
    onward.once('close', () => client.destroy());
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  atEnd(() => {
    for (const client of clients) client.destroy();
    server.close();
  });
  return {
    port: (server.address() as AddressInfo).port,
    get connections() {
      return clients.length;
    },
    closed: async (index) => {
      const client = clients[index];
      if (client === undefined) throw new Error(`there is no connection ${index}`);
      if (!client.closed) await once(client, 'close');
    },
  };
}

/** The way to the API server for the user of a kubeconfig, on connections that are counted. */
async function openWay(kubeconfig = cluster.kubeconfig) {
  const target = loadKubeconfig({ path: kubeconfig, env: {}, homeDir: homedir() });
  const way = await countedWay(Number(new URL(cluster.server).port));
  const server = { ...target.server, origin: `https://127.0.0.1:${way.port}` };
  const upstream = createUpstream({
    target: { ...target, server },
    mode: 'kubeconfig',
    readOnly: false,
    execPolicy: 'deny',
  });
  atEnd(() => upstream.close());
  return { upstream, way };
}

function get(target: string, more: Partial<RawRequest> = {}): RawRequest {
  return { identity: KUBECONFIG_IDENTITY, method: 'GET', target, headers: {}, ...more };
}

/** Reads, without ending it, until a text has come. */
function readUntil(stream: Readable, wanted: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let read = '';
    const take = (chunk: Buffer): void => {
      read += chunk.toString('utf8');
      if (!read.includes(wanted)) return;
      stream.off('data', take);
      resolve(read);
    };
    stream.on('data', take);
    stream.once('error', reject);
    stream.once('end', () => reject(new Error(`the stream ended before ${wanted} came: ${read}`)));
  });
}

/** What the API server answers to somebody who is not us. */
async function askedDirectly(path: string, headers: Record<string, string>) {
  const ca = await readFile(cluster.caFile);
  const authorization = `Bearer ${cluster.adminToken}`;
  return new Promise<{ readonly status: number | undefined; readonly body: Buffer }>((resolve, reject) => {
    request(cluster.server + path, { ca, agent: false, headers: { authorization, ...headers } }, (answer) =>
      buffer(answer).then((body) => resolve({ status: answer.statusCode, body }), reject),
    )
      .on('upgrade', (_, socket) => {
        socket.destroy();
        reject(new Error('the connection was upgraded'));
      })
      .on('error', reject)
      .end();
  });
}

function socketOf(upgrade: RawUpgrade) {
  if (upgrade.kind !== 'upgraded') throw new Error(`refused with ${upgrade.answer.status}`);
  return upgrade.socket;
}

async function createConfigMap(name: string): Promise<void> {
  await kubectl.create(namespace, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } });
}

it('streams a watch, and ends it at the API server when its reader leaves', async () => {
  const { upstream, way } = await openWay();
  const leaving = new AbortController();
  const answer = await upstream.forward(get(`${CONFIGMAPS}?watch=true`, { signal: leaving.signal }));
  expect(answer.status).toBe(200);
  const name = uniqueName();
  const seen = readUntil(answer.body, `"name":"${name}"`);
  await createConfigMap(name);
  expect(await seen).toContain('"type":"ADDED"');
  answer.body.on('error', () => undefined);
  leaving.abort();
  await way.closed(0);
});

it('passes protobuf on byte for byte', async () => {
  const { upstream } = await openWay();
  const accept = 'application/vnd.kubernetes.protobuf';
  const path = '/api/v1/namespaces/default';
  const answer = await upstream.forward(get(path, { headers: { accept } }));
  const body = await buffer(answer.body);
  expect(answer.headers['content-type']).toBe(accept);
  expect(body.subarray(0, 4)).toEqual(Buffer.from('k8s\0'));
  const expected = await askedDirectly(path, { accept });
  expect(body.equals(expected.body)).toBe(true);
});

it('follows a log until its reader leaves', async () => {
  const log = await openPodLog(cluster.podLog);
  const pod = { metadata: { name: 'logged' }, spec: { containers: [{ name: 'main', image: 'none' }] } };
  await kubectl.create(namespace, { apiVersion: 'v1', kind: 'Pod', ...pod });
  await kubectl.run(['wait', '-n', namespace, 'pod/logged', '--for=condition=Ready', '--timeout=60s']);
  const { upstream, way } = await openWay();
  const [first, second] = [uniqueName(), uniqueName()];
  await log.append(first);
  const { status, body } = await upstream.forward(
    get(`/api/v1/namespaces/${namespace}/pods/logged/log?follow=true`),
  );
  expect(status).toBe(200);
  await readUntil(body, `${first}\n`);
  const followed = readUntil(body, `${second}\n`);
  await log.append(second);
  await followed;
  body.on('error', () => undefined).destroy();
  await way.closed(0);
});

it('sends nothing of an exec whose tunnel is closed', async () => {
  const { upstream, way } = await openWay();
  const path = `/api/v1/namespaces/${namespace}/pods/any/`;
  for (const subresource of ['exec', '%65xec', 'attach', 'portforward', 'proxy']) {
    const target = `${path}${subresource}?command=true&stdout=true`;
    await expect(upstream.upgrade(get(target, { headers: WEBSOCKET }))).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
    });
  }
  expect(way.connections).toBe(0);
});

it('asks for an exec whose tunnel is open, and passes on why it is refused', async () => {
  const { upstream } = await openWay();
  const headers = { ...WEBSOCKET, 'sec-websocket-protocol': 'v5.channel.k8s.io' };
  const target = `/api/v1/namespaces/${namespace}/pods/none/exec?command=true&stdout=true`;
  const upgrade = await upstream.upgrade(get(target, { headers, tunnels: new Set(['exec']) }));
  if (upgrade.kind === 'upgraded') throw new Error('there is no such pod');
  expect(upgrade.answer.status).toBe(404);
  expect(JSON.parse(await text(upgrade.answer.body))).toMatchObject({
    kind: 'Status',
    message: 'pods "none" not found',
  });
});

it('passes on what somebody may not do', async () => {
  const { upstream } = await openWay(cluster.viewerKubeconfig);
  const answer = await upstream.forward(get('/api/v1/namespaces/default/secrets'));
  expect(answer.status).toBe(403);
  expect(JSON.parse(await text(answer.body))).toMatchObject({
    kind: 'Status',
    reason: 'Forbidden',
    code: 403,
  });
});

it('reads a watch over WebSocket, which the API server lets nobody do without an Origin', async () => {
  const { upstream, way } = await openWay();
  const target = `${CONFIGMAPS}?watch=true`;
  expect(await askedDirectly(target, WEBSOCKET)).toMatchObject({ status: 403 });
  const socket = socketOf(await upstream.upgrade(get(target, { headers: WEBSOCKET })));
  const name = uniqueName();
  const seen = readUntil(socket, `"name":"${name}"`);
  await createConfigMap(name);
  expect(await seen).toContain('"type":"ADDED"');
  socket.destroy();
  await way.closed(0);
});
