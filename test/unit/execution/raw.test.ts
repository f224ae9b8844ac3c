import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { Engine } from '../../../src/execution/engine.ts';
import { KUBECONFIG_IDENTITY } from '../../../src/cluster/identity.ts';
import { targetFor } from '../cluster/support/kubeconfig.ts';
import { type Handler, testServer } from '../cluster/support/server.ts';
import { testUpstream } from '../cluster/support/upstream.ts';
import { statusReply } from '../support/stub-reply.ts';
import { codesOf, parseAnswer, testEngine, type TestAnswer } from '../support/test-engine.ts';

const RAW = 'query ($path: String!) { raw(path: $path) }';

interface Asked {
  readonly answer: TestAnswer;
  /** What stood in the request lines. */
  readonly targets: readonly string[];
}

/** Asks a server that records request lines as they come, and answers `{}` unless told otherwise. */
async function ask(path: string, handler?: Handler): Promise<Asked> {
  const { catalogs } = await testEngine();
  const server = await testServer({ kind: 'http', ...(handler === undefined ? {} : { handler }) });
  const upstream = testUpstream({ target: targetFor(server.origin) });
  const engine = new Engine({ upstream, catalogs, report: (error) => expect.fail(String(error)) });
  const answer = await engine.execute({
    query: RAW,
    variables: { path },
    operationName: null,
    identity: KUBECONFIG_IDENTITY,
    signal: new AbortController().signal,
  });
  if (!('stringify' in answer)) return expect.fail('raw answers once');
  return { answer: parseAnswer(answer), targets: server.requests.map(({ url }) => url) };
}

/** What `raw` makes of a body of that type. */
async function rawOf(body: string | Buffer, contentType?: string): Promise<TestAnswer> {
  const { run, stub } = await testEngine();
  stub.on('GET', '/x', { body, ...(contentType === undefined ? {} : { contentType }) });
  return run('{ raw(path: "/x") }');
}

describe('raw sends', () => {
  it.each([
    '/healthz',
    '/healthz?verbose',
    '/healthz?exclude=a&exclude=b&verbose=1&exclude=a',
    '/api/v1/pods?limit=1&limit=500',
    '/api/v1/pods?labelSelector=a%20in%20(b,c)&labelSelector=a+in+(b)',
    '/api/v1/pods?labelSelector=a!%3Db&fieldSelector=spec.nodeName=n',
    '/x?b=2&a=1&=&&a',
    '/x?a=[1]&b=%2F..%2f&c=/../&d=?e',
    "/x?it='s;fine",
    '/api/v1/nodes/a%3Ab',
  ])('%s as it is written', async (path) => {
    const { answer, targets } = await ask(path);
    expect([answer.errors, targets]).toEqual([[], [path]]);
  });

  it.each([
    ['/x?labelSelector=a in (b, c)', '/x?labelSelector=a%20in%20(b,%20c)'],
    ['/x?a=é&b="', '/x?a=%C3%A9&b=%22'],
    ['/x?a=\ud800', '/x?a=%EF%BF%BD'],
    ['/x?', '/x'],
  ])('what a request line cannot have encoded: %j', async (path, target) => {
    const { answer, targets } = await ask(path);
    expect([answer.errors, targets]).toEqual([[], [target]]);
  });

  it.each([
    '',
    'healthz',
    '?a=1',
    '/healthz#fragment',
    '/healthz?a=1#fragment',
    '/heal\nthz',
    '/healthz?a=1\r\nX-Injected: 1',
    '/healthz?a=\u0000',
    '/health z',
    '/é',
    '/a/%2e%2e/b',
    '/a/.%2E/b',
    '/a//b',
    '/a%2fb',
    '/api/v1/pods?limit=1&%77atch=true',
    '/api/v1/pods?watch',
    '/api/v1/namespaces/a/pods/b/log?tailLines=1&follow=false&follow=true',
    '/api/v1/namespaces/a/pods/b/exec?command=sh&command=-c',
  ])('nothing for %j', async (path) => {
    const { answer, targets } = await ask(path);
    expect([codesOf(answer), targets]).toEqual([['BAD_USER_INPUT'], []]);
  });
});

