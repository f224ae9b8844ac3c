import { describe, expect, it } from 'vitest';
import { at, listAt, textAt, type Exact } from '../real/support/exact-json.ts';
import { admin, apiAs, type Query } from './support/api.ts';
import { newNamespace } from './support/namespace.ts';
import { bodyOf, configMap, created } from './support/objects.ts';
import { startDemo } from '../../demo/start.ts';
import { skipOn } from './support/skip.ts';
import { newWidgets } from './support/widgets.ts';

const NAMES = ['a', 'b', 'c', 'd', 'e'];
const widgets = await newWidgets();
const namespace = await newNamespace();
const PATH = `/api/v1/namespaces/${namespace}/configmaps`;
const LABELLED = { labelSelector: 'which' };
for (const name of NAMES) await created(PATH, configMap(name, {}, { labels: { which: name } }));
for (const name of NAMES) await created(widgets.path(namespace), widgets.object(name));

async function page(query: Query, path = PATH): Promise<Exact> {
  return bodyOf(await admin.get(path, query));
}

function namesIn(list: Exact): readonly string[] {
  return listAt(list, 'items').map((item) => textAt(item, 'metadata', 'name'));
}

describe('a list', () => {
  it('is sorted by namespace and name', async () => {
    expect(namesIn(await page(LABELLED))).toEqual(NAMES);
  });

  it('of a namespace that does not exist is empty', async () => {
    expect(namesIn(await page({}, '/api/v1/namespaces/no-such-namespace/configmaps'))).toEqual([]);
  });

  it('spans all namespaces', async () => {
    const all = await page({ ...LABELLED }, '/api/v1/configmaps');
    expect(
      listAt(all, 'items').filter((item) => at(item, 'metadata', 'namespace') === namespace),
    ).toHaveLength(5);
  });

  it.each([
    ['a negative limit is no limit', { limit: -1 }],
    ['a limit of zero is no limit', { limit: 0 }],
  ])('%s', async (_, query) => {
    expect(namesIn(await page({ ...LABELLED, ...query }))).toEqual(NAMES);
  });

  it.each([
    ['limit', 'many'],
    ['timeoutSeconds', 'long'],
    ['timeout', 'long'],
    ['resourceVersion', 'newest'],
  ])('refuses %s=%s', async (name, value) => {
    expect(await admin.get(PATH, { [name]: value })).toMatchObject({
      status: 400,
      json: { reason: 'BadRequest' },
    });
  });
});

describe('paging', () => {
  it('answers a snapshot in pages', async () => {
    const first = await page({ ...LABELLED, limit: 2 });
    await created(PATH, configMap('bb', {}, { labels: { which: 'later' } }));
    const second = await page({ ...LABELLED, limit: 2, continue: textAt(first, 'metadata', 'continue') });
    const last = await page({ ...LABELLED, limit: 2, continue: textAt(second, 'metadata', 'continue') });
    await admin.delete(`${PATH}/bb`);
    expect([first, second, last].map(namesIn)).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
    expect(new Set([first, second, last].map((list) => at(list, 'metadata', 'resourceVersion'))).size).toBe(
      1,
    );
    expect(at(last, 'metadata', 'continue')).toBeUndefined();
  });

  it('says how many are left, unless there is a selector', async () => {
    const all = await page({ limit: 2 });
    expect(at(all, 'metadata', 'remainingItemCount')).toBe(NAMES.length + 1 - 2);
    expect(at(await page({ ...LABELLED, limit: 2 }), 'metadata')).not.toHaveProperty('remainingItemCount');
  });

  it('may change the limit on the way, also to none', async () => {
    const first = await page({ ...LABELLED, limit: 1 });
    expect(namesIn(await page({ ...LABELLED, continue: textAt(first, 'metadata', 'continue') }))).toEqual([
      'b',
      'c',
      'd',
      'e',
    ]);
  });

  it('does not bind a token to its path', async () => {
    const first = await page({ limit: 2 });
    const other = await admin.get('/api/v1/namespaces/zz-no-such-namespace/configmaps', {
      continue: textAt(first, 'metadata', 'continue'),
    });
    expect(other.status).toBe(200);
    expect(namesIn(bodyOf(other))).toEqual([]);
  });

  it('does not bind a token to its selectors', async () => {
    const first = await page({ limit: 2 });
    const rest = await page({ labelSelector: 'which=d', continue: textAt(first, 'metadata', 'continue') });
    expect(namesIn(rest)).toEqual(['d']);
  });

  it.each([
    ['no base64', '%%%', /^invalid continue token: /],
    ['no JSON', 'AAAA', /^invalid continue token: /],
    [
      'another version',
      Buffer.from('{"v":"v9","rv":1,"start":"/a"}').toString('base64url'),
      /^invalid continue token: .*does not recognize/,
    ],
  ])('refuses a token that is %s', async (_, token, message) => {
    expect(await admin.get(PATH, { continue: token })).toMatchObject({
      status: 400,
      json: { reason: 'BadRequest', message: expect.stringMatching(message) as string },
    });
  });

  it('of custom resources ends with an empty token', async () => {
    const first = await page({ limit: 3 }, widgets.path(namespace));
    expect(at(first, 'metadata')).toMatchObject({ remainingItemCount: 2 });
    const last = await page(
      { limit: 3, continue: textAt(first, 'metadata', 'continue') },
      widgets.path(namespace),
    );
    expect(namesIn(last)).toEqual(['d', 'e']);
    expect(at(last, 'metadata', 'continue')).toBe('');
  });
});

describe('expiry', () => {
  const forgotten = Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv: 1, start: '/b\0' })).toString(
    'base64url',
  );

  it('of a token is 410, with one that goes on from the newest state', async () => {
    const expired = await admin.get(PATH, { continue: forgotten });
    expect(expired).toMatchObject({
      status: 410,
      json: {
        kind: 'Status',
        status: 'Failure',
        reason: 'Expired',
        code: 410,
        metadata: { continue: expect.any(String) as string },
      },
    });
    expect(textAt(expired.json, 'message')).toMatch(
      /^The provided continue parameter is too old to display a consistent list result\. /,
    );
    const rest = await page({ continue: textAt(expired.json, 'metadata', 'continue'), limit: 1 });
    expect(namesIn(rest)).toEqual(['c']);
    expect(namesIn(await page({ continue: textAt(rest, 'metadata', 'continue') }))).toEqual([
      'd',
      'e',
      'kube-root-ca.crt',
    ]);
  });

  it('comes to a token when its snapshot is forgotten', async () => {
    skipOn('real', 'its cache keeps snapshots for minutes, and none of them can be made to go');
    const demo = await startDemo({ quiet: true });
    try {
      const own = apiAs(demo.api.tokens.admin, demo.api);
      const first = bodyOf(await own.get('/api/v1/configmaps', { limit: 1 }));
      await own.post('/api/v1/namespaces/default/configmaps', configMap('later'));
      demo.store.compact();
      expect(
        await own.get('/api/v1/configmaps', { continue: textAt(first, 'metadata', 'continue') }),
      ).toMatchObject({
        status: 410,
        json: { reason: 'Expired', metadata: { continue: expect.any(String) as string } },
      });
    } finally {
      await demo.close();
    }
  });
});
