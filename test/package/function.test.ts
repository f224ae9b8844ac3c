import { expect, test } from 'vitest';
import { KNOWN_TOKEN, type StubApiServer, stubApiServer } from './support/api-server.ts';
import { httpApiEvent } from '../unit/serverless/support/event.ts';
import { failedStart, type RunningFunction, startFunction } from './support/function.ts';

const PODS = '{ pods { items { metadata { name } status { phase } } } }';
const AUTHORIZED = { authorization: `Bearer ${KNOWN_TOKEN}` };

interface Setup {
  readonly apiServer: StubApiServer;
  readonly fn: RunningFunction;
}

async function deployed(env: Readonly<Record<string, string>> = {}): Promise<Setup> {
  const apiServer = await stubApiServer();
  const address = { KUBEGRAPH_SERVER: apiServer.url, KUBEGRAPH_CA_DATA: apiServer.authorityData };
  return { apiServer, fn: await startFunction({ ...address, ...env }) };
}

function graphql(query: string, headers: Readonly<Record<string, string>> = AUTHORIZED) {
  return httpApiEvent({ headers, body: JSON.stringify({ query }) });
}

test('a query is answered with the rights of the token that came with it', async () => {
  const { fn } = await deployed();
  const answer = await fn.invoke(graphql(PODS));
  expect(answer).toMatchObject({ statusCode: 200, isBase64Encoded: false });
  expect(answer.headers).toMatchObject({ 'content-type': expect.stringContaining('json') as string });
  expect(JSON.parse(answer.body ?? '')).toEqual({
    data: { pods: { items: [{ metadata: { name: 'web' }, status: { phase: 'Running' } }] } },
  });
});

test('a warm environment asks the API server for the data only', async () => {
  const { fn, apiServer } = await deployed();
  await fn.invoke(graphql(PODS));
  const callsOfFirst = apiServer.calls.length;
  await fn.invoke(graphql(PODS));
  expect(apiServer.calls.slice(callsOfFirst)).toEqual(['GET /api/v1/pods']);
});

test('without a token nothing goes upstream', async () => {
  const { fn, apiServer } = await deployed();
  const answer = await fn.invoke(graphql(PODS, {}));
  expect(answer.statusCode).toBe(401);
  expect(answer.body).toContain('UNAUTHENTICATED');
  expect(apiServer.calls).toEqual([]);
});

test('behind IAM the token comes in X-Kubernetes-Authorization', async () => {
  const { fn } = await deployed();
  const signature =
    'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20200310/us-east-1/execute-api/aws4_request, Signature=00';
  const headers = { authorization: signature, 'X-Kubernetes-Authorization': AUTHORIZED.authorization };
  const answer = await fn.invoke(graphql(PODS, headers));
  expect(answer.statusCode).toBe(200);
});

test('a base64 body is decoded', async () => {
  const { fn } = await deployed();
  const body = Buffer.from(JSON.stringify({ query: '{ pods { resourceVersion } }' })).toString('base64');
  const answer = await fn.invoke(httpApiEvent({ headers: AUTHORIZED, body, isBase64Encoded: true }));
  expect(JSON.parse(answer.body ?? '')).toEqual({ data: { pods: { resourceVersion: '42' } } });
});

test('a query comes by GET too', async () => {
  const { fn } = await deployed();
  const query = new URLSearchParams({ query: '{ pods { resourceVersion } }' }).toString();
  const answer = await fn.invoke(httpApiEvent({ method: 'GET', query, headers: AUTHORIZED }));
  expect(JSON.parse(answer.body ?? '')).toEqual({ data: { pods: { resourceVersion: '42' } } });
});

test.for(['application/json', 'text/event-stream'])(
  'a subscription that accepts %s is refused, and told what streams',
  async (accept) => {
    const { fn, apiServer } = await deployed();
    const answer = await fn.invoke(graphql('subscription { pods { type } }', { ...AUTHORIZED, accept }));
    expect(answer.body).toContain('Functions have neither: `kubegraph serve` does');
    expect(apiServer.calls).not.toContain('GET /api/v1/pods');
  },
);

test('a form is refused before anything looks at it', async () => {
  const { fn } = await deployed();
  const headers = { ...AUTHORIZED, 'content-type': 'application/x-www-form-urlencoded' };
  const answer = await fn.invoke(httpApiEvent({ headers, body: 'query=%7Bversion%7D' }));
  expect(answer.statusCode).toBe(415);
});

test('a read-only function sends no writes', async () => {
  const { fn, apiServer } = await deployed({ KUBEGRAPH_READ_ONLY: 'true' });
  const answer = await fn.invoke(graphql('mutation { createPod(namespace: "shop", input: {}) { id } }'));
  expect(answer.body).toContain('READ_ONLY');
  expect(apiServer.calls.filter((call) => !call.startsWith('GET '))).toEqual([]);
});

test('/livez answers without a token or an API server', async () => {
  const { fn, apiServer } = await deployed();
  const answer = await fn.invoke(httpApiEvent({ method: 'GET', path: '/livez' }));
  expect(answer).toMatchObject({ statusCode: 200, body: 'ok\n' });
  expect(apiServer.calls).toEqual([]);
});

test('a function without a cluster does not start, and says which variable is missing', async () => {
  expect(await failedStart({})).toContain('set KUBEGRAPH_SERVER');
});
