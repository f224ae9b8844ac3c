import { describe, expect, it } from 'vitest';
import { codesOf, testEngine } from '../support/test-engine.ts';

/** Every field that puts a name or a namespace into a path. */
const FIELDS = [
  'query ($x: String!) { pod(namespace: "a", name: $x) { kind } }',
  'query ($x: String!) { pod(namespace: $x, name: "a") { kind } }',
  'query ($x: String!) { pods(namespace: $x) { items { kind } } }',
  'query ($x: String!) { deploymentScale(namespace: "a", name: $x) { __typename } }',
  'mutation ($x: String!) { createConfigMap(namespace: $x, input: {}) { kind } }',
  'mutation ($x: String!) { createConfigMap(input: { metadata: { namespace: $x } }) { kind } }',
  'mutation ($x: String!) { replaceConfigMap(namespace: "a", name: $x, input: {}) { kind } }',
  'mutation ($x: String!) { replaceConfigMap(namespace: "a", input: { metadata: { name: $x } }) { kind } }',
  'mutation ($x: String!) { patchConfigMap(namespace: "a", name: $x, patch: {}) { kind } }',
  'mutation ($x: String!) { applyConfigMap(namespace: "a", name: $x, input: {}) { kind } }',
  'mutation ($x: String!) { deletePod(namespace: "a", name: $x) { pending } }',
  'mutation ($x: String!) { deletePod(namespace: $x, name: "a") { pending } }',
  'mutation ($x: String!) { deletePods(namespace: $x, all: true) { items { kind } } }',
  'mutation ($x: String!) { evictPod(namespace: "a", name: $x) { status } }',
  'mutation ($x: String!) { scaleDeployment(namespace: "a", name: $x, replicas: 0) { __typename } }',
];

const NAMES = [
  '',
  '.',
  '..',
  'a/b',
  'a/../b',
  '../../secrets',
  'a%2Fb',
  '%2e%2e',
  'a\\b',
  'a b',
  'a\nb',
  '/',
  'pods/x/eviction',
];

describe.each(NAMES)('the name %j is refused before anything is sent', (name) => {
  it('by every field that takes one', async () => {
    const { run, stub, defects } = await testEngine();
    for (const field of FIELDS) {
      const answer = await run(field, { variables: { x: name } });
      expect([field, codesOf(answer)]).toEqual([field, ['BAD_USER_INPUT']]);
      // The field itself refuses it; the transport would, too, with words about paths.
      expect(answer.errors[0]?.message).toMatch(
        /cannot be the name(?:space)? of an object(?:: leave it out for all namespaces)?$/,
      );
    }
    expect([stub.calls, defects]).toEqual([[], []]);
  });
});

it.each([
  '{ pods(namespace: "") { items { kind } } }',
  '{ widgets(namespace: "", first: 1) { items { kind } } }',
])('an empty namespace is told from none, which means all: %s', async (query) => {
  const { run } = await testEngine();
  expect((await run(query)).errors[0]?.message).toBe(
    '"" cannot be the namespace of an object: leave it out for all namespaces',
  );
});

it('a name that is odd and legal reaches the API server as it is', async () => {
  const { run, stub } = await testEngine();
  await run('{ pod(namespace: "a", name: "system:node-1.é") { kind } }');
  expect(stub.requests.at(-1)?.path).toBe('/api/v1/namespaces/a/pods/system%3Anode-1.%C3%A9');
});
