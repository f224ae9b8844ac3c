import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage, request as httpRequest } from 'node:http';
import { afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { rawRequest } from '../unit/support/raw-request.ts';
import { atEnd } from './support/at-end.ts';
import { startGateway, type TestGateway } from './support/gateway.ts';
import { endpointAddress, serveBehindService } from './support/service-behind.ts';
import { openSuite } from './support/suite.ts';

// Through the API server's own proxy, to a server of this test.
const { cluster, kubectl, gateway, namespace } = await openSuite({ enableServiceProxy: true });

const ADDRESS = endpointAddress();

/** What the service has been asked since the last test. */
const asked: IncomingMessage[] = [];
afterEach(() => void asked.splice(0));

/** Hears that what has been said has been heard. */
const slow = new EventEmitter();

const service = createServer((request, response) => {
  asked.push(request);
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://service');
  if (pathname === '/moved')
    return void response.writeHead(302, { location: searchParams.get('to') ?? '' }).end();
  if (pathname === '/echo')
    return void request.pipe(response.writeHead(200, { 'content-type': 'text/plain' }));
  if (pathname === '/slow') {
    response.write('first');
    return void slow.once('heard', () => response.end('last'));
  }
  if (pathname === '/host') {
    return void response.writeHead(302, { location: `http://${request.headers.host}/login` }).end();
  }
  response.writeHead(200, {
    'content-type': 'application/json',
    'cache-control': 'public, max-age=60',
    'set-cookie': ['a=b', 'c=d; Path=/'],
    refresh: '0;url=/graphql',
    'access-control-allow-origin': '*',
  });
  response.end(JSON.stringify({ method: request.method, url: request.url }));
});
const echo = new WebSocketServer({ server: service });
echo.on('connection', (socket, request) => {
  asked.push(request);
  socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
});

function urlOf(path: string, { url }: TestGateway = gateway): string {
  return new URL(`/services/${namespace}/${path}`, url).href;
}

function open(url: string, ...protocols: readonly string[]): WebSocket {
  const socket = new WebSocket(url.replace('http', 'ws'), [...protocols]);
  onTestFinished(() => socket.terminate());
  return socket;
}

async function startAnother(options: Parameters<typeof startGateway>[0]): Promise<TestGateway> {
  const another = await startGateway({ enableServiceProxy: true, ...options });
  atEnd(() => another.close());
  return another;
}

describe.skipIf(ADDRESS === undefined)(
  'a service (skipped without a network: endpoints are no loopback)',
  () => {
    beforeAll(() => serveBehindService(service, ADDRESS ?? '', kubectl, namespace));

    it('answers what it answers kubectl', async () => {
      const path = '/a/b.json?c=d&c=e';
      const answer = await rawRequest(urlOf(`web:http${path}`));
      const raw = `/api/v1/namespaces/${namespace}/services/web:http/proxy${path}`;
      expect(answer.body.toString()).toBe(await kubectl.run(['get', '--raw', raw]));
      expect(JSON.parse(answer.body.toString())).toEqual({ method: 'GET', url: path });
    });

    it('gets neither who asks nor cookies, and sets none', async () => {
      const headers = {
        cookie: 'a=b',
        authorization: `Bearer ${cluster.viewerToken}`,
        'x-remote-user': 'root',
      };
      const answer = await rawRequest(urlOf('web:http/'), { headers });
      expect(answer.headers).toMatchObject({
        'content-security-policy': "sandbox; default-src 'none'",
        'cache-control': 'no-store',
      });
      for (const name of ['set-cookie', 'refresh', 'access-control-allow-origin']) {
        expect(answer.headers).not.toHaveProperty(name);
      }
      expect(asked).toHaveLength(1);
      for (const name of [...Object.keys(headers), 'impersonate-user']) {
        expect(asked[0]?.headers).not.toHaveProperty(name);
      }
    });

    it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('takes the body of a %s', async (method) => {
      // Node would not say so of a DELETE.
      const headers = { 'content-type': 'application/json', 'content-length': '7' };
      const answer = await rawRequest(urlOf('web:http/echo'), { method, headers }, '{"a":1}');
      expect(answer.body.toString()).toBe('{"a":1}');
      expect(asked[0]?.headers).toMatchObject(headers);
    });

    it('is heard while it speaks', async () => {
      const sent = httpRequest(urlOf('web:http/slow')).end();
      const [answer] = (await once(sent, 'response')) as [IncomingMessage];
      const pieces = answer.iterator() as AsyncIterableIterator<Buffer>;
      expect(String((await pieces.next()).value)).toBe('first');
      slow.emit('heard');
      expect(String((await pieces.next()).value)).toBe('last');
      expect((await pieces.next()).done).toBe(true);
    });

    it('speaks WebSocket', async () => {
      const socket = open(urlOf('web:http/ws'));
      await once(socket, 'open');
      const text = 'ü'.repeat(100_000);
      socket.send(text);
      expect(String((await once(socket, 'message'))[0])).toBe(text);
      socket.close(1000);
      expect((await once(socket, 'close'))[0]).toBe(1000);
      expect(asked[0]?.url).toBe('/ws');
    });

    it.each([
      ['/next?a=b', '/next?a=b'],
      ['next', '/next'],
      ['?a=b', '/moved?a=b'],
      ['/', '/'],
      ['/a/../next/', '/next/'],
      [`http://${ADDRESS}/next`, undefined],
      ['https://evil.example.com/next', undefined],
      ['//evil.example.com/next', undefined],
      ['/../../other/proxy/', undefined],
      ['../../other/proxy/', undefined],
      ['/..%2f..%2fother', undefined],
      ['javascript:alert(1)', undefined],
    ])('that redirects to %s leads to %s of itself', async (to, expected) => {
      const answer = await rawRequest(urlOf(`web:http/moved?to=${encodeURIComponent(to)}`));
      const location = expected === undefined ? undefined : new URL(urlOf(`web:http${expected}`));
      expect([answer.status, answer.headers['location']]).toEqual(
        location === undefined ? [502, undefined] : [302, location.pathname + location.search],
      );
    });

    it('may redirect by the name that it was asked by', async () => {
      const answer = await rawRequest(urlOf('web:http/host'));
      expect(answer.headers['location']).toBe(new URL(urlOf('web:http/login')).pathname);
    });

    it.each([
      ['none:http/', 404, 'services "none" not found'],
      ['web:99/', 503, 'no service port'],
      ['web:closed/', 503, 'connection refused'],
      ['https:web:http/', 503, 'tls'],
    ])('%s is %i, in the words of the API server', async (path, status, message) => {
      const answer = await rawRequest(urlOf(path));
      expect([answer.status, JSON.parse(answer.body.toString())]).toMatchObject([
        status,
        { kind: 'Status', code: status, message: expect.stringContaining(message) },
      ]);
      expect(asked).toEqual([]);
    });

    it('without endpoints is 503', async () => {
      const idle = {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'idle' },
        spec: { ports: [{ port: 80 }] },
      };
      const endpoints = { apiVersion: 'v1', kind: 'Endpoints', metadata: { name: 'idle' } };
      await kubectl.create(namespace, idle, endpoints);
      const answer = await rawRequest(urlOf('idle:80/'));
      expect([answer.status, answer.body.toString()]).toEqual([
        503,
        expect.stringContaining('no endpoints available'),
      ]);
    });

    it('is closed to whoever may not ask it', async () => {
      const viewer = await startAnother({ kubeconfig: cluster.viewerKubeconfig });
      const answer = await rawRequest(urlOf('web:http/', viewer));
      expect([answer.status, answer.body.toString()]).toEqual([
        403,
        expect.stringContaining('services/proxy'),
      ]);
      const [, response] = (await once(
        open(urlOf('web:http/', viewer)).on('error', () => undefined),
        'unexpected-response',
      )) as [unknown, IncomingMessage];
      expect(response.resume().statusCode).toBe(403);
      expect(asked).toEqual([]);
    });

    it("asks for the caller's own token with --auth passthrough, and does not hand it on", async () => {
      const shared = await startAnother({ kubeconfig: cluster.kubeconfig, mode: 'passthrough' });
      const url = urlOf('web:http/', shared);
      expect((await rawRequest(url)).status).toBe(401);
      const headers = { authorization: `Bearer ${cluster.viewerToken}` };
      expect((await rawRequest(url, { headers })).status).toBe(403);
      expect(asked).toEqual([]);
      const token = Buffer.from(cluster.adminToken).toString('base64url');
      const socket = open(url, `base64url.bearer.authorization.k8s.io.${token}`, 'chat');
      await once(socket, 'open');
      expect(asked[0]?.headers['sec-websocket-protocol']).toBe('chat');
      expect(asked[0]?.headers).not.toHaveProperty('authorization');
    });

    it('is not there where services are off', async () => {
      const off = await startAnother({ kubeconfig: cluster.kubeconfig, enableServiceProxy: false });
      expect((await rawRequest(urlOf('web:http/', off))).status).toBe(404);
      expect(asked).toEqual([]);
    });
  },
);
