import { describe, expect, it } from 'vitest';
import { Catalogs } from '../../../src/catalog/catalog.ts';
import { type DocumentCache, noCache } from '../../../src/catalog/document-cache.ts';
import { bearerIdentity, KUBECONFIG_IDENTITY } from '../../../src/cluster/identity.ts';
import type { Shapes, Texts } from '../../../src/catalog/shapes.ts';
import type { StubApiServer } from '../support/stub-api-server.ts';
import { stubGroupVersion } from '../support/stub-resources.ts';
import { stubUpstream } from '../support/test-engine.ts';

const CORE = { group: '', version: 'v1' };

/** A cache in memory; `entries` holds what was written, by hash and part. */
class MemoryCache implements DocumentCache {
  readonly entries = new Map<string, string>();

  read(hash: string, part: string): Promise<string | undefined> {
    return Promise.resolve(this.entries.get(`${hash} ${part}`));
  }

  write(hash: string, part: string, text: string): Promise<void> {
    this.entries.set(`${hash} ${part}`, text);
    return Promise.resolve();
  }
}

interface Reader {
  readonly stub: StubApiServer;
  readonly shapes: () => Promise<Shapes>;
  readonly texts: () => Promise<Texts>;
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
      shapes: async () => (await catalog()).shapes(KUBECONFIG_IDENTITY, CORE),
      texts: async () => (await catalog()).texts(KUBECONFIG_IDENTITY, CORE),
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
    const { stub, shapes } = await reader(cache);
    stub.openApi.outdated.set('api/v1', 'OLD');
    expect(Object.keys((await shapes()).kinds)).toContain('/v1/Pod');
    const queries = stub.requests
      .filter(({ path }) => path === '/openapi/v3/api/v1')
      .map(({ query }) => query);
    expect(queries).toEqual([{ hash: 'OLD' }, {}]);
    expect(cache.entries.size).toBe(0);
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
});

describe('the catalogue', () => {
  it('is equal for equal content, and only then', async () => {
    const { stub, upstream } = await stubUpstream();
    const catalogs = new Catalogs({ upstream, cache: noCache, now: () => now });
    let now = 0;
    const first = await catalogs.get(KUBECONFIG_IDENTITY);
    now += 2_000;
    expect((await catalogs.refresh(KUBECONFIG_IDENTITY)).revision).toBe(first.revision);
    now += 2_000;
    stub.cluster = [...stub.cluster, stubGroupVersion('new.example.org', 'v1', { Thing: 'things' })];
    expect((await catalogs.refresh(KUBECONFIG_IDENTITY)).revision).not.toBe(first.revision);
  });

  it('shows a change of a schema alone, which leaves discovery as it is', async () => {
    const { stub, upstream } = await stubUpstream();
    let now = 0;
    const catalogs = new Catalogs({ upstream, cache: noCache, now: () => now });
    const first = await catalogs.get(KUBECONFIG_IDENTITY);
    stub.openApi.outdated.set('apis/example.com/v1', 'CHANGED');
    now += 2_000;
    expect((await catalogs.refresh(KUBECONFIG_IDENTITY)).revision).not.toBe(first.revision);
  });

  it('is read for each identity with its own credentials', async () => {
    const { stub, upstream } = await stubUpstream();
    const catalogs = new Catalogs({ upstream, cache: noCache });
    await catalogs.get(bearerIdentity('alice-token'));
    await catalogs.get(bearerIdentity('bob-token'));
    const tokens = stub.requests
      .filter(({ path }) => path === '/apis')
      .map(({ headers }) => headers['authorization']);
    expect(tokens).toEqual(['Bearer alice-token', 'Bearer bob-token']);
  });

  it('keeps what was known when a refresh fails, and says so', async () => {
    const { stub, upstream } = await stubUpstream();
    let now = 0;
    const catalogs = new Catalogs({ upstream, cache: noCache, now: () => now });
    const first = await catalogs.get(KUBECONFIG_IDENTITY);
    stub.on('GET', '/apis', { status: 500, body: 'etcd is away' });
    now += 2_000;
    expect(await catalogs.refresh(KUBECONFIG_IDENTITY)).toBe(first);
    expect(catalogs.status.refreshError).toBe('etcd is away');
  });

  it('looks again behind the answer once a snapshot is old, and not before', async () => {
    const { stub, upstream } = await stubUpstream();
    let now = 0;
    const catalogs = new Catalogs({ upstream, cache: noCache, now: () => now });
    const first = await catalogs.get(KUBECONFIG_IDENTITY);
    now += 29_000;
    await catalogs.get(KUBECONFIG_IDENTITY);
    expect(stub.requests.filter(({ path }) => path === '/apis')).toHaveLength(1);
    now += 2_000;
    const asked = new Promise<void>((resolve) => {
      stub.on('GET', '/apis', () => {
        resolve();
        return undefined;
      });
    });
    expect(await catalogs.get(KUBECONFIG_IDENTITY)).toBe(first);
    await asked;
  });
});
