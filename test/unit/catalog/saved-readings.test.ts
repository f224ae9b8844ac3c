import { expect, it, onTestFinished } from 'vitest';
import { Catalogs } from '../../../src/catalog/catalog.ts';
import { bearerIdentity, KUBECONFIG_IDENTITY } from '../../../src/cluster/identity.ts';
import { KubegraphError } from '../../../src/errors/kubegraph-error.ts';
import { STANDARD_CLUSTER } from '../support/standard-cluster.ts';
import { stubGroupVersion } from '../support/stub-resources.ts';
import { ManualClock } from '../watch/support/manual-clock.ts';
import { ApiInMemory } from './support/api-in-memory.ts';
import { MemoryCache } from './support/memory-cache.ts';

const WITH_GADGETS = [...STANDARD_CLUSTER, stubGroupVersion('new.example.org', 'v1', { Gadget: 'gadgets' })];
const UNREACHABLE = new KubegraphError('UNREACHABLE', 'no connection');
const HOUR_MS = 3_600_000;

interface Machine {
  readonly api: ApiInMemory;
  readonly clock: ManualClock;
  readonly cache: MemoryCache;
  /** A gateway that starts anew on the same cache and API server. */
  readonly start: () => Catalogs;
}

function machine(): Machine {
  const api = new ApiInMemory();
  const clock = new ManualClock();
  const cache = new MemoryCache();
  const start = (): Catalogs => {
    const follow = { clock, random: () => 0 };
    const catalogs = new Catalogs({ upstream: api, cache, now: () => clock.now(), follow });
    onTestFinished(() => catalogs.close());
    return catalogs;
  };
  return { api, clock, cache, start };
}

/** A machine on which a gateway has run before. */
async function warmMachine(): Promise<Machine & { readonly revision: string }> {
  const made = machine();
  const before = made.start();
  const { revision } = await before.get(KUBECONFIG_IDENTITY);
  await before.close();
  return { ...made, revision };
}

it('answers from disk before the API server does, and asks it behind the answer whether that holds', async () => {
  const { api, clock, start, revision } = await warmMachine();
  const before = api.looks;
  const catalogs = start();
  const first = await catalogs.get(KUBECONFIG_IDENTITY);
  expect(first.revision).toBe(revision);
  expect(api.looks).toBe(before);
  await clock.advance(500);
  expect(api.looks).toBe(before + 1);
  await catalogs.confirm(KUBECONFIG_IDENTITY);
  expect(await catalogs.get(KUBECONFIG_IDENTITY)).toBe(first);
  expect(catalogs.status.refreshes).toMatchObject({ changed: 0, unchanged: 1 });
});

it('restores exactly what was read', async () => {
  const { start, api } = await warmMachine();
  const restored = await start().get(KUBECONFIG_IDENTITY);
  const read = await new Catalogs({ upstream: api, cache: new MemoryCache() }).get(KUBECONFIG_IDENTITY);
  expect(JSON.stringify(restored.discovery)).toBe(JSON.stringify(read.discovery));
  expect(restored.documentHash({ group: '', version: 'v1' })).toBe(
    read.documentHash({ group: '', version: 'v1' }),
  );
});

it('has equal revisions for equal content, whether the parts come from disk or not', async () => {
  const { api, start } = await warmMachine();
  api.openApi.outdated.set('apis/example.com/v1', 'CHANGED');
  const restored = start();
  await restored.get(KUBECONFIG_IDENTITY);
  await restored.confirm(KUBECONFIG_IDENTITY);
  const known = await restored.get(KUBECONFIG_IDENTITY);
  const fresh = await new Catalogs({ upstream: api, cache: new MemoryCache() }).get(KUBECONFIG_IDENTITY);
  expect(known.revision).toBe(fresh.revision);
});

