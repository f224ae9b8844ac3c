import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { KUBECONFIG_IDENTITY } from '../../../../src/cluster/identity.ts';
import type { RawRequest, RawUpgrade, Tunnel } from '../../../../src/cluster/raw.ts';
import { targetFor } from '../support/kubeconfig.ts';
import { rawServer } from '../support/raw-server.ts';
import { rejection, testUpstream } from '../support/upstream.ts';

const WEBSOCKET = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-key': 'x3JJHMbDL1EzLkh9GBhXDw==',
  'sec-websocket-version': '13',
  'sec-websocket-protocol': 'v5.channel.k8s.io, base64url.bearer.authorization.k8s.io.c2VjcmV0',
};
const EXEC = '/api/v1/namespaces/a/pods/b/exec?command=sh';

function aCall(changes: Partial<RawRequest> = {}): RawRequest {
  return {
    identity: KUBECONFIG_IDENTITY,
    method: 'GET',
    target: EXEC,
    headers: WEBSOCKET,
    tunnels: new Set<Tunnel>(['exec']),
    ...changes,
  };
}

/** A server that sends `head` to whoever asks, and hands over the connections. */
async function answering(head: string) {
  const sockets: Socket[] = [];
  const server = await rawServer('https', (socket) => {
    sockets.push(socket);
    socket.once('data', () => socket.write(head));
  });
  const target = targetFor(server.origin, {
    user: { token: 'ours' },
  });
  return { server, sockets, upstream: testUpstream({ target }) };
}

const SWITCHING =
  'HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-accept: x\r\nset-cookie: a=b\r\n\r\n';

function socketOf(upgrade: RawUpgrade): Duplex {
  if (upgrade.kind !== 'upgraded') throw new Error(`refused with ${upgrade.answer.status}`);
  return upgrade.socket;
}

describe('a connection that goes on in another protocol', () => {
  it('carries bytes both ways, from the first behind the head on', async () => {
    const { server, sockets, upstream } = await answering(`${SWITCHING}first`);
    const upgrade = await upstream.upgrade(aCall());
    const socket = socketOf(upgrade);
    expect(upgrade).toMatchObject({ headers: { 'sec-websocket-accept': 'x' } });
    expect(String((await once(socket, 'data'))[0])).toBe('first');
    socket.write('there');
    while (!server.received.endsWith('there')) await once(sockets[0] as Socket, 'data');
    sockets[0]?.write('back');
    expect(String((await once(socket, 'data'))[0])).toBe('back');
    socket.destroy();
  });

  it('is asked for with our credentials and origin, and never with a token of the caller', async () => {
    const { server, upstream } = await answering(SWITCHING);
    const headers = {
      ...WEBSOCKET,
      authorization: 'Bearer theirs',
      origin: 'https://elsewhere',
      cookie: 'a=b',
    };
    socketOf(await upstream.upgrade(aCall({ headers }))).destroy();
    const head = server.received.toLowerCase();
    expect(head).toContain('authorization: bearer ours\r\n');
    expect(head).toContain(`origin: ${server.origin}\r\n`);
    expect(head).toContain('sec-websocket-protocol: v5.channel.k8s.io\r\n');
    expect(head).toContain('upgrade: websocket\r\n');
    expect(head).not.toMatch(/theirs|elsewhere|cookie|c2vjcmv0/);
  });

  it.each([
    ['the client', (socket: Duplex) => socket.destroy()],
    ['a signal', (_: Duplex, leaving: AbortController) => leaving.abort()],
  ] as const)('is closed upstream when %s ends it', async (_, end) => {
    const { sockets, upstream } = await answering(SWITCHING);
    const leaving = new AbortController();
    const socket = socketOf(await upstream.upgrade(aCall({ signal: leaving.signal })));
    const closed = once(sockets[0] as Socket, 'close');
    end(socket, leaving);
    await closed;
  });

  it('is closed when the server closes it', async () => {
    const { sockets, upstream } = await answering(SWITCHING);
    const socket = socketOf(await upstream.upgrade(aCall()));
    socket.resume();
    sockets[0]?.destroy();
    await once(socket, 'close');
  });
});

