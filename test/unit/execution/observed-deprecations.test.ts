import { describe, expect, it } from 'vitest';
import { testEngine } from '../support/test-engine.ts';

const TEXT = 'v1 ConfigMap is deprecated in v1.99+';
const CONFIG_MAP = { group: '', version: 'v1', kind: 'ConfigMap' };
const WARNED = { headers: { warning: `299 - "${TEXT}"` } };
const OBJECT = { body: { kind: 'ConfigMap', apiVersion: 'v1', metadata: { name: 'a' } }, ...WARNED };
const LIST = { body: { kind: 'ConfigMapList', apiVersion: 'v1', metadata: {}, items: [] }, ...WARNED };

async function reasonAfter(query: string): Promise<string | undefined> {
  const { run, stub, engine } = await testEngine();
  stub.on('GET', '/api/v1/configmaps', LIST);
  stub.on('GET', '/api/v1/namespaces/x/configmaps', LIST);
  stub.on('GET', '/api/v1/namespaces/x/configmaps/a', OBJECT);
  stub.on('POST', '/api/v1/namespaces/x/configmaps', { status: 201, ...OBJECT });
  stub.on('GET', '/api/v1/namespaces/x/configmaps/a/status', OBJECT);
  stub.on('GET', '/version', OBJECT);
  await run(query);
  return engine.deprecations.reasonFor(CONFIG_MAP);
}

describe("a deprecation warning is learnt from any answer about the kind's resource:", () => {
  it.each([
    '{ configMaps { items { id } } }',
    '{ configMaps(namespace: "x") { items { id } } }',
    '{ configMap(namespace: "x", name: "a") { id } }',
    'mutation { createConfigMap(namespace: "x", input: { data: {} }) { id } }',
    '{ raw(path: "/api/v1/namespaces/x/configmaps/a") }',
  ])('%s', async (query) => {
    expect(await reasonAfter(query)).toBe(TEXT);
  });
});

it.each(['{ raw(path: "/version") }', '{ raw(path: "/api/v1/namespaces/x/configmaps/a/status") }'])(
  'nothing is learnt from another path: %s',
  async (query) => {
    expect(await reasonAfter(query)).toBeUndefined();
  },
);
