import { beforeEach, describe, expect, it } from 'vitest';
import type { GraphQLAnswer } from './support/graphql-client.ts';
import { openSuite } from './support/suite.ts';

const { cluster, gateway, namespace } = await openSuite();
const answers: GraphQLAnswer[] = [];

// The catalogue, and the documents of what is asked for below.
await gateway.data('{ pods(first: 1) { items { id } } }');
await gateway.ask('mutation { createConfigMap(namespace: "none", input: {}) { id } }');

beforeEach(() => {
  gateway.calls.length = 0;
});

async function ask(document: string, variables?: object): Promise<GraphQLAnswer> {
  const answer = await gateway.ask(document, { ...variables });
  answers.push(answer);
  return answer;
}

describe('a request that cannot be meant is refused, and nothing goes upstream', () => {
  it.each([
    ['no JSON', '{ "query": '],
    ['no object', '[]'],
    ['no query', '{}'],
    ['a query that is no text', '{ "query": 7 }'],
    ['variables that are no object', '{ "query": "{ version { major } }", "variables": 7 }'],
  ])('%s', async (_, body) => {
    const answer = await gateway.post(body);
    answers.push(answer);
    expect(answer.status).toBe(400);
    expect(answer.data).toBeUndefined();
    expect(answer.errors).toHaveLength(1);
    expect(gateway.calls).toEqual([]);
  });

  it.each([
    ['a syntax error', '{ pods { items { metadata { name } } }', 'GRAPHQL_PARSE_FAILED'],
    ['an argument of the wrong type', '{ pods(first: "3") { items { id } } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['a missing argument', '{ pod(namespace: "default") { id } }', 'GRAPHQL_VALIDATION_FAILED'],
    [
      'several operations, none chosen',
      'query A { version { major } } query B { version { major } }',
      'BAD_USER_INPUT',
    ],
    [
      'labels that are no strings',
      'mutation { createConfigMap(namespace: "default", input: { metadata: { labels: { a: 1 } } }) { id } }',
      'GRAPHQL_VALIDATION_FAILED',
    ],
  ])('%s', async (_, document, code) => {
    const answer = await ask(document);
    expect(answer.data).toBeUndefined();
    expect(answer.errors).toMatchObject([{ extensions: { code } }]);
    expect(gateway.calls).toEqual([]);
  });

  it.each([
    ['field', '{ pods { items { metadata { nmae } } } }'],
    ['root field', '{ podz { items { id } } }'],
    ['argument', '{ pods(limit: 3) { items { id } } }'],
    ['type', 'query ($x: Nonsense) { pods(first: $x) { items { id } } }'],
    ['input field', 'mutation { createConfigMap(namespace: "default", input: { dta: {} }) { id } }'],
  ])(
    'an unknown %s, which might just have been installed: only the catalogue is looked at again',
    async (_, document) => {
      const answer = await ask(document);
      expect(answer.data).toBeUndefined();
      expect(answer.errors.length).toBeGreaterThan(0);
      for (const { extensions } of answer.errors)
        expect(extensions).toMatchObject({ code: 'GRAPHQL_VALIDATION_FAILED' });
      const isCatalogue = (path: string) => /^\/(?:apis?$|openapi\/)/.test(path);
      expect(gateway.calls.filter(({ path }) => !isCatalogue(path))).toEqual([]);
    },
  );

  it.each([
    ['an Int', 'query ($x: Int) { pods(first: $x) { items { id } } }', '3'],
    [
      'a StringMap',
      'mutation ($x: StringMap) { createConfigMap(namespace: "default", input: { data: $x }) { id } }',
      { a: 1 },
    ],
    [
      'an input object',
      'mutation ($x: CoreV1ConfigMapInput!) { createConfigMap(namespace: "default", input: $x) { id } }',
      { dta: {} },
    ],
    [
      'anything, which is missing',
      'query ($x: String!) { pod(namespace: "default", name: $x) { id } }',
      undefined,
    ],
  ])('a variable that is not %s', async (_, document, x) => {
    const answer = await ask(document, { x });
    expect(answer.data).toBeUndefined();
    expect(answer.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(gateway.calls).toEqual([]);
  });

  it.each(['a/b', '..', '%2e%2e', 'a%2Fb', ''])('the name %j, which would lead elsewhere', async (name) => {
    const answer = await ask('query ($x: String!) { pod(namespace: "default", name: $x) { id } }', {
      x: name,
    });
    expect(answer.errors).toMatchObject([{ path: ['pod'], extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(gateway.calls).toEqual([]);
  });

  it('a form that a page of another site could send', async () => {
    const answer = await gateway.post('query=%7Bversion%7Bmajor%7D%7D', {
      'content-type': 'application/x-www-form-urlencoded',
    });
    expect(answer.status).toBe(415);
    expect(gateway.calls).toEqual([]);
  });

  it('a mutation by GET', async () => {
    const query = encodeURIComponent(
      `mutation { deleteConfigMap(namespace: "${namespace}", name: "x") { pending } }`,
    );
    const answer = await fetch(`${gateway.url}?query=${query}`, { headers: { accept: 'application/json' } });
    expect(answer.status).toBe(405);
    expect(gateway.calls).toEqual([]);
  });
});

describe('an error in the cluster', () => {
  it('is null at its own field and leaves the others alone', async () => {
    const answer = await ask(`{
      pod(name: "absent", namespace: "default") { id }
      namespace(name: "${namespace}") { kind }
      pods(namespace: "no-such-namespace") { items { id } }
    }`);
    expect(answer.status).toBe(200);
    expect(answer.data).toEqual({ pod: null, namespace: { kind: 'Namespace' }, pods: { items: [] } });
    expect(answer.errors).toMatchObject([
      {
        message: 'pods "absent" not found',
        path: ['pod'],
        extensions: {
          code: 'NOT_FOUND',
          kubernetes: { reason: 'NotFound', code: 404, details: { name: 'absent', kind: 'pods' } },
        },
      },
    ]);
  });

  it.each([
    ['raw(path: "/nowhere")', 'NOT_FOUND'],
    ['raw(path: "/apis/none.example.com/v1/things")', 'NOT_FOUND'],
    ['pods(resourceVersion: "abc") { items { id } }', 'BAD_REQUEST'],
    ['object(id: "nonsense") { kind }', 'BAD_USER_INPUT'],
  ])('%s is %s', async (field, code) => {
    const answer = await ask(`{ it: ${field} }`);
    expect(answer.errors).toMatchObject([{ path: ['it'], extensions: { code } }]);
  });
});

describe('no answer', () => {
  it('of all those above has a stack, an address or a token in it', async () => {
    const { host, port } = new URL(cluster.server);
    const tokens = [cluster.adminToken, cluster.viewerToken].map((token) => token.trim());
    const secrets = [host, `:${port}`, ...tokens, 'node_modules', '    at ', '.ts:', 'file://', 'Bearer'];
    expect(answers.length).toBeGreaterThan(20);
    for (const { text } of answers) for (const secret of secrets) expect(text).not.toContain(secret);
  });

  it('was a defect of the gateway', () => {
    expect(gateway.defects).toEqual([]);
  });
});