describe('a wish for another protocol', () => {
  it.each([
    '/api/v1/pods?watch=1',
    '/api/v1/namespaces?watch=true',
    '/api/v1/namespaces/a?watch=true',
    '/apis/apps/v1/namespaces/a/deployments?labelSelector=b&watch=true',
    '/apis/apps/v1/namespaces/a/deployments/b?watch=true',
    '/api/v1/namespaces/a/pods/b/log?follow=true',
  ])('may be about what is only read, also where nothing may change: %s', async (target) => {
    const { server } = await answering(SWITCHING);
    const upstream = testUpstream({ target: targetFor(server.origin), readOnly: true });
    socketOf(await upstream.upgrade(aCall({ target, tunnels: new Set<Tunnel>() }))).destroy();
    expect(server.received).toContain(`GET ${target} HTTP/1.1`);
  });

  it('can be refused, with a body', async () => {
    const status = '{"kind":"Status","code":403}';
    const { upstream } = await answering(
      `HTTP/1.1 403 Forbidden\r\ncontent-type: application/json\r\ncontent-length: ${status.length}\r\n\r\n${status}`,
    );
    const upgrade = await upstream.upgrade(aCall());
    if (upgrade.kind !== 'refused') throw new Error('it was not refused');
    expect(upgrade.answer).toMatchObject({ status: 403, headers: { 'content-type': 'application/json' } });
    expect(await text(upgrade.answer.body)).toBe(status);
  });

  it('is UPSTREAM_ERROR or UNREACHABLE where the answer is none', async () => {
    const { upstream } = await answering('hello\r\n\r\n');
    expect((await rejection(upstream.upgrade(aCall()))).code).toBe('UPSTREAM_ERROR');
    const nobody = testUpstream({ target: targetFor('http://127.0.0.1:1') });
    expect((await rejection(nobody.upgrade(aCall()))).code).toBe('UNREACHABLE');
  });

  it('ends with its signal while nobody answers', async () => {
    const { server, upstream } = await answering('');
    const leaving = new AbortController();
    const call = upstream.upgrade(aCall({ signal: leaving.signal }));
    while (server.received === '') await new Promise(setImmediate);
    leaving.abort();
    expect((await rejection(call)).code).toBe('CANCELLED');
  });

  it.each(['\xc2\x85', '\xe2\x80\x83', '\xc2\xa0', '"'])(
    'does not carry a token behind bytes that only the API server drops: %j',
    async (bytes) => {
      const { server, upstream } = await answering(SWITCHING);
      const token = `${bytes}base64url.bearer.authorization.k8s.io.c2VjcmV0`;
      const headers = { ...WEBSOCKET, 'sec-websocket-protocol': `v5.channel.k8s.io, ${token}` };
      expect((await rejection(upstream.upgrade(aCall({ headers })))).code).toBe('BAD_USER_INPUT');
      expect(server.received).toBe('');
    },
  );

  it('offers the protocol of port forwarding, which has a slash', async () => {
    const { server, upstream } = await answering(SWITCHING);
    const headers = { ...WEBSOCKET, 'sec-websocket-protocol': 'SPDY/3.1+portforward.k8s.io' };
    socketOf(await upstream.upgrade(aCall({ headers }))).destroy();
    expect(server.received).toContain('sec-websocket-protocol: SPDY/3.1+portforward.k8s.io\r\n');
  });

  it.each([
    ['through a tunnel that is closed', { tunnels: new Set<Tunnel>() }, false, 'BAD_USER_INPUT'],
    ['to a protocol that it does not name', { headers: {} }, false, 'BAD_USER_INPUT'],
    ['to what is no protocol', { headers: { upgrade: 'a\r\nb: c' } }, false, 'BAD_USER_INPUT'],
    [
      'to a part of a cluster-wide object',
      { target: '/apis/metrics.example.com/v1/nodes/a/shell?watch=true' },
      false,
      'BAD_USER_INPUT',
    ],
    [
      'to a console of an aggregated API',
      { target: '/apis/subresources.kubevirt.io/v1/namespaces/a/virtualmachineinstances/b/console?watch=1' },
      false,
      'BAD_USER_INPUT',
    ],
    ['that may change something, where nothing may', {}, true, 'READ_ONLY'],
  ] as const)('does not reach the server %s', async (_, changes, readOnly, code) => {
    const server = await rawServer('http', () => undefined);
    const upstream = testUpstream({ target: targetFor(server.origin), readOnly });
    expect((await rejection(upstream.upgrade(aCall(changes)))).code).toBe(code);
    expect(server.connections).toBe(0);
  });
});
