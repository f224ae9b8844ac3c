import { describe, expect, test } from 'vitest';
import { bearerIdentity } from '../../../src/cluster/identity.ts';
import { version } from '../../../src/util/version.ts';
import { targetFor } from './support/kubeconfig.ts';
import { testServer } from './support/server.ts';
import { aRequest, fetchText, rejection, testUpstream } from './support/upstream.ts';

async function setUp(user: Readonly<Record<string, unknown>> = {}) {
  const server = await testServer();
  return { server, upstream: testUpstream({ target: targetFor(server.origin, { user }) }) };
}

/** Header names that a request must never gain from its caller. */
const SMUGGLED = [
  ...['user', 'uid', 'group', 'extra-x', 'extra-example.com%2fx'].map((name) => `impersonate-${name}`),
  ...['user', 'uid', 'group', 'extra-x'].map((name) => `x-remote-${name}`),
  ...['for', 'host', 'proto', 'client-cert', 'user', 'groups'].map((name) => `x-forwarded-${name}`),
  ...`authorization proxy-authorization cookie connection keep-alive upgrade te trailer transfer-encoding
    content-length host expect via forwarded origin referer range accept accept-encoding content-type user-agent
    sec-websocket-protocol x-http-method-override x-real-ip front-end-https audit-id :authority :path __proto__
    if-match if-modified-since`.split(/\s+/),
];
const SPELLINGS = [
  (name: string) => name,
  (name: string) => name.toUpperCase(),
  (name: string) => ` ${name}`,
  (name: string) => `${name} `,
  (name: string) => `if-none-match\r\n${name}`,
];

describe('the headers of a request', () => {
  test('are ours and no others', async () => {
    const { server, upstream } = await setUp({ token: 'abc' });
    await fetchText(upstream, {
      accept: 'application/yaml',
      compress: true,
      headers: { 'if-none-match': '"e"' },
    });
    expect(server.requests[0]?.headers).toEqual({
      host: `127.0.0.1:${server.port}`,
      connection: 'keep-alive',
      accept: 'application/yaml',
      'accept-encoding': 'gzip',
      authorization: 'Bearer abc',
      'if-none-match': '"e"',
      'user-agent': `kubegraph/${version}`,
    });
  });

  test('describe a body when there is one', async () => {
    const { server, upstream } = await setUp();
    const body = { contentType: 'application/merge-patch+json', content: '{"ä":1}' };
    await fetchText(upstream, { method: 'PATCH', path: '/api/v1/namespaces/a', body });
    expect(server.requests[0]).toMatchObject({
      method: 'PATCH',
      body: '{"ä":1}',
      headers: { 'content-type': 'application/merge-patch+json', 'content-length': '8' },
    });
  });

  test('take a body in bytes, also for DELETE', async () => {
    const { server, upstream } = await setUp();
    const body = { contentType: 'application/json', content: new TextEncoder().encode('{"dryRun":["All"]}') };
    await fetchText(upstream, { method: 'DELETE', path: '/api/v1/namespaces/a', body });
    expect(server.requests[0]).toMatchObject({ method: 'DELETE', body: '{"dryRun":["All"]}' });
  });

  test.each(['unary', 'stream'] as const)('of a %s call take nothing else from the caller', async (mode) => {
    const { server, upstream } = await setUp();
    const identity = bearerIdentity('theirs');
    await fetchText(upstream, { mode, identity });
    const honest = server.requests[0]?.rawHeaders;
    for (const spell of SPELLINGS) {
      const headers = Object.fromEntries(SMUGGLED.map((name) => [spell(name), 'smuggled']));
      await fetchText(upstream, { mode, identity, headers });
    }
    expect(server.requests).toHaveLength(1 + SPELLINGS.length);
    for (const { rawHeaders } of server.requests) expect(rawHeaders).toEqual(honest);
  });

  test.each([
    { headers: { 'if-none-match': 'a\r\nImpersonate-User: admin' } },
    { headers: { 'if-none-match': 'ä' } },
    { headers: { 'if-none-match': '' } },
    { accept: 'application/json\r\nX-Remote-User: admin' },
    { accept: 'a\u0000' },
    { method: 'POST' as const, body: { contentType: 'a\nb', content: '' } },
  ])('cannot be split by a value: %j', async (changes) => {
    const { server, upstream } = await setUp();
    const error = await rejection(upstream.send(aRequest(changes)));
    expect(error.code).toBe('BAD_USER_INPUT');
    expect(server.requests).toEqual([]);
  });
});

