import { describe, expect, it, onTestFinished } from 'vitest';
import { type Catalog, Catalogs } from '../../../src/catalog/catalog.ts';
import { noCache } from '../../../src/catalog/document-cache.ts';
import { bearerIdentity, type Identity, KUBECONFIG_IDENTITY } from '../../../src/cluster/identity.ts';
import { KubegraphError } from '../../../src/errors/kubegraph-error.ts';
import { STANDARD_CLUSTER } from '../support/standard-cluster.ts';
import { stubGroupVersion } from '../support/stub-resources.ts';
import { flush, ManualClock } from '../watch/support/manual-clock.ts';
import { ApiInMemory } from './support/api-in-memory.ts';

const WITH_GADGETS = [...STANDARD_CLUSTER, stubGroupVersion('new.example.org', 'v1', { Gadget: 'gadgets' })];
const ALICE = bearerIdentity('alice-token');

interface Following {
  readonly api: ApiInMemory;
  readonly clock: ManualClock;
  readonly catalogs: Catalogs;
  /** What an identity is shown now. */
  readonly shown: (identity?: Identity) => Promise<Catalog>;
  /** How often the API server is asked what it serves while so much time passes. */
  readonly looksDuring: (ms: number) => Promise<number>;
}

function setup(): Following {
  const api = new ApiInMemory();
  const clock = new ManualClock();
  const catalogs = new Catalogs({
    upstream: api,
    cache: noCache,
    now: () => clock.now(),
    follow: { clock, random: () => 0 },
  });
  onTestFinished(() => catalogs.close());
  const looksDuring = async (ms: number): Promise<number> => {
    const before = api.looks;
    await clock.advance(ms);
    return api.looks - before;
  };
  return {
    api,
    clock,
    catalogs,
    looksDuring,
    shown: (identity = KUBECONFIG_IDENTITY) => catalogs.get(identity),
  };
}

/** Somebody has asked, the watches are open (or refused), and what that has set off is over. */
async function following(
  prepare: (api: ApiInMemory) => void = () => undefined,
  identity?: Identity,
): Promise<Following> {
  const made = setup();
  prepare(made.api);
  await made.shown(identity);
  await made.clock.advance(15_000);
  return made;
}

const refusing = (api: ApiInMemory): void => {
  api.refusals.set('customresourcedefinitions', 403).set('apiservices', 403);
};

const lastGroup = ({ discovery }: Catalog): string | undefined => discovery.groups.at(-1)?.name;

