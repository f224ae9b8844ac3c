import { getIntrospectionQuery } from 'graphql';
import { describe, expect, it } from 'vitest';
import { codesOf, testEngine } from '../support/test-engine.ts';

/** Requests beyond those for the catalogue and its documents. */
function calls(stub: { readonly requests: readonly { readonly path: string }[] }): readonly string[] {
  return stub.requests.map(({ path }) => path).filter((path) => !/^\/(?:apis?$|openapi\/)/.test(path));
}

describe('a deletion of many', () => {
  it.each([
    ['labelSelector: ""'],
    ['labelSelector: " "'],
    ['fieldSelector: ","'],
    ['labelSelector: " , ", fieldSelector: ",,"'],
  ])('with a selector that selects everything (%s) is refused before anything is sent', async (selector) => {
    const { run, stub } = await testEngine();
    const answer = await run(`mutation { deletePods(namespace: "a", ${selector}) { items { kind } } }`);
    expect([codesOf(answer), calls(stub)]).toEqual([['BAD_USER_INPUT'], []]);
  });
});

describe('a value that is not there', () => {
  it('is left out of a patch, and does not become the null that removes', async () => {
    const { run, stub } = await testEngine();
    await run(
      'mutation ($x: String) { patchPod(namespace: "a", name: "b", patch: { metadata: { labels: { keep: $x, set: "1" } } }) { kind } }',
      { variables: {} },
    );
    const patch = stub.requests.find(({ method }) => method === 'PATCH');
    expect(JSON.parse(String(patch?.body))).toEqual({ metadata: { labels: { set: '1' } } });
  });

  it('is refused where a number in variables was too large for one', async () => {
    const { run, stub } = await testEngine();
    const answer = await run(
      'mutation ($p: JSON!) { patchPod(namespace: "a", name: "b", patch: $p) { kind } }',
      {
        variables: { p: { data: { keep: Number.POSITIVE_INFINITY } } },
      },
    );
    expect([codesOf(answer), calls(stub)]).toEqual([['BAD_USER_INPUT'], []]);
  });
});

describe('introspection', () => {
  it('that tools send is answered', async () => {
    const { run } = await testEngine();
    expect(
      (await run(getIntrospectionQuery({ inputValueDeprecation: true, specifiedByUrl: true }))).errors,
    ).toEqual([]);
  });

  it.each([
    ['aliases', (n: number) => `f${n}: fields { name }`],
    ['fragments', (n: number) => `... { f${n}: fields { name args { name } } }`],
  ])('that asks for the same over and over is refused: %s', async (_, field) => {
    const { run } = await testEngine();
    const fields = Array.from({ length: 60 }, (_, index) => field(index)).join(' ');
    expect(codesOf(await run(`{ __schema { types { ${fields} } } }`))).toEqual(['BAD_USER_INPUT']);
  });
});

describe('an operation', () => {
  it('keeps no more in memory than its bound, however often it asks', async () => {
    const { run } = await testEngine({ maxBytes: 2_000 });
    const aliases = Array.from(
      { length: 20 },
      (_, index) => `r${index}: raw(path: "/openapi/v3/api/v1")`,
    ).join(' ');
    expect(codesOf(await run(`{ ${aliases} }`))).toContain('RESULT_TOO_LARGE');
  });

  it('with an empty name is the only one there is', async () => {
    const { run } = await testEngine();
    for (let round = 0; round < 2; round++) {
      expect((await run('{ __typename }', { operationName: '' })).data).toEqual({ __typename: 'Query' });
    }
  });
});

describe('raw', () => {
  it.each(['/api/v1/%77atch/pods', '/\\\\evil.com/healthz', '/../../healthz', '/api/v1/./pods', '/%zz'])(
    'of %s is refused before anything is sent',
    async (path) => {
      const { run, stub } = await testEngine();
      const answer = await run('query ($path: String!) { raw(path: $path) }', { variables: { path } });
      expect([codesOf(answer), calls(stub)]).toEqual([['BAD_USER_INPUT'], []]);
    },
  );
});
