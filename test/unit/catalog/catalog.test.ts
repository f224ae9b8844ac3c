import { expect, it, onTestFinished } from 'vitest';
import { Catalogs, type CatalogsOptions } from '../../../src/catalog/catalog.ts';
import { noCache } from '../../../src/catalog/document-cache.ts';
import { bearerIdentity, KUBECONFIG_IDENTITY } from '../../../src/cluster/identity.ts';
import { KubegraphError } from '../../../src/errors/kubegraph-error.ts';
import { STANDARD_CLUSTER } from '../support/standard-cluster.ts';
import { stubGroupVersion } from '../support/stub-resources.ts';
import { flush, ManualClock } from '../watch/support/manual-clock.ts';
import { ApiInMemory } from './support/api-in-memory.ts';

const WITH_GADGETS = [...STANDARD_CLUSTER, stubGroupVersion('new.example.org', 'v1', { Gadget: 'gadgets' })];
const ALICE = bearerIdentity('alice-token');
const BOB = bearerIdentity('bob-token');

interface Setup {
  readonly api: ApiInMemory;
  readonly clock: ManualClock;
  readonly catalogs: Catalogs;
}

/** Catalogues that nobody follows: nothing happens between calls. */
function setup(more: Partial<CatalogsOptions> = {}): Setup {
  const api = new ApiInMemory();
  const clock = new ManualClock();
  const catalogs = new Catalogs({ upstream: api, cache: noCache, now: () => clock.now(), ...more });
  onTestFinished(() => catalogs.close());
  return { api, clock, catalogs };
}

/** Answers wait until the function that comes back is called. */
function holdAnswers(api: ApiInMemory): () => void {
  let release = (): void => {};
  api.gate = new Promise((resolve) => {
    release = resolve;
  });
  return release;
}

it('is equal for equal content, and only then', async () => {
  const { api, clock, catalogs } = setup();
  const first = await catalogs.get(KUBECONFIG_IDENTITY);
  await clock.advance(2_000);
  expect(await catalogs.refresh(KUBECONFIG_IDENTITY)).toBe(first);
  api.cluster = WITH_GADGETS;
  await clock.advance(2_000);
  const second = await catalogs.refresh(KUBECONFIG_IDENTITY);
  expect(second.revision).not.toBe(first.revision);
  api.cluster = STANDARD_CLUSTER;
  await clock.advance(2_000);
  expect(await catalogs.refresh(KUBECONFIG_IDENTITY)).toBe(first);
});

it('shows a change of a schema alone, which leaves discovery as it is', async () => {
  const { api, clock, catalogs } = setup();
  const first = await catalogs.get(KUBECONFIG_IDENTITY);
  api.openApi.outdated.set('apis/example.com/v1', 'CHANGED');
  await clock.advance(2_000);
  const second = await catalogs.refresh(KUBECONFIG_IDENTITY);
  expect(second.revision).not.toBe(first.revision);
  expect(second.discovery).toBe(first.discovery);
});

it('is read for each identity with its own credentials, and kept once', async () => {
  const { api, catalogs } = setup();
  expect(await catalogs.get(BOB)).toBe(await catalogs.get(ALICE));
  const looks = api.requests.filter(({ path }) => path === '/apis');
  expect(looks.map(({ identity }) => identity)).toEqual([BOB, ALICE]);
});

it('keeps what was known when a refresh fails, and says so until one succeeds', async () => {
  const { api, clock, catalogs } = setup();
  const first = await catalogs.get(KUBECONFIG_IDENTITY);
  api.failure = new KubegraphError('UNAVAILABLE', 'etcd is away');
  await clock.advance(2_000);
  expect(await catalogs.refresh(KUBECONFIG_IDENTITY)).toBe(first);
  expect(catalogs.status).toMatchObject({
    refreshError: 'etcd is away',
    readAtMs: 0,
    refreshes: { changed: 1, unchanged: 0, failed: 1 },
  });
  api.failure = undefined;
  await clock.advance(2_000);
  await catalogs.refresh(KUBECONFIG_IDENTITY);
  expect(catalogs.status).toMatchObject({ refreshError: undefined, readAtMs: 4_000 });
});

