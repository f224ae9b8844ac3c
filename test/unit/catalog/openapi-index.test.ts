import { expect, it } from 'vitest';
import { fetchOpenApiIndex } from '../../../src/catalog/openapi/openapi-index.ts';
import { KUBECONFIG_IDENTITY } from '../../../src/cluster/identity.ts';
import { stubUpstream } from '../support/test-engine.ts';

/** The hashes that are read from an index of these entries. */
async function hashesOf(paths: unknown): Promise<Readonly<Record<string, string>>> {
  const { stub, upstream } = await stubUpstream();
  stub.on('GET', '/openapi/v3', () => ({ body: JSON.stringify({ paths }) }));
  return Object.fromEntries(await fetchOpenApiIndex(upstream, KUBECONFIG_IDENTITY));
}

const entry = (url: unknown): unknown => ({ serverRelativeURL: url });
const WHOLE = entry('/openapi/v3/api/v1?hash=AB12');

it.each([
  ['a URL that is none', entry('http://[')],
  ['a URL without a hash', entry('/openapi/v3/apis/example.com/v1')],
  ['a URL that is a number', entry(7)],
  ['no URL', {}],
  ['an entry that is none', null],
])('an aggregated API with %s has no hash, and takes none from the others', async (_, bad) => {
  expect(await hashesOf({ 'api/v1': WHOLE, 'apis/example.com/v1': bad })).toEqual({
    'api/v1': 'AB12',
    'apis/example.com/v1': '',
  });
});

it.each([
  ['among other parameters', '/x?timeout=5s&hash=AB12'],
  ['with characters that are written otherwise in a URL', '/x?hash=AB%31%32'],
  ['on a server of its own', 'https://127.0.0.1:6443/x?hash=AB12#top'],
])('a hash is read %s', async (_, url) => {
  expect(await hashesOf({ 'apis/example.com/v1': entry(url) })).toEqual({ 'apis/example.com/v1': 'AB12' });
});

it.each([
  ['is no object', []],
  ['has nothing', {}],
])('an index that %s is empty', async (_, paths) => {
  expect(await hashesOf(paths)).toEqual({});
});
