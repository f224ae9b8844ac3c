import { once } from 'node:events';
import { expect, test } from 'vitest';
import type { Interceptor } from '../../../../demo/http/interceptor.ts';
import { http2Session, sendHttp2, startServer, type TestServer } from './support.ts';

function startWith(intercept: Interceptor['intercept']): Promise<TestServer> {
  return startServer(undefined, { interceptor: { intercept } });
}

test('knows who asks for what', async () => {
  const seen: unknown[] = [];
  const { send } = await startWith((request, next) => {
    seen.push([
      request.method,
      request.path,
      request.user.name,
      request.info.verb,
      request.query.get('watch'),
    ]);
    return next();
  });
  await send('/api/v1/pods?watch=1');
  expect(seen).toEqual([['GET', '/api/v1/pods', 'admin', 'watch', '1']]);
});

test('can answer in the server’s place', async () => {
  const { send } = await startWith(async () => ({
    status: 429,
    headers: { 'retry-after': '7', 'content-type': 'text/plain' },
    body: Buffer.from('Too many requests'),
  }));
  expect(await send('/api/v1/pods')).toMatchObject({
    status: 429,
    body: 'Too many requests',
    headers: { 'retry-after': '7' },
  });
});

test('can slice the bytes of an answer, and break it off in the middle', async () => {
  const { send } = await startWith(async (_, next) => {
    const answer = await next();
    const body = async function* () {
      yield Buffer.from('{"kind"');
      throw new Error('cut');
    };
    return { ...answer, body: body() };
  });
  await expect(send('/api/v1/pods')).rejects.toThrow();
});

test('is not asked about who may not come in', async () => {
  let asked = 0;
  const { send } = await startWith((_, next) => {
    asked++;
    return next();
  });
  await send('/api/v1/pods', { token: 'wrong' });
  expect(asked).toBe(0);
});

test('sees errors of the server as answers', async () => {
  const statuses: number[] = [];
  const { send } = await startWith(async (_, next) => {
    const answer = await next();
    statuses.push(answer.status);
    return answer;
  });
  await send('/api/v1/foos');
  expect(statuses).toEqual([404]);
});

test('can reset the connection, and all requests on it are lost', async () => {
  const { api } = await startWith(async ({ connection, path }, next) => {
    if (path === '/version') connection.reset();
    return next();
  });
  const session = http2Session(api);
  await expect(sendHttp2(session, '/version', api.tokens.admin)).rejects.toThrow();
  expect(session.destroyed).toBe(true);
});

test('can freeze the connection: nothing comes any more, not even the answer to a ping', async () => {
  let tell = (): void => undefined;
  const frozen = new Promise<void>((resolve) => (tell = resolve));
  const { api, send } = await startWith(async ({ connection, path }, next) => {
    if (path !== '/version') return next();
    connection.freeze();
    setImmediate(tell);
    return next();
  });
  const session = http2Session(api);
  await once(session, 'remoteSettings');
  const events: string[] = [];
  const stream = session.request({ ':path': '/version', authorization: `Bearer ${api.tokens.admin}` });
  stream.on('response', () => events.push('response'));
  stream.on('error', () => undefined);
  await frozen;
  session.ping(() => events.push('ping'));
  // Others are served in the meantime, more than once.
  await send('/healthz');
  await send('/healthz');
  expect(events).toEqual([]);
  expect(session.destroyed).toBe(false);
});