describe('where definitions may be watched', () => {
  it('a change shows without anybody asking for it', async () => {
    const { api, clock, shown } = await following();
    api.cluster = WITH_GADGETS;
    api.tell();
    await clock.advance(200);
    const asked = api.requests.length;
    expect(lastGroup(await shown())).toBe('new.example.org');
    expect(api.requests).toHaveLength(asked);
  });

  it('watches from the present on, asks for metadata only, and does not look at what comes', async () => {
    const { api } = await following();
    expect(api.watches.map(({ request }) => request.query)).toEqual(
      Array.from({ length: 2 }, () => ({ watch: '1', resourceVersion: '7', timeoutSeconds: '300' })),
    );
    expect(api.watches[0]?.request).toMatchObject({ mode: 'stream' });
    const accepted = api.requests
      .filter(({ path }) => path.endsWith('/apiservices'))
      .map(({ accept }) => accept);
    expect(accepted).toEqual([
      'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json',
      'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json',
    ]);
  });

  it.each([0, 300, 700, 1_100])(
    'shows within a third of the time what OpenAPI describes %i ms after the change',
    async (afterMs) => {
      const { api, clock, shown } = await following();
      api.tell();
      await clock.advance(afterMs);
      api.openApi.outdated.set('apis/example.com/v1', 'CHANGED');
      await clock.advance(Math.max(160, afterMs / 3));
      expect((await shown()).documentHash({ group: 'example.com', version: 'v1' })).toBe('CHANGED');
    },
  );

  it('stops looking when a change has settled', async () => {
    const { api, looksDuring } = await following();
    api.tell();
    const looks = await looksDuring(15_000);
    expect(looks).toBeGreaterThanOrEqual(10);
    expect(looks).toBeLessThanOrEqual(16);
    expect(await looksDuring(14_000)).toBe(0);
  });

  it.each([10, 400, 900])(
    'looks ever more seldom while a change comes every %i ms, down to once a second',
    async (everyMs) => {
      const { api, looksDuring } = await following();
      const looksWhileTold = async (ms: number): Promise<number> => {
        let looks = 0;
        for (let passed = 0; passed < ms; passed += everyMs) {
          api.tell();
          looks += await looksDuring(everyMs);
        }
        return looks;
      };
      expect(await looksWhileTold(3_600)).toBeLessThanOrEqual(10);
      const looks = await looksWhileTold(18_000);
      expect(looks).toBeGreaterThanOrEqual(9);
      expect(looks).toBeLessThanOrEqual(18);
    },
  );

  it('sees a change without delay again once it has been quiet for a while', async () => {
    const { api, clock, shown } = await following();
    for (let round = 0; round < 100; round += 1) {
      api.tell();
      await clock.advance(100);
    }
    await clock.advance(3_500);
    api.cluster = WITH_GADGETS;
    api.tell();
    await clock.advance(150);
    expect(lastGroup(await shown())).toBe('new.example.org');
  });

  it('looks after a watch has been opened again, for it has missed what was in between', async () => {
    const { api, clock, shown } = await following();
    for (const { body } of api.openWatches) body.end();
    api.cluster = WITH_GADGETS;
    await clock.advance(200);
    expect(api.openWatches).toHaveLength(2);
    expect(lastGroup(await shown())).toBe('new.example.org');
  });

  it('looks now and then all the same: an aggregated API can change without a trace', async () => {
    const { looksDuring } = await following();
    expect(await looksDuring(60_000)).toBe(2);
  });

  it('does without watching API services where there is no aggregator', async () => {
    const { looksDuring } = await following((api) => api.refusals.set('apiservices', 404));
    expect(await looksDuring(15_000)).toBe(0);
  });

  it('does not wait for a look that hangs', async () => {
    const { api, clock, shown } = await following();
    api.gate = new Promise(() => undefined);
    api.tell();
    await clock.advance(1_000);
    api.gate = Promise.resolve();
    api.cluster = WITH_GADGETS;
    await clock.advance(7_000);
    expect(lastGroup(await shown())).toBe('new.example.org');
  });

  it('takes a connection that outlives its watch for dead', async () => {
    const { api, clock } = await following();
    const [first] = api.openWatches;
    await clock.advance(306_000);
    expect(first?.body.isOver).toBe(true);
    expect(api.openWatches).toHaveLength(2);
  });
});

describe('where definitions may not be watched', () => {
  it('a change shows within two seconds while somebody asks', async () => {
    const { api, clock, shown } = await following(refusing);
    await shown();
    api.cluster = WITH_GADGETS;
    await clock.advance(1_500);
    expect(lastGroup(await shown())).toBe('new.example.org');
    expect(api.watches).toEqual([]);
  });

  it('a schema that OpenAPI describes only after discovery shows soon then', async () => {
    const { api, clock, shown } = await following(refusing);
    await shown();
    api.cluster = WITH_GADGETS;
    await clock.advance(1_000);
    expect(lastGroup(await shown())).toBe('new.example.org');
    api.openApi.outdated.set('apis/example.com/v1', 'CHANGED');
    await clock.advance(160);
    expect((await shown()).documentHash({ group: 'example.com', version: 'v1' })).toBe('CHANGED');
  });

  it('a change shows as soon while others come and go before it', async () => {
    const { api, clock, shown } = await following(refusing);
    for (let round = 0; round < 10; round += 1) {
      api.openApi.outdated.set('apis/example.com/v1', `CHANGE ${round}`);
      await clock.advance(1_000);
      const catalog = await shown();
      expect(catalog.documentHash({ group: 'example.com', version: 'v1' })).toBe(`CHANGE ${round}`);
    }
  });

  it('it is looked seldom once nobody asks any more, and often again as soon as somebody does', async () => {
    const { clock, shown, looksDuring } = await following(refusing);
    await clock.advance(31_000);
    expect(await looksDuring(60_000)).toBe(2);
    await shown();
    // At once, for the last look is long ago, and then every second.
    expect(await looksDuring(15_000)).toBe(16);
  });

  it('permission that comes later is noticed', async () => {
    const { api, clock } = await following(refusing);
    api.refusals.clear();
    await clock.advance(300_000);
    expect(api.openWatches).toHaveLength(2);
  });

  it('it is also looked while a watch keeps failing, which is tried again ever more seldom', async () => {
    const { api, clock, shown, looksDuring } = await following();
    api.failure = new KubegraphError('UNREACHABLE', 'no connection');
    for (const { body } of api.openWatches) body.cut();
    await shown();
    expect(await looksDuring(15_000)).toBeGreaterThanOrEqual(9);
    const tries = (): number => api.requests.filter(({ path }) => path.endsWith('/apiservices')).length;
    await clock.advance(60_000);
    const before = tries();
    await clock.advance(60_000);
    expect(tries() - before).toBeLessThanOrEqual(2);
    api.failure = undefined;
    await clock.advance(31_000);
    expect(api.openWatches).toHaveLength(2);
  });
});

