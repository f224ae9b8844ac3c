import { describe, expect, it, vi } from 'vitest';
import { Catalogs } from '../../../src/catalog/catalog.ts';
import { Deprecations } from '../../../src/catalog/deprecations/deprecations.ts';
import { noCache } from '../../../src/catalog/document-cache.ts';
import { bearerIdentity, type Identity } from '../../../src/cluster/identity.ts';
import { KubegraphError } from '../../../src/errors/kubegraph-error.ts';
import type { TextRequest } from '../../../src/execution/operation-request.ts';
import type { PlanResult } from '../../../src/execution/plan.ts';
import { Plans } from '../../../src/execution/plans.ts';
import { Schemas } from '../../../src/execution/schemas.ts';
import { ApiInMemory } from '../catalog/support/api-in-memory.ts';
import { codesOf, testEngine } from '../support/test-engine.ts';

const ALICE = bearerIdentity('alice');
const BOB = bearerIdentity('bob');
const QUERY = '{ pods { items { metadata { name } } } }';

interface Setup {
  readonly api: ApiInMemory;
  readonly plan: (request: Omit<TextRequest, 'identity'>, identity?: Identity) => Promise<PlanResult>;
  /** Who has planned, in order: each parses, and prepares the schema. */
  readonly planners: () => readonly Identity[];
}

/** Plans for an API server in memory that everybody has been shown already. */
async function setUp(): Promise<Setup> {
  const api = new ApiInMemory();
  const catalogs = new Catalogs({ upstream: api, cache: noCache });
  const schemas = new Schemas({ deprecations: new Deprecations() });
  const plans = new Plans(catalogs, schemas);
  const [catalog] = await Promise.all([ALICE, BOB].map((identity) => catalogs.get(identity)));
  if (catalog === undefined) throw new Error('no catalogue');
  const prepare = vi.spyOn(schemas.of(catalog), 'prepare');
  return {
    api,
    plan: async (request, identity = ALICE) => (await plans.plan({ ...request, identity })).result,
    planners: () => prepare.mock.calls.map(([, identity]) => identity),
  };
}

function times<T>(count: number, run: () => Promise<T>): readonly Promise<T>[] {
  return Array.from({ length: count }, run);
}

function operationOf(result: PlanResult): string | undefined {
  return 'plan' in result ? result.plan.operation.name?.value : undefined;
}

describe('documents that come at once', () => {
  it('are planned once when they are equal', async () => {
    const { plan, planners } = await setUp();
    const results = await Promise.all(times(300, () => plan({ query: QUERY })));
    expect(new Set(results.map((result) => 'plan' in result && result.plan)).size).toBe(1);
    expect(planners()).toEqual([ALICE]);
  });

  it('are planned once for each identity, with its own rights, and go on with one plan', async () => {
    const { api, plan, planners } = await setUp();
    const asked = [ALICE, BOB].flatMap((identity) => times(20, () => plan({ query: QUERY }, identity)));
    const results = await Promise.all(asked);
    expect(planners()).toEqual([ALICE, BOB]);
    const loads = api.requests.filter(({ path }) => path === '/openapi/v3/api/v1');
    expect(loads.map(({ identity }) => identity)).toEqual([ALICE, BOB]);
    expect(new Set(results.map((result) => 'plan' in result && result.plan)).size).toBe(1);
  });

  it('are told apart by the operation that is meant', async () => {
    const { plan } = await setUp();
    const query = `query A ${QUERY} query B ${QUERY}`;
    const results = await Promise.all(['A', 'B'].map((operationName) => plan({ query, operationName })));
    expect(results.map(operationOf)).toEqual(['A', 'B']);
  });

  it('are told apart where a name and a text come to the same', async () => {
    const { plan } = await setUp();
    const [sound, odd] = await Promise.all([
      plan({ operationName: 'A', query: `query A ${QUERY}` }),
      plan({ operationName: 'Aquery A', query: ` ${QUERY}` }),
    ]);
    expect([sound, odd].map(operationOf)).toEqual(['A', undefined]);
    expect(odd).toMatchObject({ errors: [{ message: expect.stringContaining('"Aquery A"') as string }] });
  });

  it('fail together, and are planned anew when they come again', async () => {
    const { api, plan, planners } = await setUp();
    api.failure = new KubegraphError('UNREACHABLE', 'no way there');
    const failed = await Promise.allSettled(times(20, () => plan({ query: QUERY })));
    expect(failed).toEqual(failed.map(() => ({ status: 'rejected', reason: api.failure })));
    expect(planners()).toHaveLength(1);
    api.failure = undefined;
    expect(await plan({ query: QUERY })).toHaveProperty('plan');
    expect(planners()).toHaveLength(2);
  });

  it('are refused together when they name something unknown, which is not kept', async () => {
    const { plan, planners } = await setUp();
    const refused = (): Promise<PlanResult> => plan({ query: '{ gizmos { items { kind } } }' });
    const results = await Promise.all(times(20, refused));
    expect(results).toEqual(results.map(() => expect.objectContaining({ namesUnknown: true }) as unknown));
    expect(planners()).toHaveLength(1);
    expect(await refused()).toMatchObject({ namesUnknown: true });
    expect(planners()).toHaveLength(2);
  });

  it('are answered though the client goes away whose document is being planned', async () => {
    const { run, stub } = await testEngine();
    const leaving = new AbortController();
    let release = (): void => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    const isAsked = new Promise<void>((resolve) => {
      stub.on('GET', '/openapi/v3/api/v1', async () => {
        resolve();
        await held;
        return undefined;
      });
    });
    const left = run(QUERY, { signal: leaving.signal });
    await isAsked;
    const stays = run(QUERY);
    leaving.abort();
    release();
    expect(codesOf(await left)).toEqual(['CANCELLED']);
    expect((await stays).data).toEqual({ pods: { items: [] } });
    expect(stub.documents).toEqual(['api/v1']);
  });
});
