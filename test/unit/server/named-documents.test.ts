import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { KUBECONFIG_IDENTITY } from '../../../src/cluster/identity.ts';
import { PODS } from '../support/standard-cluster.ts';
import { testGateway, type TestGateway } from '../support/test-gateway.ts';
import { type Ask, get, type Params, type Read, WAYS } from './ways.ts';

const QUERY = '{ pods { items { metadata { name } } } }';
const OTHER = '{ pods { items { kind } } }';
const ANSWER = { data: { pods: { items: [{ metadata: { name: 'p' } }] } } };

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

function byHash(text: string, more: Params = {}): Params {
  return { ...more, extensions: { persistedQuery: { version: 1, sha256Hash: hashOf(text) } } };
}

function codesIn({ errors = [] }: Read): readonly string[] {
  return errors.map(({ extensions: { code } }) => code);
}

/** A gateway before a cluster of one pod, with documents that it trusts. */
async function withPod(trusted: Readonly<Record<string, string>> = {}, only = false): Promise<TestGateway> {
  const texts = new Map(Object.entries(trusted));
  const gateway = await testGateway('kubeconfig', { documents: { texts, only } });
  gateway.stub.collection(PODS).put({ metadata: { name: 'p', namespace: 'a' } });
  return gateway;
}

describe.each(WAYS)('by %s, a document', (_, ask: Ask) => {
  it('is asked for by its hash once it has come with it', async () => {
    const gateway = await withPod();
    expect(await ask(gateway, byHash(QUERY))).toEqual({
      errors: [{ message: 'PersistedQueryNotFound', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }],
    });
    expect(await ask(gateway, byHash(QUERY, { query: QUERY }))).toEqual(ANSWER);
    expect(await ask(gateway, byHash(QUERY))).toEqual(ANSWER);
    expect(await ask(gateway, { documentId: `sha256:${hashOf(QUERY)}` })).toEqual(ANSWER);
  });

  it('is not taken for that of another hash', async () => {
    const gateway = await withPod();
    expect(codesIn(await ask(gateway, byHash(QUERY, { query: OTHER })))).toEqual(['BAD_USER_INPUT']);
    expect(codesIn(await ask(gateway, byHash(QUERY)))).toEqual(['PERSISTED_QUERY_NOT_FOUND']);
  });

  it('is not remembered unless it is valid', async () => {
    const gateway = await withPod();
    const wrong = '{ gizmos }';
    expect(codesIn(await ask(gateway, byHash(wrong, { query: wrong })))).toEqual([
      'GRAPHQL_VALIDATION_FAILED',
    ]);
    expect(codesIn(await ask(gateway, byHash(wrong)))).toEqual(['PERSISTED_QUERY_NOT_FOUND']);
  });

  it('that is trusted is asked for by its name, whichever form that has', async () => {
    const trusted = { pods: QUERY, [`sha256:${hashOf(OTHER)}`]: OTHER, [hashOf(QUERY)]: QUERY };
    const gateway = await withPod(trusted);
    const kinds = { data: { pods: { items: [{ kind: 'Pod' }] } } };
    expect(await ask(gateway, { documentId: 'pods' })).toEqual(ANSWER);
    expect(await ask(gateway, byHash(QUERY))).toEqual(ANSWER);
    expect(await ask(gateway, byHash(OTHER))).toEqual(kinds);
    expect(await ask(gateway, { documentId: `sha256:${hashOf(OTHER)}` })).toEqual(kinds);
    expect(await ask(gateway, { query: OTHER })).toEqual(kinds);
  });

  it('that is not trusted is refused where only those are executed', async () => {
    const gateway = await withPod({ pods: QUERY }, true);
    expect(await ask(gateway, { documentId: 'pods' })).toEqual(ANSWER);
    const refused: readonly Params[] = [
      { query: QUERY },
      { query: '{ __schema { queryType { name } } }' },
      byHash(QUERY, { query: QUERY }),
      byHash(QUERY),
      { documentId: 'nodes' },
      { query: 'not GraphQL' },
    ];
    for (const each of refused)
      expect([each, codesIn(await ask(gateway, each))]).toEqual([each, ['DOCUMENT_NOT_TRUSTED']]);
  });
});

describe('a trusted document', () => {
  it('that streams, or is an introspection, is answered as if it had been sent', async () => {
    const texts = { schema: '{ __schema { queryType { name } } }', watch: 'subscription { pods { type } }' };
    const gateway = await withPod(texts, true);
    const schema = await get(gateway, { documentId: 'schema' }, 'application/json');
    expect([schema.headers.get('etag'), await schema.json()]).toEqual([
      expect.any(String),
      { data: { __schema: { queryType: { name: 'Query' } } } },
    ]);
    const watch = await get(gateway, { documentId: 'watch' }, 'application/json');
    expect([watch.status, codesIn((await watch.json()) as Read)]).toEqual([406, ['BAD_USER_INPUT']]);
  });

  it('never changes anything by a GET', async () => {
    const gateway = await withPod({ x: 'mutation { deletePod(namespace: "a", name: "p") { pending } }' });
    const response = await get(gateway, { documentId: 'x' }, 'application/json');
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
    expect(gateway.stub.calls).toEqual([]);
    await response.body?.cancel();
  });

  it('that does not fit the schema is warned of once', async () => {
    const { gateway, log, url } = await withPod({ good: QUERY, bad: '{ gizmos }' });
    await gateway.engine.planTrusted(KUBECONFIG_IDENTITY);
    await gateway.engine.planTrusted(KUBECONFIG_IDENTITY);
    await (await fetch(`${url}?documentId=bad`)).text();
    expect(log).toEqual([
      {
        message:
          'the trusted document "bad" does not fit the schema: Cannot query field "gizmos" on type "Query".',
      },
    ]);
  });

  it('is planned ahead', async () => {
    const { gateway, stub } = await withPod({ pods: QUERY });
    await gateway.engine.planTrusted(KUBECONFIG_IDENTITY);
    const before = stub.requests.length;
    await gateway.engine.execute({
      documentId: 'pods',
      identity: KUBECONFIG_IDENTITY,
      signal: new AbortController().signal,
    });
    expect(stub.requests.slice(before).map(({ path }) => path)).toEqual(['/api/v1/pods']);
  });
});

it('nobody asks for what others have sent', async () => {
  const { url } = await testGateway('passthrough');
  const ask = async (token: string, params: Params): Promise<readonly string[]> => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(params) });
    return codesIn((await response.json()) as Read);
  };
  expect(await ask('alice', byHash(QUERY, { query: QUERY }))).toEqual([]);
  expect(await ask('alice', byHash(QUERY))).toEqual([]);
  expect(await ask('bob', byHash(QUERY))).toEqual(['PERSISTED_QUERY_NOT_FOUND']);
});

it.each<[string, Params, number, number]>([
  ['a hash that nobody has sent', byHash(QUERY), 200, 200],
  ['a name that there is not', { documentId: 'x' }, 200, 400],
  ['a text of another hash', byHash(QUERY, { query: OTHER }), 200, 400],
])('%s is answered with the status that clients expect', async (_, params, json, strict) => {
  const gateway = await withPod();
  for (const [type, status] of [
    ['application/json', json],
    ['application/graphql-response+json', strict],
  ] as const) {
    const response = await get(gateway, params, type);
    expect([response.status, response.headers.get('cache-control')]).toEqual([status, 'no-store']);
    await response.body?.cancel();
  }
});