describe("a caller's token", () => {
  it('is not used for longer than a minute after its last request', async () => {
    const { api, clock, shown } = await following(undefined, ALICE);
    await clock.advance(40_000);
    await shown(ALICE);
    await clock.advance(59_000);
    expect(api.openWatches).toHaveLength(2);
    await clock.advance(2_000);
    expect(api.openWatches).toEqual([]);
    const asked = api.requests.length;
    await clock.advance(600_000);
    expect([api.requests.length, clock.pendingMs]).toEqual([asked, []]);
  });

  it('is not used again in the background once it has been refused', async () => {
    const { api, clock } = await following(refusing, ALICE);
    api.failure = new KubegraphError('UNAUTHENTICATED', 'Unauthorized');
    await clock.advance(2_000);
    const asked = api.requests.length;
    await clock.advance(60_000);
    expect(api.requests).toHaveLength(asked);
  });

  it('gets watches of its own as long as there are not too many, and is looked for in turn beyond', async () => {
    const { api, clock, shown } = setup();
    const callers = Array.from({ length: 20 }, (_, index) => bearerIdentity(`token-${index}`));
    for (const caller of callers) await shown(caller);
    await clock.advance(15_000);
    expect(new Set(api.openWatches.map(({ request }) => request.identity.key)).size).toBe(16);
    const before = api.requests.length;
    await clock.advance(10_000);
    const polled = api.requests.slice(before).filter(({ path }) => path === '/apis');
    expect(new Set(polled.map(({ identity }) => identity))).toEqual(new Set(callers.slice(16)));
    expect(polled).toHaveLength(4 * 5);
  });

  it('that comes when very many are followed is checked when it is used, and followed once others have gone', async () => {
    const { api, clock, shown } = setup();
    const callers = Array.from({ length: 301 }, (_, index) => bearerIdentity(`token-${index}`));
    const last = callers.at(-1);
    const looks = (): number =>
      api.requests.filter(({ path, identity }) => path === '/apis' && identity === last).length;
    for (const caller of callers) await shown(caller);
    await clock.advance(31_000);
    expect(looks()).toBe(1);
    await shown(last);
    expect(looks()).toBe(2);
    await clock.advance(31_000);
    await shown(last);
    await clock.advance(1_000);
    expect(api.openWatches.map(({ request }) => request.identity)).toEqual([last, last]);
  });

  it('is never used for what another caller is shown', async () => {
    const { api, clock, shown } = await following(undefined, ALICE);
    await shown(bearerIdentity('bob-token'));
    await clock.advance(15_000);
    api.cluster = WITH_GADGETS;
    const before = api.requests.length;
    const [ofAlice] = api.openWatches;
    ofAlice?.body.write('{}\n');
    await clock.advance(10);
    expect(new Set(api.requests.slice(before).map(({ identity }) => identity))).toEqual(new Set([ALICE]));
  });
});

it('follows from the first catalogue on, not before', async () => {
  const { api, clock, catalogs } = setup();
  api.failure = new KubegraphError('UNREACHABLE', 'no connection');
  await expect(catalogs.get(KUBECONFIG_IDENTITY)).rejects.toMatchObject({ code: 'UNREACHABLE' });
  await clock.advance(60_000);
  expect(api.looks).toBe(1);
});

it('leaves nothing behind when it is closed', async () => {
  const { api, clock, catalogs } = await following();
  api.tell();
  await catalogs.close();
  await flush();
  const asked = api.requests.length;
  await clock.advance(600_000);
  expect([api.requests.length, api.openWatches, clock.pendingMs]).toEqual([asked, [], []]);
});
