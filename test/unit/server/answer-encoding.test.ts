import { describe, expect, it } from 'vitest';
import { PODS } from '../support/standard-cluster.ts';
import { rawQuery, type RawAnswer, textOf } from '../support/raw-request.ts';
import { testGateway, type TestGateway } from '../support/test-gateway.ts';

const QUERY = '{ pods { items { metadata { annotations } } } }';

/** The same as an answer that is sent while it is read, and as one that is not. */
const KINDS = [
  ['list', QUERY],
  ['object', '{ pods: pod(namespace: "a", name: "p") { metadata { annotations } } }'],
] as const;
const GZIP = { 'accept-encoding': 'gzip, deflate, br' };

/** A gateway whose answer to QUERY has about so many bytes. */
async function answering(bytes: number): Promise<TestGateway> {
  const gateway = await testGateway();
  const annotations = { long: 'ü'.repeat(bytes / 2) };
  gateway.stub.collection(PODS).put({ metadata: { name: 'p', namespace: 'a', annotations } });
  return gateway;
}

function encodingOf({ headers, body }: RawAnswer): unknown {
  // Of what is sent while it is read nobody knows the length.
  const length = headers['transfer-encoding'] === 'chunked' ? undefined : String(body.length);
  expect(headers['content-length']).toBe(length);
  return [headers['content-encoding'], headers['vary']?.includes('Accept-Encoding') ?? false];
}

describe.each(['POST', 'GET'])('a long answer to a %s', (method) => {
  it.each(KINDS)(
    'is compressed for a client that asks for it, and the same to others: %s',
    async (_, query) => {
      const { url } = await answering(100_000);
      const zipped = await rawQuery(url, query, { method, headers: GZIP });
      const plain = await rawQuery(url, query, { method });
      expect([encodingOf(zipped), encodingOf(plain)]).toEqual([
        ['gzip', true],
        [undefined, true],
      ]);
      expect(zipped.body.length).toBeLessThan(plain.body.length / 10);
      expect(textOf(zipped)).toBe(textOf(plain));
    },
  );

  it.each(KINDS)('is not compressed for a client that refuses it: %s', async (_, query) => {
    const { url } = await answering(100_000);
    const headers = { 'accept-encoding': 'gzip;q=0, identity' };
    const answer = await rawQuery(url, query, { method, headers });
    expect(encodingOf(answer)).toEqual([undefined, true]);
    expect(JSON.parse(textOf(answer))).toHaveProperty('data.pods');
  });

  it('keeps its status and type', async () => {
    const { url } = await testGateway();
    const wrong = `{ ${Array.from({ length: 200 }, (_, index) => `wrong${index}`).join(' ')} }`;
    const headers = { ...GZIP, accept: 'application/graphql-response+json' };
    const answer = await rawQuery(url, wrong, { method, headers });
    expect([answer.status, answer.headers['content-type'], answer.headers['content-encoding']]).toEqual([
      400,
      'application/graphql-response+json; charset=utf-8',
      'gzip',
    ]);
    expect(JSON.parse(textOf(answer))).toHaveProperty('errors');
  });
});

it('a short answer goes as it is', async () => {
  const { url } = await answering(1_000);
  const answers = await Promise.all(
    ['POST', 'GET'].map((method) => rawQuery(url, QUERY, { method, headers: GZIP })),
  );
  expect(answers.map(encodingOf)).toEqual([
    [undefined, false],
    // Caches may keep it, for clients that ask alike.
    [undefined, true],
  ]);
});

it.each(['text/event-stream', 'multipart/mixed'])(
  'a long answer that is no JSON goes as it is: %s',
  async (accept) => {
    const { url } = await answering(100_000);
    const { headers, body } = await rawQuery(url, QUERY, { method: 'GET', headers: { ...GZIP, accept } });
    expect([headers['content-type']?.slice(0, accept.length), headers['content-encoding']]).toEqual([
      accept,
      undefined,
    ]);
    expect(body.toString('utf8')).toMatch(/^(?:data: )?\{"data":\{"pods":/m);
  },
);

it('a long answer to a client that also takes streams is JSON, and compressed', async () => {
  const { url } = await answering(100_000);
  const accept = 'text/event-stream, multipart/mixed, application/json';
  const answer = await rawQuery(url, QUERY, { method: 'GET', headers: { ...GZIP, accept } });
  expect(answer.headers).toMatchObject({
    'content-type': 'application/json; charset=utf-8',
    'content-encoding': 'gzip',
  });
  expect(JSON.parse(textOf(answer))).toHaveProperty('data.pods');
});

it('where nothing but text can be sent, nothing is compressed', async () => {
  const { gateway, stub } = await testGateway('kubeconfig', { streams: false });
  stub
    .collection(PODS)
    .put({ metadata: { name: 'p', namespace: 'a', annotations: { a: 'b'.repeat(50_000) } } });
  const yoga = await gateway.yoga();
  const answer = await yoga.fetch('http://localhost/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...GZIP },
    body: JSON.stringify({ query: QUERY }),
  });
  expect(answer.headers.get('content-encoding')).toBeNull();
  expect(await answer.json()).toHaveProperty('data.pods');
});