describe('impersonation', () => {
  const user = {
    as: 'jäne',
    'as-uid': 'u-1',
    'as-groups': ['a', 'b, c'],
    'as-user-extra': { 'example.com/scopes%': ['1', '2'], none: [] },
  };

  test('repeats a header for each value, escapes keys and sends UTF-8', async () => {
    const { server, upstream } = await setUp(user);
    await fetchText(upstream);
    const raw = server.requests[0]?.rawHeaders ?? [];
    const pairs = raw.flatMap((name, index) => (index % 2 === 0 ? [[name, raw[index + 1]]] : []));
    expect(pairs.filter(([name]) => name?.startsWith('impersonate'))).toEqual([
      ['impersonate-user', Buffer.from('jäne', 'utf8').toString('latin1')],
      ['impersonate-uid', 'u-1'],
      ['impersonate-group', 'a'],
      ['impersonate-group', 'b, c'],
      ['impersonate-extra-example.com%2Fscopes%25', '1'],
      ['impersonate-extra-example.com%2Fscopes%25', '2'],
    ]);
  });

  test('with several values goes over HTTP/1.1, because HTTP/2 would join them', async () => {
    const { server, upstream } = await setUp(user);
    await fetchText(upstream, { mode: 'stream' });
    expect(server.requests[0]?.httpVersion).toBe('1.1');
  });

  test('with single values goes over HTTP/2', async () => {
    const { server, upstream } = await setUp({ as: 'jäne', 'as-groups': ['a'] });
    await fetchText(upstream, { mode: 'stream' });
    expect(server.requests[0]).toMatchObject({
      httpVersion: '2.0',
      headers: {
        'impersonate-user': Buffer.from('jäne', 'utf8').toString('latin1'),
        'impersonate-group': 'a',
      },
    });
  });
});

describe('an answer', () => {
  test('tells status, type, etag, retry-after and warnings', async () => {
    const server = await testServer({
      handler: (_, answer) => {
        answer.statusCode = 409;
        answer.setHeader('content-type', 'application/json');
        answer.setHeader('etag', '"1"');
        answer.setHeader('retry-after', '7');
        answer.setHeader('warning', ['299 - "a"', '299 - "b \\"c\\"", 299 - "d"']);
        answer.end('{}');
      },
    });
    const upstream = testUpstream({ target: targetFor(server.origin) });
    for (const mode of ['unary', 'stream'] as const) {
      expect(await fetchText(upstream, { mode })).toMatchObject({
        status: 409,
        contentType: 'application/json',
        etag: '"1"',
        retryAfter: '7',
        warnings: ['a', 'b "c"', 'd'],
        text: '{}',
      });
    }
  });

  test('that redirects is passed on and not followed', async () => {
    const elsewhere = await testServer();
    const server = await testServer({
      handler: (_, answer) => {
        answer.statusCode = 302;
        answer.setHeader('location', `${elsewhere.origin}/api`);
        answer.end();
      },
    });
    const upstream = testUpstream({ target: targetFor(server.origin) });
    expect((await fetchText(upstream)).status).toBe(302);
    expect(server.requests).toHaveLength(1);
    expect(elsewhere.connections).toBe(0);
  });

  test('can be Not Modified', async () => {
    const server = await testServer({
      handler: (_, answer) => {
        answer.statusCode = 304;
        answer.setHeader('content-encoding', 'gzip');
        answer.end();
      },
    });
    const upstream = testUpstream({ target: targetFor(server.origin) });
    expect(await fetchText(upstream, { compress: true })).toMatchObject({ status: 304, text: '' });
  });
});

test("a path goes behind the server's prefix", async () => {
  const server = await testServer();
  const upstream = testUpstream({
    target: targetFor(server.origin, { cluster: { server: `${server.origin}/k8s/clusters/c-1/` } }),
  });
  for (const mode of ['unary', 'stream'] as const)
    await fetchText(upstream, { mode, path: '/api/v1', query: { a: '1' } });
  expect(server.requests.map(({ url }) => url)).toEqual([
    '/k8s/clusters/c-1/api/v1?a=1',
    '/k8s/clusters/c-1/api/v1?a=1',
  ]);
});

describe('read-only', () => {
  const reviews = [
    '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
    '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews',
    '/apis/authentication.k8s.io/v1/selfsubjectreviews',
    '/apis/authentication.k8s.io/v1beta1/selfsubjectreviews',
  ];
  const body = { contentType: 'application/json', content: '{}' };

  test('lets reads and self-subject reviews through', async () => {
    const server = await testServer();
    const upstream = testUpstream({ target: targetFor(server.origin), readOnly: true });
    await fetchText(upstream);
    for (const path of reviews) await fetchText(upstream, { method: 'POST', path, body });
    expect(server.requests.map(({ url }) => url)).toEqual(['/api', ...reviews]);
  });

  test.each([
    ['POST', '/api/v1/namespaces'],
    ['PUT', '/api/v1/namespaces/a'],
    ['PATCH', '/api/v1/namespaces/a'],
    ['DELETE', '/api/v1/namespaces/a'],
    ['DELETE', reviews[0]],
    ['PUT', reviews[0]],
    ['POST', `${reviews[0]}/x`],
    ['POST', `/x${reviews[0]}`],
    ['POST', `${reviews[0]}?x=`],
    ['POST', '/apis/authorization.k8s.io/v1/subjectaccessreviews'],
    ['POST', '/apis/authentication.k8s.io/v1/tokenreviews'],
    ['POST', '/apis/authorizationxk8s.io/v1/selfsubjectaccessreviews'],
    ['POST', '/api/v1/namespaces/a/serviceaccounts/b/token'],
    ['POST', '/api/v1/namespaces/a/pods/b/eviction'],
  ] as const)('refuses %s %s before anything is sent', async (method, path = '') => {
    const server = await testServer();
    const upstream = testUpstream({ target: targetFor(server.origin), readOnly: true });
    const error = await rejection(upstream.send(aRequest({ method, path, body })));
    expect(error.code).toBe('READ_ONLY');
    expect(server.connections).toBe(0);
  });
});
