import { describe, expect, test } from 'vitest';
import type { KubeconfigParts } from './support/kubeconfig.ts';
import { targetFor } from './support/kubeconfig.ts';
import { rawServer } from './support/raw-server.ts';
import { testServer } from './support/server.ts';
import { tlsBase64 } from './support/tls.ts';
import { aRequest, fetchText, rejection, testUpstream } from './support/upstream.ts';

const MODES = ['unary', 'stream'] as const;

async function upstreamTo(
  certificate: 'server' | 'renamed-server' | 'expired-server',
  cluster: KubeconfigParts['cluster'] = {},
) {
  const server = await testServer({ certificate });
  return { server, upstream: testUpstream({ target: targetFor(server.origin, { cluster }) }) };
}

describe.each(MODES)('the server certificate of a %s call', (mode) => {
  test.each([
    ['has expired', 'expired-server', {}, "the server's certificate has expired"],
    [
      'is for another name',
      'renamed-server',
      {},
      "the server's certificate is for another name; set tls-server-name",
    ],
    [
      'is not for the tls-server-name',
      'server',
      { 'tls-server-name': 'api.example.test' },
      "the server's certificate is for another name",
    ],
    [
      'is signed by another authority',
      'server',
      { 'certificate-authority-data': tlsBase64('other-ca.crt') },
      'not signed by the certificate authority in the kubeconfig',
    ],
    [
      'is signed by an authority that nobody knows',
      'server',
      { 'certificate-authority-data': undefined },
      'not signed by the certificate authority in the kubeconfig',
    ],
  ] as const)(
    'that %s is refused in plain words, before anything is sent',
    async (_, certificate, cluster, message) => {
      const { server, upstream } = await upstreamTo(certificate, cluster);
      const error = await rejection(upstream.send(aRequest({ mode })));
      expect(error.code).toBe('UNREACHABLE');
      expect(error.message).toContain(message);
      expect(error.message).not.toMatch(/127\.0\.0\.1|\n| at /);
      expect(server.requests).toEqual([]);
      expect(server.connections).toBe(1);
    },
  );

  test('may be for the tls-server-name instead of the host', async () => {
    const { upstream } = await upstreamTo('renamed-server', { 'tls-server-name': 'api.example.test' });
    expect((await fetchText(upstream, { mode })).status).toBe(200);
  });

  test('is not looked at when the kubeconfig says so', async () => {
    const { upstream } = await upstreamTo('expired-server', {
      'certificate-authority-data': undefined,
      'insecure-skip-tls-verify': true,
    });
    expect((await fetchText(upstream, { mode })).status).toBe(200);
  });

  test('may itself be what the kubeconfig trusts, as in Go', async () => {
    const { upstream } = await upstreamTo('server', {
      'certificate-authority-data': tlsBase64('server.crt'),
    });
    expect((await fetchText(upstream, { mode })).status).toBe(200);
  });
});

test('a server that does not speak TLS is named as such', async () => {
  const server = await testServer({ kind: 'http' });
  const upstream = testUpstream({ target: targetFor(`https://127.0.0.1:${server.port}`) });
  const error = await rejection(upstream.send(aRequest()));
  expect(error.message).toBe(
    'the API server is not reachable: it does not speak TLS on this port; check `server` in the kubeconfig',
  );
});

test('a host that does not resolve is named as such', async () => {
  const upstream = testUpstream({ target: targetFor('https://does-not-exist.invalid:6443') });
  const error = await rejection(upstream.send(aRequest()));
  expect(error.code).toBe('UNREACHABLE');
  expect(error.message).toMatch(/its host name (?:does not resolve|cannot be resolved)/);
});

test('TLS 1.0 and 1.1 are not spoken', async () => {
  // The record of a server that only knows TLS 1.0: an alert "protocol version".
  const server = await rawServer('http', (socket) => {
    socket.once('data', () => socket.end(Buffer.from([21, 3, 1, 0, 2, 2, 70])));
  });
  const upstream = testUpstream({ target: targetFor(`https://127.0.0.1:${server.port}`) });
  const error = await rejection(upstream.send(aRequest()));
  expect(error.code).toBe('UNREACHABLE');
  expect(error.message).toMatch(/TLS handshake/);
});
