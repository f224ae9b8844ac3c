import { request as httpRequest } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { buildClientSchema, getIntrospectionQuery, type IntrospectionQuery } from 'graphql';
import { describe, expect, it } from 'vitest';
import { codesOf, testEngine } from '../support/test-engine.ts';
import { testGateway } from '../support/test-gateway.ts';

const FULL = getIntrospectionQuery();

interface RawAnswer {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** A request whose answer is left as it comes: fetch would inflate it. */
function rawRequest(
  url: string,
  options: {
    readonly headers?: Readonly<Record<string, string>>;
    readonly query?: string;
    readonly method?: string;
  },
): Promise<RawAnswer> {
  const { query = FULL, method = 'POST', headers = {} } = options;
  const target = method === 'GET' ? `${url}?query=${encodeURIComponent(query)}` : url;
  const json = method === 'GET' ? {} : { 'content-type': 'application/json' };
  return new Promise((resolve, reject) => {
    const sent = httpRequest(
      target,
      { method, headers: { accept: 'application/json', ...json, ...headers } },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('error', reject);
        answer.on('end', () =>
          resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(chunks) }),
        );
      },
    );
    sent.on('error', reject);
    sent.end(method === 'GET' ? undefined : JSON.stringify({ query }));
  });
}

/** The text of a body, however it is encoded. */
function textOf({ headers, body }: RawAnswer): string {
  return (headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString('utf8');
}

describe('an introspection over HTTP', () => {
  it.each(['POST', 'GET'])(
    'is sent as gzip to clients that take it, and as the same text to others: %s',
    async (method) => {
      const { url } = await testGateway();
      const zipped = await rawRequest(url, { method, headers: { 'accept-encoding': 'br, gzip;q=0.5' } });
      const plain = await rawRequest(url, { method });
      expect([zipped.headers['content-encoding'], plain.headers['content-encoding']]).toEqual([
        'gzip',
        undefined,
      ]);
      expect(textOf(zipped)).toBe(textOf(plain));
      const { data } = JSON.parse(textOf(plain)) as { data: IntrospectionQuery };
      expect(buildClientSchema(data).getType('CoreV1Pod')).toBeDefined();
    },
  );

  it.each([
    ['gzip', 'gzip'],
    ['*', 'gzip'],
    ['GZIP', 'gzip'],
    ['gzip;q=0', undefined],
    ['*, gzip; q=0', undefined],
    ['br, deflate', undefined],
    ['identity', undefined],
  ])('goes by what the client takes: %s', async (accepted, expected) => {
    const { url } = await testGateway();
    const answer = await rawRequest(url, { headers: { 'accept-encoding': accepted } });
    expect(answer.headers['content-encoding']).toBe(expected);
    expect(Number(answer.headers['content-length'])).toBe(answer.body.length);
    expect(JSON.parse(textOf(answer))).toHaveProperty('data.__schema');
  });

  it('may be kept by its client alone, who has to ask again', async () => {
    const { url } = await testGateway();
    const { headers } = await rawRequest(url, {});
    expect(headers).toMatchObject({
      vary: 'Accept-Encoding, Authorization',
      'cache-control': 'private, no-cache',
      etag: expect.stringMatching(/^"[\w-]+"$/) as string,
    });
  });

  it('is not sent again to a GET that has it', async () => {
    const { url } = await testGateway();
    const first = await rawRequest(url, { method: 'GET' });
    const etag = String(first.headers['etag']);
    for (const known of [etag, `"other", W/${etag}`, '*']) {
      const again = await rawRequest(url, { method: 'GET', headers: { 'if-none-match': known } });
      expect([again.status, again.body.length, again.headers['etag']]).toEqual([304, 0, etag]);
    }
  });

  it('is sent to a GET that has another one, or the same in another encoding, and to a POST', async () => {
    const { url } = await testGateway();
    const zipped = await rawRequest(url, { method: 'GET', headers: { 'accept-encoding': 'gzip' } });
    const known = { 'if-none-match': String(zipped.headers['etag']) };
    const plain = await rawRequest(url, { method: 'GET', headers: known });
    const other = await rawRequest(url, {
      method: 'GET',
      headers: known,
      query: '{ __schema { types { name } } }',
    });
    const posted = await rawRequest(url, { headers: { ...known, 'accept-encoding': 'gzip' } });
    expect([plain.status, other.status, posted.status]).toEqual([200, 200, 200]);
  });

  it('has the type that the client asks for', async () => {
    const { url } = await testGateway();
    const types = [
      'application/graphql-response+json',
      'application/json',
      '*/*',
      'text/html, application/*',
    ];
    const answers = await Promise.all(types.map((accept) => rawRequest(url, { headers: { accept } })));
    expect(answers.map(({ headers }) => headers['content-type'])).toEqual([
      'application/graphql-response+json; charset=utf-8',
      'application/json; charset=utf-8',
      'application/json; charset=utf-8',
      'application/json; charset=utf-8',
    ]);
  });

  it('is an event for clients that take events only', async () => {
    const { url } = await testGateway();
    const { headers, body } = await rawRequest(url, {
      headers: { accept: 'text/event-stream' },
      query: '{ __type(name: "CoreV1Pod") { name } }',
    });
    expect(headers['content-type']).toBe('text/event-stream');
    expect(body.toString('utf8')).toContain('data: {"data":{"__type":{"name":"CoreV1Pod"}}}');
  });

  it('that fails is an error like any other', async () => {
    const { url } = await testGateway();
    const aliases = Array.from({ length: 60 }, (_, index) => `f${index}: fields { name }`).join(' ');
    const answer = await rawRequest(url, { query: `{ __schema { types { ${aliases} } } }` });
    expect(JSON.parse(textOf(answer))).toMatchObject({
      errors: [{ extensions: { code: 'BAD_USER_INPUT' } }],
    });
  });
});

describe('an introspection beside other fields', () => {
  it('is answered with them', async () => {
    const { run } = await testEngine();
    const answer = await run(
      '{ a: __typename b: __type(name: "CoreV1Pod") { name } c: __schema { queryType { name } } }',
    );
    expect(answer.text).toBe(
      '{"data":{"a":"Query","b":{"name":"CoreV1Pod"},"c":{"queryType":{"name":"Query"}}}}',
    );
  });

  it('counts as what the operation keeps in memory', async () => {
    const { run } = await testEngine({ maxBytes: 50_000 });
    const answer = await run(FULL.replace('__schema', 'v: __typename __schema'));
    expect(codesOf(answer)).toEqual(['RESULT_TOO_LARGE']);
  });
});
