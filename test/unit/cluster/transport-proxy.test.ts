import { describe, expect, test } from 'vitest';
import { bearerIdentity } from '../../../src/cluster/identity.ts';
import { TestClock } from './support/clock.ts';
import { targetFor } from './support/kubeconfig.ts';
import { socksProxy, testProxy } from './support/proxy.ts';
import { testServer } from './support/server.ts';
import { tlsBase64 } from './support/tls.ts';
import { aRequest, fetchText, rejection, testUpstream } from './support/upstream.ts';

const user = {
  'client-certificate-data': tlsBase64('client.crt'),
  'client-key-data': tlsBase64('client.key'),
  as: 'jane',
  'as-groups': ['a', 'b'],
};

describe.each(['unary', 'stream'] as const)('a %s call through an HTTP proxy', (mode) => {
  test('is tunnelled, with TLS and client certificate end to end', async () => {
    const server = await testServer();
    const proxy = await testProxy();
    const target = targetFor(server.origin, { user, cluster: { 'proxy-url': proxy.url } });
    await fetchText(testUpstream({ target }), { mode });
    expect(proxy.tunnels).toEqual([`127.0.0.1:${server.port}`]);
    expect(server.requests[0]).toMatchObject({ clientName: 'client', httpVersion: '1.1' });
    expect(server.requests[0]?.rawHeaders.filter((name) => name === 'impersonate-group')).toHaveLength(2);
  });

  test('by a bearer identity is tunnelled too, without the certificate', async () => {
    const server = await testServer();
    const proxy = await testProxy();
    const target = targetFor(server.origin, { user, cluster: { 'proxy-url': proxy.url } });
    await fetchText(testUpstream({ target }), { mode, identity: bearerIdentity('theirs') });
    expect(proxy.tunnels).toHaveLength(1);
    expect(server.requests[0]?.clientName).toBeUndefined();
    expect(server.requests[0]?.httpVersion).toBe(mode === 'stream' ? '2.0' : '1.1');
  });

  test('checks the server certificate, also for the tls-server-name', async () => {
    const server = await testServer({ certificate: 'renamed-server' });
    const proxy = await testProxy();
    const cluster = { 'proxy-url': proxy.url };
    const wrong = testUpstream({ target: targetFor(server.origin, { cluster }) });
    expect((await rejection(wrong.send(aRequest({ mode })))).message).toMatch(/is for another name/);
    const named = { ...cluster, 'tls-server-name': 'api.example.test' };
    const right = testUpstream({ target: targetFor(server.origin, { cluster: named }) });
    expect((await fetchText(right, { mode })).status).toBe(200);
  });

  test('shows the proxy its own password, and the server nothing of it', async () => {
    const server = await testServer();
    const proxy = await testProxy();
    const url = proxy.url.replace('http://', 'http://me:p%40ss@');
    const target = targetFor(server.origin, { cluster: { 'proxy-url': url } });
    await fetchText(testUpstream({ target }), { mode });
    expect(proxy.authorizations).toEqual([`Basic ${Buffer.from('me:p@ss').toString('base64')}`]);
    expect(server.requests[0]?.headers).not.toHaveProperty('proxy-authorization');
  });

  test.each([403, 407, 502])('that answers %i is UNREACHABLE, with its status', async (status) => {
    const server = await testServer();
    const proxy = await testProxy(status);
    const target = targetFor(server.origin, { cluster: { 'proxy-url': proxy.url } });
    const error = await rejection(testUpstream({ target }).send(aRequest({ mode })));
    expect(error.message).toBe(`the API server is not reachable: the proxy answered ${status}`);
    expect(server.connections).toBe(0);
  });

  test('that hangs up is asked four times and not for ever', async () => {
    const server = await testServer();
    const proxy = await testProxy('hang up');
    const target = targetFor(server.origin, { cluster: { 'proxy-url': proxy.url } });
    const error = await rejection(testUpstream({ target, clock: new TestClock() }).send(aRequest({ mode })));
    expect(error.code).toBe('UNREACHABLE');
    expect(proxy.tunnels).toHaveLength(4);
  });

  test('shares one tunnel between streams', async () => {
    const server = await testServer({ handler: (_, answer) => void answer.write('event\n') });
    const proxy = await testProxy();
    const upstream = testUpstream({
      target: targetFor(server.origin, { cluster: { 'proxy-url': proxy.url } }),
    });
    await Promise.all(Array.from({ length: 10 }, () => upstream.send(aRequest({ mode, path: '/watch' }))));
    expect(proxy.tunnels).toHaveLength(mode === 'stream' ? 1 : 10);
  });
});

describe('a SOCKS5 proxy', () => {
  test.each(['unary', 'stream'] as const)('tunnels a %s call over HTTP/1.1', async (mode) => {
    const server = await testServer();
    const proxy = await socksProxy();
    const target = targetFor(server.origin, { user, cluster: { 'proxy-url': proxy.url } });
    await fetchText(testUpstream({ target }), { mode });
    expect(proxy.tunnels).toEqual([String(server.port)]);
    expect(server.requests[0]).toMatchObject({ clientName: 'client', httpVersion: '1.1' });
  });
});
