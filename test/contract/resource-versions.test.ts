import { describe, expect, it } from 'vitest';
import { at, type Exact, listAt, textAt } from '../real/support/exact-json.ts';
import { admin, PATCH, type Query } from './support/api.ts';
import { newNamespace } from './support/namespace.ts';
import { bodyOf, configMap, created } from './support/objects.ts';

const namespace = await newNamespace();
const PATH = `/api/v1/namespaces/${namespace}/configmaps`;
const MINE = { labelSelector: 'mine' };
const mine = (name: string) => configMap(name, {}, { labels: { mine: '' } });

for (const name of ['a', 'b', 'c']) await created(PATH, mine(name));
/** The state with three objects. */
const then = textAt(bodyOf(await admin.get(PATH, MINE)), 'metadata', 'resourceVersion');
await created(PATH, mine('d'));
const FUTURE = '9007199254740993';

async function list(query: Query) {
  const answer = await admin.get(PATH, { ...MINE, ...query });
  return { ...answer, names: answer.status === 200 ? namesIn(bodyOf(answer)) : [] };
}

function namesIn(body: Exact): readonly string[] {
  return listAt(body, 'items').map((item) => textAt(item, 'metadata', 'name'));
}

async function token(): Promise<string> {
  return textAt((await list({ limit: 1 })).json, 'metadata', 'continue');
}

describe('a list without a resource version', () => {
  it('is the newest state', async () => {
    expect((await list({})).names).toEqual(['a', 'b', 'c', 'd']);
  });

  it.each(['Exact', 'NotOlderThan'])('refuses resourceVersionMatch=%s', async (resourceVersionMatch) => {
    expect(await list({ resourceVersionMatch })).toMatchObject({
      status: 422,
      json: {
        reason: 'Invalid',
        message:
          'ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided',
        details: {
          group: 'meta.k8s.io',
          kind: 'ListOptions',
          causes: [{ reason: 'FieldValueForbidden', field: 'resourceVersionMatch' }],
        },
      },
    });
  });
});

describe('a list of resource version 0', () => {
  it('ignores the limit', async () => {
    expect((await list({ resourceVersion: 0, limit: 2 })).names).toEqual(['a', 'b', 'c', 'd']);
  });

  it('ignores the limit behind a token too', async () => {
    expect((await list({ resourceVersion: 0, limit: 1, continue: await token() })).names).toEqual([
      'b',
      'c',
      'd',
    ]);
  });

  it('ignores the limit with NotOlderThan', async () => {
    expect(
      (await list({ resourceVersion: 0, limit: 2, resourceVersionMatch: 'NotOlderThan' })).names,
    ).toEqual(['a', 'b', 'c', 'd']);
  });

  it('cannot be exact', async () => {
    expect(await list({ resourceVersion: 0, resourceVersionMatch: 'Exact' })).toMatchObject({
      status: 422,
      json: {
        message: expect.stringContaining(
          'resourceVersionMatch "exact" is forbidden for resourceVersion "0"',
        ) as string,
      },
    });
  });
});

describe('a list of an older resource version', () => {
  it('is at least that new without a limit', async () => {
    expect((await list({ resourceVersion: then })).names).toEqual(['a', 'b', 'c', 'd']);
  });

  it('is exactly that old with a limit', async () => {
    const { names, json } = await list({ resourceVersion: then, limit: 9 });
    expect(names).toEqual(['a', 'b', 'c']);
    expect(at(json, 'metadata', 'resourceVersion')).toBe(then);
  });

  it.each([{}, { limit: 9 }])('is exactly that old with Exact (%j)', async (query) => {
    const { names, json } = await list({ resourceVersion: then, resourceVersionMatch: 'Exact', ...query });
    expect(names).toEqual(['a', 'b', 'c']);
    expect(at(json, 'metadata', 'resourceVersion')).toBe(then);
  });

  it.each([{}, { limit: 9 }])('is at least that new with NotOlderThan (%j)', async (query) => {
    expect(
      (await list({ resourceVersion: then, resourceVersionMatch: 'NotOlderThan', ...query })).names,
    ).toEqual(['a', 'b', 'c', 'd']);
  });

  it('is 410 with empty metadata once it is forgotten', async () => {
    const { status, json } = await list({ resourceVersion: 1, resourceVersionMatch: 'Exact' });
    expect(status).toBe(410);
    expect(json).toMatchObject({ reason: 'Expired', metadata: {}, code: 410 });
    expect(json).not.toHaveProperty('metadata.continue');
  });

  it('cannot be combined with a token', async () => {
    expect(await list({ resourceVersion: then, continue: await token() })).toMatchObject({
      status: 400,
      json: {
        reason: 'BadRequest',
        message: 'specifying resource version is not allowed when using continue',
      },
    });
  });

  it('forbids resourceVersionMatch beside a token', async () => {
    expect(
      await list({ resourceVersion: then, resourceVersionMatch: 'Exact', continue: await token() }),
    ).toMatchObject({
      status: 422,
      json: {
        message: expect.stringContaining(
          'resourceVersionMatch is forbidden when continue is provided',
        ) as string,
      },
    });
  });

  it('refuses any other resourceVersionMatch', async () => {
    expect(await list({ resourceVersion: then, resourceVersionMatch: 'Newest' })).toMatchObject({
      status: 422,
      json: { details: { causes: [{ reason: 'FieldValueNotSupported', field: 'resourceVersionMatch' }] } },
    });
  });
});

describe('a resource version from the future', () => {
  // Each waits for three seconds.
  it.concurrent.each([
    ['a list', PATH, {}],
    ['an exact list', PATH, { resourceVersionMatch: 'Exact' }],
    ['one object', `${PATH}/a`, {}],
  ])('times out and invites to come again: %s', async (_, path, query) => {
    const answer = await admin.get(path, { resourceVersion: FUTURE, ...query });
    expect(answer.status).toBe(504);
    expect(answer.headers['retry-after']).toBe('1');
    expect(answer.json).toMatchObject({
      reason: 'Timeout',
      code: 504,
      details: {
        causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
        retryAfterSeconds: 1,
      },
    });
  });
});

describe('the resource version of an object', () => {
  it('grows with every change, and not without one', async () => {
    const before = textAt(bodyOf(await admin.get(`${PATH}/a`)), 'metadata', 'resourceVersion');
    const same = bodyOf(await admin.patch(`${PATH}/a`, PATCH.merge, { metadata: { labels: { mine: '' } } }));
    expect(at(same, 'metadata', 'resourceVersion')).toBe(before);
    const after = bodyOf(await admin.patch(`${PATH}/a`, PATCH.merge, { data: { k: 'v' } }));
    expect(BigInt(textAt(after, 'metadata', 'resourceVersion'))).toBeGreaterThan(BigInt(before));
  });

  it('0 or an older one may be asked of a GET', async () => {
    for (const resourceVersion of ['0', then]) {
      expect((await admin.get(`${PATH}/a`, { resourceVersion })).status).toBe(200);
    }
  });
});
