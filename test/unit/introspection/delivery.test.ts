import { buildClientSchema, getIntrospectionQuery, type IntrospectionQuery } from 'graphql';
import { describe, expect, it } from 'vitest';
import { type RawAnswer, rawQuery, textOf } from '../support/raw-request.ts';
import { codesOf, testEngine } from '../support/test-engine.ts';
import { testGateway } from '../support/test-gateway.ts';

const FULL = getIntrospectionQuery();

/** The whole schema, unless it is to be another document. */
function rawRequest(
  url: string,
  { query = FULL, ...request }: NonNullable<Parameters<typeof rawQuery>[2]> & { readonly query?: string },
): Promise<RawAnswer> {
  return rawQuery(url, query, request);
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
      vary: 'Accept, Accept-Encoding, Authorization',
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

  it('is not the same under another type to a client that keeps it', async () => {
    const { url } = await testGateway();
    const answers = await Promise.all(
      ['application/json', 'application/graphql-response+json'].map((accept) =>
        rawRequest(url, { method: 'GET', headers: { accept } }),
      ),
    );
    const [json, strict] = answers.map(({ headers }) => String(headers['etag']));
    expect(json).not.toBe(strict);
    const known = { 'if-none-match': String(json), accept: 'application/graphql-response+json' };
    expect(await rawRequest(url, { method: 'GET', headers: known })).toMatchObject({ status: 200 });
  });

  it('is an event for clients that take events only', async () => {
    const { url } = await testGateway();
    const { headers, body } = await rawRequest(url, {
      headers: { accept: 'text/event-stream' },
      query: '{ __type(name: "CoreV1Pod") { name } }',
    });
    expect(headers['content-type']).toBe('text/event-stream; charset=utf-8');
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
