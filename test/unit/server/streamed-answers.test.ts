import { once } from 'node:events';
import { type ClientRequest, get, request as httpRequest } from 'node:http';
import { createGunzip } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type HeldPage, holdSecondPage } from '../support/held-page.ts';
import { PODS } from '../support/standard-cluster.ts';
import { rawQuery, textOf } from '../support/raw-request.ts';
import { statusReply } from '../support/stub-reply.ts';
import { testGateway, type TestGateway } from '../support/test-gateway.ts';

const QUERY = '{ pods { items { metadata { name labels } } } }';

/** A gateway before an API server whose second page of pods waits to be released. */
async function withPages(): Promise<TestGateway & HeldPage> {
  const gateway = await testGateway();
  for (let i = 0; i < 700; i++) {
    const labels = { app: 'x'.repeat(50) };
    gateway.stub.collection(PODS).put({ metadata: { name: `pod-${i}`, namespace: 'a', labels } });
  }
  return { ...gateway, ...holdSecondPage(gateway.stub) };
}

/** The first text of an answer that goes on, and a way to leave. */
async function beginning(url: string, headers: Readonly<Record<string, string>>) {
  return new Promise<{ readonly text: string; readonly leave: () => void }>((resolve, reject) => {
    const request = get(`${url}?query=${encodeURIComponent(QUERY)}`, { headers }, (answer) => {
      const isGzip = answer.headers['content-encoding'] === 'gzip';
      const text = isGzip ? answer.pipe(createGunzip()) : answer;
      text.once('data', (chunk: Buffer) =>
        resolve({ text: chunk.toString('utf8'), leave: () => void request.destroy() }),
      );
      text.on('error', () => undefined);
    });
    request.on('error', reject);
  });
}

describe.each(['POST', 'GET'])('a long list, to a %s', (method) => {
  it.each([{}, { 'accept-encoding': 'gzip' }])(
    'arrives as a whole, to a client that sends %o',
    async (headers) => {
      const { url, release } = await withPages();
      release();
      const answer = await rawQuery(url, QUERY, { method, headers });
      expect(answer).toMatchObject({ status: 200, headers: { 'transfer-encoding': 'chunked' } });
      const { data } = JSON.parse(textOf(answer)) as { data: { pods: { items: object[] } } };
      expect(data.pods.items).toHaveLength(700);
    },
  );

  it('that fails in the middle says so at its end', async () => {
    const { url, release } = await withPages();
    release(statusReply(500, 'InternalError', 'etcd is gone'));
    const answer = await rawQuery(url, QUERY, { method });
    expect(answer.status).toBe(200);
    expect(JSON.parse(textOf(answer))).toMatchObject({
      data: { pods: null },
      errors: [{ message: 'etcd is gone', path: ['pods'] }],
    });
  });
});

describe('a long list whose client leaves', () => {
  const LEAVING = ['POST', 'GET'].flatMap((method) =>
    ['identity', 'gzip'].map((encoding) => [method, encoding] as const),
  );

  it.each(LEAVING)('is given up upstream, and is no defect: %s, %s', async (method, encoding) => {
    const { url, asked, log } = await withPages();
    const request = leavingRequest(url, method, { 'accept-encoding': encoding });
    await once(request, 'response');
    const { closed } = await asked;
    request.destroy();
    await expect(closed).resolves.toBeUndefined();
    expect(log).toEqual([]);
  });
});

it('a long list that is under way when the gateway shuts down comes to its end', async () => {
  const { url, release, asked, listener } = await withPages();
  const answer = rawQuery(url, QUERY);
  await asked;
  const closed = listener.close();
  release();
  const { data } = JSON.parse(textOf(await answer)) as { data: { pods: { items: object[] } } };
  expect(data.pods.items).toHaveLength(700);
  await closed;
});

function leavingRequest(
  url: string,
  method: string,
  headers: Readonly<Record<string, string>>,
): ClientRequest {
  const body = JSON.stringify({ query: QUERY });
  const isPost = method === 'POST';
  const request = httpRequest(isPost ? url : `${url}?query=${encodeURIComponent(QUERY)}`, {
    method,
    headers: {
      accept: 'application/json',
      ...headers,
      ...(isPost ? { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) } : {}),
    },
  });
  request.on('error', () => undefined);
  return request.end(isPost ? body : undefined);
}

describe('a long list', () => {
  it.each(['identity', 'gzip'])('begins before it has been read, as %s', async (encoding) => {
    const { url, release } = await withPages();
    const accept = { accept: 'application/json', 'accept-encoding': encoding };
    const { text, leave } = await beginning(url, accept);
    expect(text).toMatch(/^\{"data":\{"pods":\{"items":\[\{"metadata":\{"name":"pod-0"/);
    leave();
    release();
  });
});
