import { expect, test } from 'vitest';
import { noCache } from '../../../src/catalog/document-cache.ts';
import type { Upstream, UpstreamRequest } from '../../../src/cluster/upstream.ts';
import { KubegraphError } from '../../../src/errors/kubegraph-error.ts';
import { createGateway } from '../../../src/server/gateway.ts';
import type { AuthMode } from '../../../src/server/options.ts';
import { createHandler, type FunctionHandler } from '../../../src/serverless/handler.ts';
import { jsonLines } from '../../../src/util/log.ts';
import { testGateway } from '../support/test-gateway.ts';
import { httpApiEvent } from './support/event.ts';

const PLENTY = { getRemainingTimeInMillis: () => 29_000 };
const NOTHING_LEFT = { getRemainingTimeInMillis: () => 0 };

const TOKEN = { authorization: 'Bearer token' };
const QUERY = httpApiEvent({ headers: TOKEN, body: JSON.stringify({ query: '{ version { gitVersion } }' }) });

interface Setup {
  readonly handler: FunctionHandler;
  /** What has gone upstream. */
  readonly calls: readonly UpstreamRequest[];
}

/** In front of an API server that answers nothing, or of none at all. */
function functionBefore(cluster: 'silent' | 'unreachable', mode: AuthMode = 'passthrough'): Setup {
  const calls: UpstreamRequest[] = [];
  const upstream: Upstream = {
    send: (request) => {
      calls.push(request);
      if (cluster === 'unreachable') return Promise.reject(new KubegraphError('UNREACHABLE', 'no way there'));
      return new Promise(() => undefined);
    },
    close: () => Promise.resolve(),
  };
  const log = jsonLines(() => undefined);
  const gateway = createGateway({
    upstream,
    cache: noCache,
    mode,
    log,
    graphiql: false,
    streams: false,
  });
  return { handler: createHandler(gateway), calls };
}

test('an answer that the function has no time for is a TIMEOUT', async () => {
  const { handler } = functionBefore('silent');
  const answer = await handler(QUERY, NOTHING_LEFT);
  expect(answer.statusCode).toBe(504);
  expect(JSON.parse(answer.body ?? '')).toMatchObject({ errors: [{ extensions: { code: 'TIMEOUT' } }] });
});

test("an open URL does not get the kubeconfig's rights", async () => {
  const { handler, calls } = functionBefore('unreachable', 'kubeconfig');
  expect(await handler(QUERY, PLENTY)).toMatchObject({ statusCode: 403 });
  expect(calls).toEqual([]);
});

test("whom an authorizer let in gets the kubeconfig's rights", async () => {
  const { handler, calls } = functionBefore('unreachable', 'kubeconfig');
  const requestContext = {
    ...QUERY.requestContext,
    authorizer: { iam: { userArn: 'arn:aws:iam::123456789012:user/alice' } },
  };
  const answer = await handler({ ...QUERY, requestContext }, PLENTY);
  expect(answer.body).toContain('UNREACHABLE');
  expect(calls.map(({ identity }) => identity.kind)).toContain('kubeconfig');
});

test('other paths are not found', async () => {
  const { handler } = functionBefore('silent');
  expect(await handler(httpApiEvent({ method: 'GET', path: '/' }), PLENTY)).toMatchObject({
    statusCode: 404,
  });
});

test('an event of a REST API is refused with a word on what is taken', async () => {
  const { handler } = functionBefore('silent');
  await expect(handler({ ...QUERY, version: '1.0' }, PLENTY)).rejects.toThrow('payload format 2.0');
});

test('a GET is not answered again to whoever has the answer', async () => {
  const { gateway } = await testGateway('passthrough', { streams: false });
  const handler = createHandler(gateway);
  const get = (headers: Readonly<Record<string, string>>) =>
    handler(
      httpApiEvent({ method: 'GET', query: 'query=%7B__typename%7D', headers: { ...TOKEN, ...headers } }),
      PLENTY,
    );
  const gzip = { 'accept-encoding': 'gzip' };
  const first = await get(gzip);
  const etag = String(first.headers?.['etag']);
  expect(first).toMatchObject({ statusCode: 200, body: '{"data":{"__typename":"Query"}}' });
  // The function sends text, whatever the client takes.
  expect(etag).toMatch(/^"[\w-]+-json"$/);
  expect(await get({ ...gzip, 'if-none-match': etag })).toMatchObject({
    statusCode: 304,
    body: '',
    headers: { etag, 'cache-control': 'private, no-cache' },
  });
});
