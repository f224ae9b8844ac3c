import { describe, expect, test } from 'vitest';
import { bearerIdentity, KUBECONFIG_IDENTITY } from '../../../src/cluster/identity.ts';
import { targetFor } from './support/kubeconfig.ts';
import { testServer } from './support/server.ts';
import { tlsBase64 } from './support/tls.ts';
import { aRequest, fetchText, rejection, testUpstream } from './support/upstream.ts';

const CERTIFICATE = {
  'client-certificate-data': tlsBase64('client.crt'),
  'client-key-data': tlsBase64('client.key'),
};
const EVERYTHING = { ...CERTIFICATE, token: 'own-token', as: 'jane', 'as-groups': ['a', 'b'] };

/** All that says who is asking. */
function identityHeaders(headers: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => /^(?:authorization|impersonate-|x-)/.test(name)),
  );
}

describe.each(['unary', 'stream'] as const)('a %s call', (mode) => {
  test("by the kubeconfig's identity shows certificate, token and impersonation", async () => {
    const server = await testServer();
    const upstream = testUpstream({ target: targetFor(server.origin, { user: EVERYTHING }) });
    await fetchText(upstream, { mode });
    expect(server.requests[0]?.clientName).toBe('client');
    expect(identityHeaders(server.requests[0]?.headers ?? {})).toEqual({
      authorization: 'Bearer own-token',
      'impersonate-user': 'jane',
      'impersonate-group': 'a, b',
    });
  });

  test('by a bearer identity shows its token and nothing of the kubeconfig', async () => {
    const server = await testServer();
    const upstream = testUpstream({ target: targetFor(server.origin, { user: EVERYTHING }) });
    await fetchText(upstream, { mode });
    await fetchText(upstream, { mode, identity: bearerIdentity('theirs') });
    await fetchText(upstream, { mode });
    expect(server.requests.map(({ clientName }) => clientName)).toEqual(['client', undefined, 'client']);
    expect(identityHeaders(server.requests[1]?.headers ?? {})).toEqual({ authorization: 'Bearer theirs' });
  });

  test('by a bearer identity still trusts the authority and uses the server name of the kubeconfig', async () => {
    const server = await testServer({ certificate: 'renamed-server' });
    const cluster = { 'tls-server-name': 'api.example.test' };
    const upstream = testUpstream({ target: targetFor(server.origin, { cluster, user: EVERYTHING }) });
    expect((await fetchText(upstream, { mode, identity: bearerIdentity('theirs') })).status).toBe(200);
  });

  test('mixed from two identities at once never swaps them', async () => {
    const server = await testServer();
    const upstream = testUpstream({ target: targetFor(server.origin, { user: CERTIFICATE }) });
    const calls = Array.from({ length: 60 }, (_, index) => {
      const identity = index % 3 === 0 ? KUBECONFIG_IDENTITY : bearerIdentity(`token-${index}`);
      return fetchText(upstream, { mode, identity, path: `/${index}` });
    });
    await Promise.all(calls);
    const seen = server.requests.map(({ url, clientName, headers }) => [
      url,
      [clientName, headers['authorization']],
    ]);
    expect(Object.fromEntries(seen)).toEqual(
      Object.fromEntries(
        calls.map((_, index) => [
          `/${index}`,
          index % 3 === 0 ? ['client', undefined] : [undefined, `Bearer token-${index}`],
        ]),
      ),
    );
  });
});

describe('passthrough', () => {
  test("never uses the kubeconfig's credentials", async () => {
    const server = await testServer();
    const upstream = testUpstream({
      target: targetFor(server.origin, { user: EVERYTHING }),
      mode: 'passthrough',
    });
    const error = await rejection(upstream.send(aRequest()));
    expect(error.code).toBe('UNAUTHENTICATED');
    expect((await fetchText(upstream, { identity: bearerIdentity('theirs') })).status).toBe(200);
    expect(server.requests).toHaveLength(1);
    expect(server.requests[0]).toMatchObject({
      clientName: undefined,
      headers: { authorization: 'Bearer theirs' },
    });
  });
});

describe('a malformed token', () => {
  test.each([
    [''],
    [' '],
    ['\t'],
    ['a b'],
    [' a'],
    ['a '],
    ['a\r\nImpersonate-User: admin'],
    ['a\nb'],
    ['a\rb'],
    ['a\u0000b'],
    ['a\u007fb'],
    ['a\u0085b'],
    ['a\u00a0b'],
    ['tökèn'],
    ['\u2028'],
    ['\ud800'],
    ['🙂'],
    ['a, b c'],
    ['x'.repeat(1024 * 1024)],
    ['Bearer abc'],
  ])('%j is UNAUTHENTICATED without a connection', async (token) => {
    const server = await testServer();
    const upstream = testUpstream({ target: targetFor(server.origin, { user: EVERYTHING }) });
    const error = await rejection(upstream.send(aRequest({ identity: bearerIdentity(token) })));
    expect(error.code).toBe('UNAUTHENTICATED');
    expect(server.connections).toBe(0);
  });
});

describe('the authorization header', () => {
  test('of username and password is Basic in UTF-8', async () => {
    const server = await testServer();
    const user = { username: 'jane', password: 'pä:ss' };
    await fetchText(testUpstream({ target: targetFor(server.origin, { user }) }));
    const expected = `Basic ${Buffer.from('jane:pä:ss', 'utf8').toString('base64')}`;
    expect(server.requests[0]?.headers['authorization']).toBe(expected);
  });

  test('is not sent to a plain-http server for the kubeconfig', async () => {
    const server = await testServer({ kind: 'http' });
    await fetchText(testUpstream({ target: targetFor(server.origin, { user: { token: 'abc' } }) }));
    expect(server.requests[0]?.headers).not.toHaveProperty('authorization');
  });
});
