import { PassThrough, Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { KUBECONFIG_IDENTITY } from '../../../../src/cluster/identity.ts';
import type { RawRequest, Tunnel } from '../../../../src/cluster/raw.ts';
import { targetFor } from '../support/kubeconfig.ts';
import { rawServer } from '../support/raw-server.ts';
import { testServer } from '../support/server.ts';
import { rejection, testUpstream } from '../support/upstream.ts';

function aCall(changes: Partial<RawRequest> = {}): RawRequest {
  return { identity: KUBECONFIG_IDENTITY, method: 'GET', target: '/api', headers: {}, ...changes };
}

const ANSWERS: Readonly<Record<string, string>> = {
  '401': 'Unauthorized',
  '403': '{"kind":"Status","reason":"Forbidden"}',
  '404': '404 page not found\n',
  '410': '{"kind":"Status","reason":"Expired"}',
  '429': 'Too many requests, please try again later.\n',
  '503': '',
};

describe('a call that is passed on', () => {
  it('has its method, target and body as they are, and the credentials of who it is for', async () => {
    const server = await testServer();
    const upstream = testUpstream({ target: targetFor(server.origin, { user: { token: 'ours' } }) });
    const target = '/api/v1/pods?fieldManager=me&a=1&a=%32&';
    const headers = { 'content-type': 'application/apply-patch+yaml', authorization: 'Bearer theirs' };
    const body = Readable.from([Buffer.from('a: '), Buffer.from('1')]);
    const answer = await upstream.forward(aCall({ method: 'PATCH', target, headers, body }));
    expect(await text(answer.body)).toBe('{}');
    expect(server.requests).toMatchObject([
      {
        method: 'PATCH',
        url: target,
        body: 'a: 1',
        headers: { 'content-type': 'application/apply-patch+yaml', authorization: 'Bearer ours' },
      },
    ]);
  });

  it('says nothing of whose it is, and nothing about one connection', async () => {
    const server = await testServer();
    const upstream = testUpstream({ target: targetFor(server.origin, { user: { token: 'ours' } }) });
    const headers = {
      authorization: 'Bearer theirs',
      cookie: 'a=b',
      connection: 'authorization, keep-alive',
      'keep-alive': 'timeout=5',
      'impersonate-user': 'root',
      'impersonate-extra-scopes': 'x',
      'proxy-authorization': 'Basic x',
      'x-forwarded-for': '127.0.0.1',
      'x-remote-user': 'root',
      'x-http-method-override': 'DELETE',
      te: 'trailers',
      host: 'elsewhere',
      origin: 'https://elsewhere',
      accept: 'application/vnd.kubernetes.protobuf',
      'kubectl-command': 'kubectl get',
      'user-agent': 'kubectl/v1',
    };
    await text((await upstream.forward(aCall({ headers }))).body);
    const sent = server.requests[0]?.headers ?? {};
    expect(Object.keys(sent).toSorted()).toEqual([
      'accept',
      'accept-encoding',
      'authorization',
      'connection',
      'host',
      'kubectl-command',
      'user-agent',
    ]);
    expect(sent).toMatchObject({
      accept: 'application/vnd.kubernetes.protobuf',
      'accept-encoding': 'identity',
      authorization: 'Bearer ours',
      connection: 'keep-alive',
      host: new URL(server.origin).host,
    });
    expect(sent['user-agent']).toMatch(/^kubectl\/v1 kubegraph\//);
  });

  it.each(['a\r\nimpersonate-user: root', 'a\nb', 'a\0b'])(
    'cannot smuggle a header in a value: %j',
    async (accept) => {
      const server = await testServer();
      const upstream = testUpstream({ target: targetFor(server.origin) });
      const error = await rejection(upstream.forward(aCall({ headers: { accept } })));
      expect(error.code).toBe('BAD_USER_INPUT');
      expect(server.requests).toEqual([]);
    },
  );

  it.each(Object.entries(ANSWERS))('is answered with whatever comes: %s', async (status, body) => {
    const server = await testServer({
      handler: (_, answer) => {
        answer.statusCode = Number(status);
        answer.setHeader('retry-after', '1');
        answer.setHeader('set-cookie', 'a=b');
        answer.setHeader('warning', '299 - "old"');
        answer.end(body);
      },
    });
    const answer = await testUpstream({ target: targetFor(server.origin) }).forward(aCall());
    expect([answer.status, await text(answer.body)]).toEqual([Number(status), body]);
    expect(answer.headers).toMatchObject({ 'retry-after': '1', warning: '299 - "old"' });
    expect(Object.keys(answer.headers)).not.toContain('set-cookie');
    expect(Object.keys(answer.headers)).not.toContain('connection');
    expect(server.requests).toHaveLength(1);
  });

  it('keeps the encoding of the answer', async () => {
    const zipped = gzipSync('{}');
    const server = await testServer({
      handler: (request, answer) => {
        expect(request.headers['accept-encoding']).toBe('gzip');
        answer.setHeader('content-encoding', 'gzip');
        answer.end(zipped);
      },
    });
    const upstream = testUpstream({ target: targetFor(server.origin) });
    const answer = await upstream.forward(aCall({ headers: { 'accept-encoding': 'gzip' } }));
    expect(answer.headers['content-encoding']).toBe('gzip');
    expect(await buffer(answer.body)).toEqual(zipped);
  });

  it('has its answer while that comes, and ends it when it is left', async () => {
    const server = await testServer({ handler: (_, answer) => void answer.write('first') });
    const upstream = testUpstream({ target: targetFor(server.origin) });
    const { body } = await upstream.forward(aCall({ target: '/api/v1/pods?watch=1' }));
    const [first] = await body.take(1).toArray();
    expect(String(first)).toBe('first');
    body.destroy();
    await server.requests[0]?.closed;
  });

  it('ends upstream when its signal is aborted, in the middle of the answer', async () => {
    const server = await testServer({ handler: (_, answer) => void answer.write('first') });
    const upstream = testUpstream({ target: targetFor(server.origin) });
    const leaving = new AbortController();
    const { body } = await upstream.forward(aCall({ signal: leaving.signal }));
    const read = text(body);
    leaving.abort();
    await expect(read).rejects.toThrow();
    await server.requests[0]?.closed;
  });

  it('ends upstream when the sender of its body goes', async () => {
    const server = await rawServer('http', (socket) => socket.resume());
    const upstream = testUpstream({ target: targetFor(server.origin) });
    const body = new PassThrough();
    const call = upstream.forward(aCall({ method: 'POST', target: '/api/v1/pods', body }));
    body.write('{"kind":');
    while (!server.received.includes('{"kind":')) await nextTurn();
    body.destroy(new Error('the client has gone'));
    expect((await rejection(call)).code).toBe('OUTCOME_UNKNOWN');
  });

  it('waits for a server that reads slowly, and holds nothing meanwhile', async () => {
    const server = await rawServer('http', (socket) => socket.pause());
    const upstream = testUpstream({ target: targetFor(server.origin) });
    const chunk = Buffer.alloc(64 * 1024);
    let asked = 0;
    const body = new Readable({
      read() {
        asked += 1;
        this.push(asked > 1_000 ? null : chunk);
      },
    });
    const leaving = new AbortController();
    const call = upstream.forward(
      aCall({ method: 'PUT', target: '/api/v1/pods', body, signal: leaving.signal }),
    );
    let before = -1;
    while (asked !== before) {
      before = asked;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    // What fits into the sockets' buffers.
    expect(asked).toBeLessThan(500);
    leaving.abort();
    expect((await rejection(call)).code).toBe('CANCELLED');
  });

  it('is sent again, once, when it reads and its connection has failed', async () => {
    const server = await rawServer('http', (socket, index) =>
      socket.once('data', () => {
        if (index === 0) socket.destroy();
        else socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}');
      }),
    );
    const upstream = testUpstream({ target: targetFor(server.origin) });
    expect(await text((await upstream.forward(aCall())).body)).toBe('{}');
    expect(server.connections).toBe(2);
  });

  it('is not sent again when it might have been done', async () => {
    const server = await rawServer('http', (socket) => socket.once('data', () => socket.destroy()));
    const upstream = testUpstream({ target: targetFor(server.origin) });
    const error = await rejection(upstream.forward(aCall({ method: 'DELETE', target: '/api/v1/pods/a' })));
    expect([error.code, server.connections]).toEqual(['OUTCOME_UNKNOWN', 1]);
  });

  it('is not sent again through a tunnel, where a GET may do anything', async () => {
    const server = await rawServer('http', (socket) => socket.once('data', () => socket.destroy()));
    const upstream = testUpstream({ target: targetFor(server.origin) });
    const target = '/api/v1/namespaces/a/services/b/proxy/';
    const call = upstream.forward(aCall({ target, tunnels: new Set<Tunnel>(['proxy']) }));
    expect([(await rejection(call)).code, server.connections]).toEqual(['OUTCOME_UNKNOWN', 1]);
  });

  it('ends when its signal is aborted, while a connection is being made', async () => {
    const server = await rawServer('http', () => undefined);
    // A TLS handshake that nobody answers.
    const upstream = testUpstream({ target: targetFor(server.origin.replace('http:', 'https:')) });
    const leaving = new AbortController();
    const call = upstream.forward(aCall({ signal: leaving.signal }));
    while (server.connections === 0) await nextTurn();
    leaving.abort();
    expect((await rejection(call)).code).toBe('CANCELLED');
  });

  it('does not reach a server where writes are refused', async () => {
    const server = await testServer();
    const upstream = testUpstream({ target: targetFor(server.origin), readOnly: true });
    const write = upstream.forward(aCall({ method: 'POST', target: '/api/v1/namespaces' }));
    expect((await rejection(write)).code).toBe('READ_ONLY');
    expect(server.requests).toEqual([]);
    expect((await upstream.forward(aCall())).status).toBe(200);
  });
});
