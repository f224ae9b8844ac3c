import { describe, expect, it } from 'vitest';
import { at, parseExact } from './support/exact-json.ts';
import { openSuite } from './support/suite.ts';

const { kubectl, gateway, namespace } = await openSuite();

const RAW = 'query ($path: String!) { raw(path: $path) }';

async function rawOf(path: string): Promise<unknown> {
  return at(await gateway.data(RAW, { path }), 'raw');
}

describe('raw(path:)', () => {
  it('means by a parameter that stands twice what the API server means: the first', async () => {
    const names = ['a', 'b', 'c'];
    const objects = names.map((name) => ({ apiVersion: 'v1', kind: 'Secret', metadata: { name } }));
    await kubectl.create(namespace, ...objects);
    const of = (query: string) => `/api/v1/namespaces/${namespace}/secrets?${query}`;
    for (const query of ['limit=1&limit=500', 'limit=500&limit=1', 'limit=2&limit=2&limit=1']) {
      const list = await rawOf(of(query));
      const expected = parseExact(JSON.stringify(await kubectl.raw(of(query))));
      expect(at(list, 'items')).toEqual(at(expected, 'items'));
    }
    expect(at(await rawOf(of('limit=1&limit=500')), 'items')).toHaveLength(1);
  });

  it('answers all that is asked for by a parameter that may stand several times', async () => {
    const text = String(await rawOf('/readyz?verbose&exclude=ping&exclude=log'));
    expect(text).toContain('[+]ping excluded: ok\n[+]log excluded: ok\n');
  });

  it.each(['/livez?verbose', '/readyz?verbose'])('answers text line by line: %s', async (path) => {
    const lines = String(await rawOf(path)).split('\n');
    expect(lines.length).toBeGreaterThan(10);
    expect(lines.at(-1)).toBe('');
  });

  it('answers what is JSON by another name', async () => {
    expect(await rawOf('/openid/v1/jwks')).toEqual(
      parseExact(await kubectl.run(['get', '--raw', '/openid/v1/jwks'])),
    );
  });
});
