import { describe, expect, it } from 'vitest';
import { Catalogs } from '../../../src/catalog/catalog.ts';
import { type DocumentCache, noCache } from '../../../src/catalog/document-cache.ts';
import { KUBECONFIG_IDENTITY } from '../../../src/cluster/identity.ts';
import type { Shapes, Texts } from '../../../src/catalog/openapi/shapes.ts';
import type { StubApiServer } from '../support/stub-api-server.ts';
import { stubUpstream } from '../support/test-engine.ts';
import { MemoryCache } from './support/memory-cache.ts';

const CORE = { group: '', version: 'v1' };

interface Reader {
  readonly stub: StubApiServer;
  readonly shapes: () => Promise<Shapes>;
  readonly texts: () => Promise<Texts>;
  /** Whether the shapes and the texts are those that the index names. */
  readonly areOfHash: () => Promise<boolean[]>;
  /** A gateway that starts anew on the same cache and API server. */
  readonly restarted: () => Reader;
}

async function reader(cache: DocumentCache = noCache): Promise<Reader> {
  const { stub, upstream } = await stubUpstream();
  const start = (): Reader => {
    const catalogs = new Catalogs({ upstream, cache });
    const catalog = () => catalogs.get(KUBECONFIG_IDENTITY);
    return {
      stub,
      shapes: async () => (await (await catalog()).shapes(KUBECONFIG_IDENTITY, CORE)).content,
      texts: async () => (await (await catalog()).texts(KUBECONFIG_IDENTITY, CORE)).content,
      areOfHash: async () => {
        const known = await catalog();
        const both = [
          await known.shapes(KUBECONFIG_IDENTITY, CORE),
          await known.texts(KUBECONFIG_IDENTITY, CORE),
        ];
        return both.map(({ isOfHash }) => isOfHash);
      },
      restarted: start,
    };
  };
  return start();
}

describe("a group-version's document", () => {
  it('is asked for by the hash of the index, once', async () => {
    const { stub, shapes } = await reader();
    const [first, second] = await Promise.all([shapes(), shapes()]);
    expect(await shapes()).toBe(first);
    expect(second).toBe(first);
    const requests = stub.requests.filter(({ path }) => path === '/openapi/v3/api/v1');
    expect(requests.map(({ query }) => Object.keys(query))).toEqual([['hash']]);
  });

  it('comes from the cache after a restart', async () => {
    const first = await reader(new MemoryCache());
    const shapes = await first.shapes();
    const again = first.restarted();
    expect(await again.shapes()).toEqual(shapes);
    expect(await again.texts()).toMatchObject({
      'io.k8s.api.core.v1.Pod': { '': 'A group of containers on one node.' },
    });
    expect(first.stub.documents).toEqual(['api/v1']);
  });

  it('is fetched again when the cache holds something that is not JSON', async () => {
    const cache = new MemoryCache();
    const first = await reader(cache);
    const shapes = await first.shapes();
    for (const key of cache.entries.keys()) cache.entries.set(key, '{"objects":');
    expect(await first.restarted().shapes()).toEqual(shapes);
    expect(first.stub.documents).toEqual(['api/v1', 'api/v1']);
  });

  it('that has moved on (301) is read at its new place and not kept under the old hash', async () => {
    const cache = new MemoryCache();
    const { stub, shapes, areOfHash } = await reader(cache);
    stub.openApi.outdated.set('api/v1', 'OLD');
    expect(Object.keys((await shapes()).kinds)).toContain('/v1/Pod');
    const queries = stub.requests
      .filter(({ path }) => path === '/openapi/v3/api/v1')
      .map(({ query }) => query);
    expect(queries).toEqual([{ hash: 'OLD' }, {}]);
    expect(await areOfHash()).toEqual([false, false]);
    expect(cache.entries.size).toBe(0);
  });

  it('is of its hash from the API server, from memory, from disk and where there is no hash', async () => {
    const { stub, areOfHash, restarted } = await reader(new MemoryCache());
    expect(await areOfHash()).toEqual([true, true]);
    expect(await areOfHash()).toEqual([true, true]);
    expect(await restarted().areOfHash()).toEqual([true, true]);
    stub.openApi.isServed = false;
    expect(await restarted().areOfHash()).toEqual([true, true]);
  });

  it('that the index names and the API server does not have is not of that hash', async () => {
    const { stub, areOfHash } = await reader();
    stub.on('GET', '/openapi/v3/api/v1', { status: 404, body: '' });
    expect(await areOfHash()).toEqual([false, false]);
  });

  it('that a server without OpenAPI v3 does not have leaves every shape open', async () => {
    const { stub, shapes } = await reader();
    stub.openApi.isServed = false;
    expect(await shapes()).toEqual({ objects: {}, kinds: {} });
  });

  it("fails with the API server's own error, and is tried again by the next one who asks", async () => {
    const { stub, shapes } = await reader();
    let isDown = true;
    stub.on('GET', '/openapi/v3/api/v1', () => (isDown ? { status: 500, body: 'boom' } : undefined));
    await expect(shapes()).rejects.toMatchObject({ code: 'UPSTREAM_ERROR' });
    isDown = false;
    expect(Object.keys((await shapes()).kinds)).toContain('/v1/Pod');
  });

  it('is fetched once for both of its parts', async () => {
    const { stub, shapes, texts } = await reader();
    await Promise.all([shapes(), texts()]);
    expect(stub.documents).toEqual(['api/v1']);
  });

  it.each([
    ['a disk', new MemoryCache()],
    ['no disk', noCache],
  ])('is not fetched again for the part that nobody had asked for, with %s', async (_, cache) => {
    const { stub, shapes, texts } = await reader(cache);
    await shapes();
    expect(Object.keys(await texts())).toContain('io.k8s.api.core.v1.Pod');
    expect(stub.documents).toEqual(['api/v1']);
  });
});
