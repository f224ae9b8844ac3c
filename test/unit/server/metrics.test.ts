import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Catalogs } from '../../../src/catalog/catalog.ts';
import { type DocumentCache, noCache } from '../../../src/catalog/document-cache.ts';
import { KUBECONFIG_IDENTITY } from '../../../src/cluster/identity.ts';
import { Deliveries } from '../../../src/server/deliveries.ts';
import { gatewayMetrics, type Measured } from '../../../src/server/metrics.ts';
import { createCounts } from '../../../src/watch/counts.ts';
import { ApiInMemory } from '../catalog/support/api-in-memory.ts';
import { STANDARD_CLUSTER } from '../support/standard-cluster.ts';
import { stubGroupVersion } from '../support/stub-resources.ts';
import { testGateway, type TestGateway } from '../support/test-gateway.ts';
import { EventReader } from './support/event-reader.ts';
import { eventsOf } from './support/stream-server.ts';

const REFERENCE = new URL('../../../docs/reference/metrics.md', import.meta.url);

/** Everything that a gateway exposes, by name and labels. */
async function scrape({ url }: TestGateway): Promise<ReadonlyMap<string, number>> {
  const response = await fetch(new URL('/metrics', url));
  expect([response.status, response.headers.get('content-type')]).toEqual([
    200,
    'text/plain; version=0.0.4; charset=utf-8',
  ]);
  const lines = (await response.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  );
}

/** A disk that nothing has to wait for. */
function memoryCache(): DocumentCache {
  const texts = new Map<string, string>();
  return {
    read: (key, part) => Promise.resolve(texts.get(`${part} ${key}`)),
    write: (key, part, text) => Promise.resolve(texts.set(`${part} ${key}`, text).size > 0),
  };
}

/** A gateway's, of which nobody has subscribed to anything. */
function measured(catalogs: Catalogs): Measured {
  return { catalogs, subscriptions: { hub: { counts: createCounts() } }, deliveries: new Deliveries() };
}

it('are all in the reference, with their type and meaning, and nothing else is', () => {
  const rows = readFileSync(REFERENCE, 'utf8').matchAll(/^\| `([a-z_]+)` \| (\w+) \| (.+) \|$/gm);
  const documented = [...rows].map(([, name, type, help]) => ({ name, type, help }));
  const catalogs = new Catalogs({ upstream: new ApiInMemory(), cache: noCache });
  const exposed = gatewayMetrics(measured(catalogs)).map(({ name, type, help }) => ({ name, type, help }));
  expect(documented).toEqual(exposed);
});

