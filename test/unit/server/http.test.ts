import { describe, expect, it } from 'vitest';
import { PODS, WIDGETS } from '../support/standard-cluster.ts';
import { testGateway } from '../support/test-gateway.ts';

describe('a POST', () => {
  it('is answered with the bytes of the API server', async () => {
    const { post, stub } = await testGateway();
    stub
      .collection(WIDGETS)
      .put('{"metadata":{"name":"w","namespace":"a"},"spec":{"serial":9223372036854775807}}');
    const response = await post('{ widgets { items { spec { serial } } } }');
    expect(response.headers.get('content-type')).toMatch(/^application\/json/);
    expect(await response.text()).toBe(
      '{"data":{"widgets":{"items":[{"spec":{"serial":9223372036854775807}}]}}}',
    );
  });

  it.each([
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'text/plain',
    'text/plain; charset=application/json',
    'application/graphql',
    '',
  ])('as a page of another site could send it is refused: %j', async (type) => {
    const { url, stub } = await testGateway();
    const body = Buffer.from(
      JSON.stringify({ query: 'mutation { deletePods(namespace: "a", all: true) { items { kind } } }' }),
    );
    const response = await fetch(url, {
      method: 'POST',
      body,
      headers: type === '' ? {} : { 'content-type': type },
    });
    expect([response.status, stub.requests]).toEqual([415, []]);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_REQUEST' } }] });
  });

  it('that is larger than any object is refused', async () => {
    const { post, stub } = await testGateway();
    const response = await post(`{ pods { items { kind } } } # ${'x'.repeat(4 * 1024 * 1024)}`);
    expect([response.status, stub.calls]).toEqual([413, []]);
    await response.body?.cancel();
  });

  it.each([
    ['{ pods { items', 'GRAPHQL_PARSE_FAILED'],
    ['{ pods { items { kynd } } }', 'GRAPHQL_VALIDATION_FAILED'],
  ])('of what is no document is 400 for clients of GraphQL over HTTP: %s', async (query, code) => {
    const { post } = await testGateway();
    const response = await post(query, { accept: 'application/graphql-response+json' });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code } }] });
  });

  it('of what the API server refuses is 200 with data and an error', async () => {
    const { post } = await testGateway();
    const response = await post('{ pod(namespace: "a", name: "b") { kind } }', {
      accept: 'application/graphql-response+json',
    });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      data: { pod: null },
      errors: [{ extensions: { code: 'NOT_FOUND' } }],
    });
  });

  it('says by its status when the API server cannot be asked at all', async () => {
    const { post, stub, log } = await testGateway();
    stub.on('GET', '/apis', { status: 503, body: 'service unavailable', contentType: 'text/plain' });
    const response = await post('{ version { major } }');
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({
      errors: [{ message: 'service unavailable', extensions: { code: 'UNAVAILABLE' } }],
    });
    expect(log).toEqual([]);
  });

  it('of many operations at once is refused', async () => {
    const { url } = await testGateway();
    const body = JSON.stringify([{ query: '{ version { major } }' }, { query: '{ version { major } }' }]);
    const response = await fetch(url, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json' },
    });
    expect(response.status).toBeGreaterThanOrEqual(400);
    await response.body?.cancel();
  });
});

describe('a GET', () => {
  it('answers a query', async () => {
    const { url, stub } = await testGateway();
    stub.collection(PODS).put({ metadata: { name: 'p', namespace: 'a' } });
    const response = await fetch(
      `${url}?query=${encodeURIComponent('{ pods { items { metadata { name } } } }')}`,
    );
    expect(await response.json()).toEqual({ data: { pods: { items: [{ metadata: { name: 'p' } }] } } });
  });

  it('never changes anything', async () => {
    const { url, stub } = await testGateway();
    const mutation = 'mutation { deletePod(namespace: "a", name: "b") { pending } }';
    const response = await fetch(`${url}?query=${encodeURIComponent(mutation)}`);
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
    expect(stub.calls).toEqual([]);
    await response.body?.cancel();
  });

  it('of anything else than the endpoint is 404, and of the root leads there', async () => {
    const { url } = await testGateway();
    const elsewhere = await fetch(new URL('/elsewhere', url));
    expect([elsewhere.status, await elsewhere.text()]).toEqual([404, 'not here: GraphQL is at /graphql\n']);
    const root = await fetch(new URL('/', url), { redirect: 'manual' });
    expect([root.status, root.headers.get('location')]).toEqual([302, '/graphql']);
  });
});

it('gives no other site leave to read its answers', async () => {
  const { url, post } = await testGateway('passthrough');
  const headers = { origin: 'https://example.com', authorization: 'Bearer t' };
  const response = await post('{ version { major } }', headers);
  expect(response.headers.get('access-control-allow-origin')).toBeNull();
  const preflight = await fetch(url, {
    method: 'OPTIONS',
    headers: { ...headers, 'access-control-request-method': 'POST' },
  });
  expect(preflight.headers.get('access-control-allow-origin')).toBeNull();
  await Promise.all([response.body?.cancel(), preflight.body?.cancel()]);
});

it('masks a defect, and logs it', async () => {
  const { post, log } = await testGateway('kubeconfig', {
    upstream: {
      send: () => Promise.reject(new TypeError('secret detail')),
      close: () => Promise.resolve(),
    },
  });
  const response = await post('{ version { major } }');
  expect(response.status).toBe(500);
  const text = await response.text();
  expect(text).toContain('INTERNAL_ERROR');
  expect(text).not.toContain('secret detail');
  expect(log).toMatchObject([{ error: 'TypeError', detail: 'secret detail' }]);
});
