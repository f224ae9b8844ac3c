import { describe, expect, test } from 'vitest';
import { startServer } from './support.ts';

const AGGREGATED = 'application/json;as=APIGroupDiscoveryList;v=v2;g=apidiscovery.k8s.io';

describe('discovery', () => {
  test('is the old one unless the new one is asked for, with parameters in any order', async () => {
    const { send } = await startServer();
    expect((await send('/apis')).json()).toEqual({ kind: 'apis' });
    const answer = await send('/apis', { headers: { accept: `${AGGREGATED},application/json` } });
    expect(answer.json()).toEqual({ kind: 'aggregated apis' });
    expect(answer.headers).toMatchObject({
      'content-type': 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
      'cache-control': 'public',
      vary: 'Accept',
      etag: '"ABC"',
    });
  });

  test.each([
    ['"ABC"', 304],
    ['W/"ABC"', 200],
    ['"ABC", "DEF"', 200],
    ['*', 200],
  ])('with If-None-Match %s is %i: etags are compared as texts', async (etag, status) => {
    const { send } = await startServer();
    const answer = await send('/api', { headers: { accept: AGGREGATED, 'if-none-match': etag } });
    expect(answer.status).toBe(status);
    expect(answer.body === '').toBe(status === 304);
  });

  test('in its beta version is gone', async () => {
    const { send } = await startServer();
    const beta = AGGREGATED.replace('v=v2', 'v=v2beta1');
    expect((await send('/api', { headers: { accept: beta } })).status).toBe(406);
    const fallback = await send('/api', { headers: { accept: `${beta},application/json` } });
    expect(fallback.json()).toEqual({ kind: 'api' });
  });

  test('of one group-version has one form', async () => {
    const { send } = await startServer();
    expect((await send('/apis/apps/v1')).json()).toEqual({ kind: 'APIResourceList' });
    expect((await send('/apis/apps/v1', { headers: { accept: AGGREGATED } })).status).toBe(406);
  });
});

describe('OpenAPI', () => {
  test('has an index that calls itself text and has no etag', async () => {
    const { headers } = await (await startServer()).send('/openapi/v3');
    expect(headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(headers['etag']).toBeUndefined();
  });

  test('under the right hash is for ever', async () => {
    const { headers } = await (await startServer()).send('/openapi/v3/api/v1?hash=NEW');
    expect(headers).toMatchObject({
      'cache-control': 'public, immutable',
      etag: '"NEW"',
      vary: 'Accept',
      expires: 'Fri, 01 Jan 2027 00:00:00 GMT',
    });
  });

  test('under an old hash has moved', async () => {
    const answer = await (await startServer()).send('/openapi/v3/api/v1?hash=OLD');
    expect(answer).toMatchObject({
      status: 301,
      body: '',
      headers: { location: '/openapi/v3/api/v1?hash=NEW' },
    });
  });

  test('without a hash is the current one, and knows what has not changed', async () => {
    const { send } = await startServer();
    const answer = await send('/openapi/v3/api/v1');
    expect(answer.headers).toMatchObject({ 'cache-control': 'no-cache, private', etag: '"NEW"' });
    expect((await send('/openapi/v3/api/v1', { headers: { 'if-none-match': '"NEW"' } })).status).toBe(304);
  });

  test('of an unknown version, and in another syntax, is an empty refusal', async () => {
    const { send } = await startServer();
    expect(await send('/openapi/v3/apis/nope/v1')).toMatchObject({ status: 404, body: '' });
    const html = await send('/openapi/v3/api/v1', { headers: { accept: 'text/html' } });
    expect(html).toMatchObject({ status: 406, body: '' });
  });
});

describe('health', () => {
  test.each(['/healthz', '/livez', '/readyz', '/livez/ping'])('%s is ok', async (path) => {
    expect(await (await startServer()).send(path)).toMatchObject({ status: 200, body: 'ok' });
  });

  test('tells what it has looked at on demand', async () => {
    const { body } = await (await startServer()).send('/readyz?verbose&exclude=nope');
    expect(body).toMatch(/^\[\+\]ping ok\n/);
    expect(body).toMatch(
      /warn: some health checks cannot be excluded: no matches for "nope"\nreadyz check passed\n$/,
    );
  });

  test('has no checks that it does not list', async () => {
    expect((await (await startServer()).send('/livez/nope')).status).toBe(404);
  });
});

test('the version is that of the server whose behaviour is shown', async () => {
  expect((await (await startServer()).send('/version')).json()).toMatchObject({ major: '1', minor: '36' });
});
