import { text } from 'node:stream/consumers';
import { Agent, request } from 'undici';
import { expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { http2Session, sendHttp2, startServer } from './support.ts';

test('a token of the admin opens everything', async () => {
  const { send } = await startServer();
  expect(await send('/api/v1/nodes/n1')).toMatchObject({ status: 200 });
});

test('a wrong token is 401 everywhere, without a hint how to log in', async () => {
  const { send } = await startServer();
  const answer = await send('/version', { token: 'wrong' });
  expect(answer.status).toBe(401);
  expect(answer.headers['www-authenticate']).toBeUndefined();
  expect(answer.body).toBe(
    '{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"Unauthorized","reason":"Unauthorized","code":401}\n',
  );
});

test('without credentials a request is the anonymous user’s, who sees versions and health only', async () => {
  const { send } = await startServer();
  expect((await send('/version', { token: '' })).status).toBe(200);
  expect((await send('/livez', { token: '' })).body).toBe('ok');
  const answer = await send('/apis', { token: '' });
  expect(answer.status).toBe(403);
  expect(answer.json()).toMatchObject({
    message: 'forbidden: User "system:anonymous" cannot get path "/apis"',
    reason: 'Forbidden',
    details: {},
  });
});

test('basic authentication is passed over, as if there were none', async () => {
  const { send } = await startServer();
  const answer = await send('/api/v1/nodes', { token: '', headers: { authorization: 'Basic YTpi' } });
  expect(answer.json()['message']).toContain('User "system:anonymous" cannot list resource "nodes"');
});

test('a certificate of another authority is 401, unless there is a token, too', async () => {
  const [{ api }, { api: other }] = [await startServer(), await startServer()];
  const { users } = parse(other.kubeconfigs.admin) as {
    readonly users: { readonly user: Record<string, string> }[];
  };
  const pem = (member: string): Buffer => Buffer.from(users[0]?.user[member] ?? '', 'base64');
  const dispatcher = new Agent({
    connect: { ca: api.ca, cert: pem('client-certificate-data'), key: pem('client-key-data') },
  });
  onTestFinished(() => dispatcher.destroy());
  const statusWith = async (headers: Record<string, string>): Promise<number> =>
    (await request(`${api.url}/version`, { dispatcher, headers })).statusCode;
  expect(await statusWith({})).toBe(401);
  expect(await statusWith({ authorization: `Bearer ${api.tokens.admin}` })).toBe(200);
});

test.each(['admin', 'viewer'] as const)(
  'the certificate in the kubeconfig of %s says who it is',
  async (user) => {
    const { api } = await startServer(async (_, { user: sender }) => ({
      kind: 'object',
      status: 200,
      object: { user: sender },
    }));
    const config = parse(api.kubeconfigs[user]) as {
      readonly clusters: { readonly cluster: Record<string, string> }[];
      readonly users: { readonly user: Record<string, string> }[];
    };
    const pem = (text: string | undefined): Buffer => Buffer.from(text ?? '', 'base64');
    const cluster = config.clusters[0]?.cluster ?? {};
    const credentials = config.users[0]?.user ?? {};
    const dispatcher = new Agent({
      connect: {
        ca: pem(cluster['certificate-authority-data']),
        cert: pem(credentials['client-certificate-data']),
        key: pem(credentials['client-key-data']),
      },
    });
    onTestFinished(() => dispatcher.destroy());
    const answer = await request(`${cluster['server']}/api/v1/namespaces/default/pods/p`, { dispatcher });
    expect(await answer.body.json()).toEqual({
      user: { name: user, groups: [...(user === 'admin' ? ['system:masters'] : []), 'system:authenticated'] },
    });
  },
);

test('HTTP/2 is spoken with whoever offers it, many requests on one connection', async () => {
  const { api } = await startServer();
  const session = http2Session(api);
  const answers = await Promise.all(
    ['/version', '/livez', '/api'].map((path) => sendHttp2(session, path, api.tokens.admin)),
  );
  expect(answers.map(({ headers }) => headers[':status'])).toEqual([200, 200, 200]);
  expect(session.alpnProtocol).toBe('h2');
  expect(session.remoteSettings).toMatchObject({ maxConcurrentStreams: 100, initialWindowSize: 262_144 });
});

test('every answer has an audit id, and keeps the one that a client sends', async () => {
  const { send } = await startServer();
  expect((await send('/version')).headers['audit-id']).toMatch(/^[0-9a-f]{8}-/);
  const answer = await send('/version', { headers: { 'audit-id': 'mine' } });
  expect(answer.headers['audit-id']).toBe('mine');
  expect(answer.headers['cache-control']).toBe('no-cache, private');
});

test('a restart breaks off what is open and serves again on the same port to the same credentials', async () => {
  const { api, send } = await startServer(async (_, { resource, signal }) => ({
    kind: 'watch',
    resource,
    events: (async function* () {
      yield { type: 'ADDED' as const, object: { kind: 'Pod' } };
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    })(),
  }));
  const session = http2Session(api);
  const { body } = await sendHttp2(session, '/api/v1/pods?watch=1', api.tokens.admin);
  const frames = text(body);
  await api.restart();
  expect(await frames).toBe('{"type":"ADDED","object":{"kind":"Pod"}}\n');
  expect(session.closed).toBe(true);
  expect((await send('/version')).status).toBe(200);
});

test('after a rotation old tokens and an old trust in the server are worth nothing', async () => {
  const { api, send } = await startServer();
  const { ca, tokens } = api;
  await api.rotate();
  expect((await send('/version', { token: tokens.admin })).status).toBe(401);
  expect((await send('/version', { token: api.tokens.admin })).status).toBe(200);
  const dispatcher = new Agent({ connect: { ca } });
  onTestFinished(() => dispatcher.destroy());
  await expect(request(`${api.url}/version`, { dispatcher })).rejects.toThrow('certificate');
});

test('closing twice is no error', async () => {
  const { api } = await startServer();
  await api.close();
  await expect(api.close()).resolves.toBeUndefined();
});