it('does not take a caller whose token is refused for a failure of its own', async () => {
  const { api, catalogs } = setup();
  api.failure = new KubegraphError('UNAUTHENTICATED', 'Unauthorized');
  await expect(catalogs.get(ALICE)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  expect(catalogs.status).toMatchObject({ refreshError: undefined, refreshes: { refused: 1, failed: 0 } });
});

it('is shown no longer to whom the API server refuses, and not again before it takes the token', async () => {
  const { api, clock, catalogs } = setup();
  const first = await catalogs.get(ALICE);
  api.failure = new KubegraphError('UNAUTHENTICATED', 'Unauthorized');
  await clock.advance(31_000);
  await expect(catalogs.get(ALICE)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  await expect(catalogs.get(ALICE)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  api.failure = undefined;
  expect(await catalogs.get(ALICE)).toBe(first);
});

it('is checked before it is used once it is old, and not before', async () => {
  const { api, clock, catalogs } = setup();
  await catalogs.get(KUBECONFIG_IDENTITY);
  api.cluster = WITH_GADGETS;
  await clock.advance(29_000);
  await catalogs.get(KUBECONFIG_IDENTITY);
  expect(api.looks).toBe(1);
  await clock.advance(2_000);
  const { discovery } = await catalogs.get(KUBECONFIG_IDENTITY);
  expect(discovery.groups.at(-1)?.name).toBe('new.example.org');
});

it('that is old is used as it is when the check fails, and not checked again by every request', async () => {
  const { api, clock, catalogs } = setup();
  const first = await catalogs.get(KUBECONFIG_IDENTITY);
  api.failure = new KubegraphError('UNREACHABLE', 'no connection');
  await clock.advance(31_000);
  expect(await catalogs.get(KUBECONFIG_IDENTITY)).toBe(first);
  expect(await catalogs.get(KUBECONFIG_IDENTITY)).toBe(first);
  expect(api.looks).toBe(2);
});

it('of one identity is checked when another has seen a change, with its own credentials and when it is used', async () => {
  const { api, clock, catalogs } = setup();
  await catalogs.get(ALICE);
  await catalogs.get(BOB);
  api.cluster = WITH_GADGETS;
  await clock.advance(2_000);
  await catalogs.refresh(ALICE);
  await flush();
  expect(api.looks).toBe(3);
  const { discovery } = await catalogs.get(BOB);
  expect(discovery.groups.at(-1)?.name).toBe('new.example.org');
  expect(api.requests.at(-1)?.identity).toBe(BOB);
  await clock.advance(2_000);
  await catalogs.get(ALICE);
  expect(api.looks).toBe(4);
});

it('is not set back by a look that was begun earlier and took longer', async () => {
  const { api, clock, catalogs } = setup();
  await catalogs.get(KUBECONFIG_IDENTITY);
  await clock.advance(2_000);
  const release = holdAnswers(api);
  const slow = catalogs.refresh(KUBECONFIG_IDENTITY);
  await clock.advance(4_000);
  api.gate = Promise.resolve();
  api.cluster = WITH_GADGETS;
  const fast = await catalogs.refresh(KUBECONFIG_IDENTITY);
  release();
  expect(fast.discovery.groups.at(-1)?.name).toBe('new.example.org');
  expect(await slow).toBe(fast);
  expect(await catalogs.get(KUBECONFIG_IDENTITY)).toBe(fast);
});

it('that nobody follows leaves nothing running', async () => {
  const { api, clock, catalogs } = setup();
  await catalogs.get(KUBECONFIG_IDENTITY);
  await clock.advance(120_000);
  expect([api.looks, api.watches.length, clock.pendingMs]).toEqual([1, 0, []]);
});