it('has whoever asks for something unknown wait for the API server', async () => {
  const { api, start } = await warmMachine();
  api.cluster = WITH_GADGETS;
  const catalogs = start();
  await catalogs.get(KUBECONFIG_IDENTITY);
  const { discovery } = await catalogs.refresh(KUBECONFIG_IDENTITY);
  expect(discovery.groups.at(-1)?.name).toBe('new.example.org');
});

it('starts from disk although the API server is away, and says that it has not been seen', async () => {
  const { api, start, revision } = await warmMachine();
  api.failure = UNREACHABLE;
  const catalogs = start();
  expect((await catalogs.get(KUBECONFIG_IDENTITY)).revision).toBe(revision);
  await expect(catalogs.confirm(KUBECONFIG_IDENTITY)).rejects.toBe(UNREACHABLE);
  expect(catalogs.status.refreshError).toBe('no connection');
});

it.each([
  ['is too old', async ({ clock }: Machine) => clock.advance(25 * HOUR_MS)],
  [
    'is damaged',
    async ({ cache }: Machine) => {
      for (const key of cache.entries.keys()) cache.entries.set(key, '{"revision":');
    },
  ],
])('does not start from what %s', async (_, spoil) => {
  const warm = await warmMachine();
  await spoil(warm);
  warm.api.failure = UNREACHABLE;
  await expect(warm.start().get(KUBECONFIG_IDENTITY)).rejects.toBe(UNREACHABLE);
});

it.each([
  ['says nothing', '{}'],
  ['is a list', '[]'],
  ['has no revision', { revision: undefined }],
  ['has no time', { readAtMs: '2026-01-01T00:00:00Z' }],
  ['has ETags of another form', { coreEtag: { value: 'x' } }],
  ['has no index', { index: null }],
  ['has an index of another form', { index: { 'api/v1': 'hash' } }],
  ['has hashes of another form', { index: [['api/v1', { hash: 'x' }]] }],
  ['has no discovery', { discovery: undefined }],
  ['has no problems', { discovery: { lists: [], groups: [] } }],
  ['has no lists', { discovery: { problems: [], groups: [] } }],
  ['has no groups', { discovery: { problems: [], lists: [] } }],
  [
    'has discovery as it was read',
    { discovery: { problems: [], lists: [], groups: [{ name: '', versions: [] }] } },
  ],
])('does not start from a whole file that %s', async (_, other) => {
  const { api, cache, start } = await warmMachine();
  for (const [key, text] of cache.entries) {
    cache.entries.set(
      key,
      typeof other === 'string' ? other : JSON.stringify({ ...JSON.parse(text), ...other }),
    );
  }
  api.failure = UNREACHABLE;
  await expect(start().get(KUBECONFIG_IDENTITY)).rejects.toBe(UNREACHABLE);
});

it('keeps what has changed since, and keeps alive what has not', async () => {
  const { api, clock, start } = await warmMachine();
  const catalogs = start();
  await catalogs.get(KUBECONFIG_IDENTITY);
  api.cluster = WITH_GADGETS;
  await clock.advance(2 * HOUR_MS);
  await catalogs.close();
  await clock.advance(23 * HOUR_MS);
  api.failure = UNREACHABLE;
  const { discovery } = await start().get(KUBECONFIG_IDENTITY);
  expect(discovery.groups.at(-1)?.name).toBe('new.example.org');
});

it("keeps nothing of what callers' tokens were shown", async () => {
  const { api, cache, start } = machine();
  const catalogs = start();
  await catalogs.get(bearerIdentity('alice-token'));
  await catalogs.close();
  expect([...cache.entries.keys()]).toEqual([]);
  api.failure = UNREACHABLE;
  await expect(start().get(bearerIdentity('alice-token'))).rejects.toBe(UNREACHABLE);
});

it('keeps nothing where nothing runs in the background', async () => {
  const { api, cache } = machine();
  await new Catalogs({ upstream: api, cache }).get(KUBECONFIG_IDENTITY);
  expect([...cache.entries.keys()]).toEqual([]);
});