describe('/metrics', () => {
  it('says how the catalogue is, and of the process what its clients expect', async () => {
    const gateway = await testGateway();
    gateway.stub.cluster = [
      ...STANDARD_CLUSTER,
      { ...stubGroupVersion('metrics.k8s.io', 'v1', {}), stale: true },
    ];
    await gateway.post('{ pods { items { kind } } }');
    const values = await scrape(gateway);
    expect(Object.fromEntries(values)).toMatchObject({
      'kubegraph_catalog_refreshes_total{result="changed"}': 1,
      'kubegraph_catalog_refreshes_total{result="failed"}': 0,
      kubegraph_catalog_last_refresh_failed: 0,
      kubegraph_catalog_group_versions: STANDARD_CLUSTER.length + 1,
      kubegraph_catalog_stale_group_versions: 1,
      kubegraph_catalog_watches: 0,
      'kubegraph_schema_document_loads_total{from="server"}': 1,
    });
    expect(values.get('process_resident_memory_bytes')).toBeGreaterThan(10_000_000);
    expect(values.get('process_cpu_seconds_total')).toBeGreaterThan(0);
    expect(values.get('kubegraph_catalog_age_seconds')).toBeGreaterThanOrEqual(0);
  });

  it('says that a look has failed', async () => {
    const gateway = await testGateway();
    gateway.stub.on('GET', '/apis', { status: 500, body: 'etcd is away' });
    await gateway.post('{ pods { items { kind } } }');
    expect(Object.fromEntries(await scrape(gateway))).toMatchObject({
      'kubegraph_catalog_refreshes_total{result="failed"}': 1,
      kubegraph_catalog_last_refresh_failed: 1,
    });
  });

  it('does not ask the API server for anything, nor anyone for a token', async () => {
    const gateway = await testGateway('passthrough');
    const values = await scrape(gateway);
    expect(gateway.stub.requests).toEqual([]);
    expect([...values.keys()]).not.toContain('kubegraph_catalog_age_seconds');
  });

  it('counts documents of the API server, and parts of them from disk', async () => {
    const cache = memoryCache();
    const loads = async (parts: readonly ('shapes' | 'texts')[]): Promise<unknown> => {
      const catalogs = new Catalogs({ upstream: new ApiInMemory(), cache });
      const catalog = await catalogs.get(KUBECONFIG_IDENTITY);
      for (const part of parts) await catalog[part](KUBECONFIG_IDENTITY, { group: '', version: 'v1' });
      return gatewayMetrics(measured(catalogs))
        .find(({ name }) => name === 'kubegraph_schema_document_loads_total')
        ?.read();
    };
    const counted = (disk: number, server: number): unknown => [
      { labels: { from: 'disk' }, value: disk },
      { labels: { from: 'server' }, value: server },
    ];
    expect(await loads(['shapes'])).toEqual(counted(0, 1));
    expect(await loads(['shapes', 'texts'])).toEqual(counted(2, 0));
  });

  it('counts the watches of a catalogue that is followed', async () => {
    const catalogs = new Catalogs({ upstream: new ApiInMemory(), cache: noCache, follow: {} });
    const watches = gatewayMetrics(measured(catalogs)).find(
      ({ name }) => name === 'kubegraph_catalog_watches',
    );
    await catalogs.get(KUBECONFIG_IDENTITY);
    await expect.poll(() => watches?.read()).toBe(2);
    await catalogs.close();
    expect(watches?.read()).toBe(0);
  });

  it('counts subscriptions, their events and how fast they were', async () => {
    const gateway = await testGateway();
    const response = await fetch(`${gateway.url}?query=subscription{pods{type}}`, {
      headers: { accept: 'text/event-stream' },
    });
    const watch = await gateway.stub.watches.next();
    watch.send('ADDED', { metadata: { name: 'p', namespace: 'a', resourceVersion: '4' } });
    watch.synced('5');
    const body = response.body as unknown as AsyncIterable<Uint8Array>;
    const events = eventsOf(body, new EventReader());
    for (const type of ['ADDED', 'SYNCED']) expect((await events.next()).value?.data).toContain(type);
    watch.send('MODIFIED', { metadata: { name: 'p', namespace: 'a', resourceVersion: '6' } });
    expect((await events.next()).value?.data).toContain('MODIFIED');
    expect(Object.fromEntries(await scrape(gateway))).toMatchObject({
      'kubegraph_subscriptions{transport="sse"}': 1,
      'kubegraph_subscriptions{transport="websocket"}': 0,
      kubegraph_upstream_watches: 1,
      kubegraph_subscription_events_total: 3,
      kubegraph_subscription_events_coalesced_total: 0,
      kubegraph_subscription_events_filtered_total: 0,
      'kubegraph_subscription_delivery_seconds_bucket{transport="sse",le="+Inf"}': 1,
      'kubegraph_subscription_delivery_seconds_count{transport="sse"}': 1,
      'kubegraph_subscriptions_resumed_total{by="history"}': 0,
      kubegraph_upstream_watch_relists_total: 0,
    });
    await gateway.gateway.drain();
    while ((await events.next()).done !== true);
    expect(Object.fromEntries(await scrape(gateway))).toMatchObject({
      'kubegraph_subscriptions{transport="sse"}': 0,
      'kubegraph_subscriptions_ended_total{code="SERVER_SHUTDOWN"}': 1,
      kubegraph_upstream_watches: 0,
    });
  });
});