describe('raw answers', () => {
  it.each([
    ['{"b":1.0,"a":9007199254740993}', 'application/json', '{"b":1.0,"a":9007199254740993}'],
    ['{"a":\n 1}\n', 'application/json; charset=utf-8', '{"a":  1}'],
    ['{"keys":[]}', 'application/jwk-set+json', '{"keys":[]}'],
    ['"text"', 'application/json', '"text"'],
    ['null', 'application/json', 'null'],
    ['{"a":1}', 'text/plain', '{"a":1}'],
  ])('JSON as it is, on one line: %j of %s', async (body, contentType, raw) => {
    expect((await rawOf(body, contentType)).text).toBe(`{"data":{"raw":${raw}}}`);
  });

  it.each([
    ['[+]ping ok\n[+]log ok\nlivez check passed\n', 'text/plain; charset=utf-8'],
    ['# HELP a b\r\na{b="c"} 1\n', 'text/plain; version=0.0.4'],
    ['', 'text/plain'],
    ['{"a":1}\n{"a":2}\n', 'application/json-seq'],
  ])('other text to the last line break: %j of %s', async (body, contentType) => {
    const { data, errors } = await rawOf(body, contentType);
    expect([data, errors]).toEqual([{ raw: body }, []]);
  });

  it.each([
    ['<html>log in</html>', 'application/json'],
    ['{"a":1', 'application/json;charset=utf-8'],
    ['{"a":1}{"a":2}', 'application/json;stream=watch'],
    ['{"a":NaN}', 'application/problem+json'],
    ['', 'application/json'],
    [Buffer.from([0x22, 0xff, 0x22]), 'application/json'],
  ])('nothing that calls itself JSON and is none: %j of %s', async (body, contentType) => {
    const answer = await rawOf(body, contentType);
    expect([answer.data, codesOf(answer)]).toEqual([{ raw: null }, ['UPSTREAM_ERROR']]);
  });

  it('what was compressed, read', async () => {
    const { answer } = await ask('/x', (request, response) => {
      response.setHeader('content-type', 'text/plain');
      response.setHeader('content-encoding', 'gzip');
      response.end(gzipSync(`takes ${String(request.headers['accept-encoding'])}\n`));
    });
    expect(answer.data).toEqual({ raw: 'takes gzip\n' });
  });

  it('the failure that the API server answers', async () => {
    const { run, stub } = await testEngine();
    stub.on('GET', '/metrics', statusReply(403, 'Forbidden', 'forbidden: cannot get path "/metrics"'));
    const answer = await run('{ raw(path: "/metrics") }');
    expect(answer.errors).toMatchObject([{ path: ['raw'], extensions: { code: 'FORBIDDEN' } }]);
  });

  it('no more than an operation may keep, counted before it is compressed', async () => {
    const { run, stub } = await testEngine({ maxBytes: 100_000 });
    stub.on('GET', '/x', {
      body: gzipSync(Buffer.alloc(1_000_000, 'a')),
      contentType: 'text/plain',
      headers: { 'content-encoding': 'gzip' },
    });
    expect(codesOf(await run('{ raw(path: "/x") }'))).toEqual(['RESULT_TOO_LARGE']);
  });
});

it('equal paths of an operation are one call, and others are not', async () => {
  const { run, stub } = await testEngine();
  stub.on('GET', '/x', ({ query }) => ({ body: { query } }));
  const { data } = await run('{ a: raw(path: "/x?a=1") b: raw(path: "/x?a=1") c: raw(path: "/x?a=2") }');
  expect(data).toEqual({
    a: { query: { a: '1' } },
    b: { query: { a: '1' } },
    c: { query: { a: '2' } },
  });
  expect(stub.calls.toSorted()).toEqual(['GET /x?a=1', 'GET /x?a=2']);
});
