import { describe, expect, it } from 'vitest';
import { PODS } from '../support/standard-cluster.ts';
import { rawQuery, type RawAnswer, textOf } from '../support/raw-request.ts';
import { testGateway, type TestGateway } from '../support/test-gateway.ts';

const QUERY = '{ pod(namespace: "a", name: "p") { metadata { labels annotations } } }';
const JSON_TYPE = 'application/json';
const STRICT_TYPE = 'application/graphql-response+json';

/** A gateway before a pod with an annotation of so many characters. */
async function withPod(length: number): Promise<TestGateway & { readonly label: (value: string) => void }> {
  const gateway = await testGateway();
  const label = (value: string): void =>
    gateway.stub.collection(PODS).put({
      metadata: { name: 'p', namespace: 'a', labels: { value }, annotations: { long: 'x'.repeat(length) } },
    });
  label('a');
  return { ...gateway, label };
}

function ask(
  { url }: TestGateway,
  headers: Readonly<Record<string, string>> = {},
  query = QUERY,
): Promise<RawAnswer> {
  return rawQuery(url, query, { method: 'GET', headers });
}

function tagOf({ headers }: RawAnswer): string {
  return String(headers['etag']);
}

describe.each([10, 100_000])('a whole answer to a GET, of %i bytes and more', (length) => {
  it('may be kept by whoever asked, who has to ask again', async () => {
    const { headers } = await ask(await withPod(length));
    expect(headers).toMatchObject({
      'cache-control': 'private, no-cache',
      vary: 'Accept, Accept-Encoding, Authorization',
      etag: expect.stringMatching(/^"[\w-]+"$/),
    });
  });

  it.each([{}, { 'accept-encoding': 'gzip' }, { accept: STRICT_TYPE }])(
    'is not sent again to whoever has it: %o',
    async (headers) => {
      const gateway = await withPod(length);
      const first = await ask(gateway, headers);
      const again = await ask(gateway, { ...headers, 'if-none-match': `"other", W/${tagOf(first)}` });
      expect([again.status, again.body.length, again.headers]).toEqual([
        304,
        0,
        expect.objectContaining({
          etag: tagOf(first),
          vary: 'Accept, Accept-Encoding, Authorization',
          'cache-control': 'private, no-cache',
        }),
      ]);
    },
  );

  it('is sent when it has become another one', async () => {
    const gateway = await withPod(length);
    const first = await ask(gateway);
    gateway.label('b');
    const second = await ask(gateway, { 'if-none-match': tagOf(first) });
    expect([second.status, textOf(second).includes('"value":"b"')]).toEqual([200, true]);
    expect(tagOf(second)).not.toBe(tagOf(first));
  });

  it('has another tag in every form', async () => {
    const gateway = await withPod(length);
    const forms = [JSON_TYPE, STRICT_TYPE].flatMap((accept) =>
      ['identity', 'gzip'].map((encoding) => ask(gateway, { accept, 'accept-encoding': encoding })),
    );
    const answers = await Promise.all(forms);
    expect(new Set(answers.map(tagOf)).size).toBe(4);
    expect(new Set(answers.map(textOf)).size).toBe(1);
  });
});

it.each([
  ['an error beside data', '{ pod(namespace: "a", name: "none") { kind } pods { items { kind } } }'],
  ['a document that does not fit', '{ gizmos }'],
  ['a document that does not parse', '{'],
  ['a mutation', 'mutation { deletePod(namespace: "a", name: "p") { pending } }'],
])('an answer to a GET is kept nowhere: %s', async (_, query) => {
  const answer = await ask(await withPod(10), { 'if-none-match': '*' }, query);
  expect(answer.status).not.toBe(304);
  expect([answer.headers['cache-control'], answer.headers['etag']]).toEqual(['no-store', undefined]);
});

it('what is refused before anything looks at it is kept nowhere', async () => {
  const { status, headers } = await ask(await withPod(10), { origin: 'https://example.com' });
  expect([status, headers['cache-control']]).toEqual([403, 'no-store']);
});

it('a list that is sent while it is read is kept nowhere, for nobody knows how it ends', async () => {
  const { headers } = await ask(
    await withPod(100_000),
    {},
    '{ pods { items { metadata { annotations } } } }',
  );
  expect([headers['cache-control'], headers['etag']]).toEqual(['no-store', undefined]);
});

it('an answer to a POST says nothing of caches', async () => {
  const { url } = await withPod(10);
  const { headers } = await rawQuery(url, QUERY);
  expect([headers['cache-control'], headers['etag'], headers['vary']]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});
