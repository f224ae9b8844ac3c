import { describe, expect, it } from 'vitest';
import { decodeContinueToken, encodeContinueToken } from '../../../../demo/verbs/continue-token.ts';
import { names, refusal, TestApi, textOf } from './support.ts';

async function apiWith(count: number): Promise<TestApi> {
  const api = new TestApi();
  for (let index = 1; index <= count; index++) {
    const metadata = { name: `c${index}`, labels: { parity: index % 2 === 0 ? 'even' : 'odd' } };
    await api.create({ resource: 'configmaps', body: { metadata } });
  }
  return api;
}

/** Answers once the wait for a revision that does not come is over. */
async function afterWait<T>(api: TestApi, answer: Promise<T>): Promise<T> {
  await Promise.resolve();
  api.clock.advance(3000);
  return answer;
}

const configmaps = { resource: 'configmaps' };

describe('get', () => {
  it('answers the object in the version that is asked for', async () => {
    const api = new TestApi();
    const regarding = { kind: 'Pod', name: 'p', namespace: 'demo' };
    const event = {
      metadata: { name: 'e' },
      regarding,
      note: 'hello',
      eventTime: '2026-01-01T00:00:00.000000Z',
    };
    await api.create({ resource: 'events', group: 'events.k8s.io', body: event });
    const core = await api.get({ resource: 'events', group: '', name: 'e' });
    expect(core.body).toMatchObject({ apiVersion: 'v1', involvedObject: regarding, message: 'hello' });
    const again = await api.get({ resource: 'events', group: 'events.k8s.io', name: 'e' });
    expect(again.body).toMatchObject({ apiVersion: 'events.k8s.io/v1', regarding, note: 'hello' });
  });

  it('names what is missing', async () => {
    const answer = await new TestApi().get({ resource: 'widgets', name: 'nope' });
    expect(refusal(answer)).toEqual([404, 'NotFound', 'widgets.example.com "nope" not found']);
    expect(answer.body['details']).toEqual({ name: 'nope', group: 'example.com', kind: 'widgets' });
  });

  it('waits for a revision that is not there yet', async () => {
    const api = await apiWith(1);
    const late = api.get({ ...configmaps, name: 'c1', query: 'resourceVersion=4' });
    await api.create({ ...configmaps, body: { metadata: { name: 'other' } } });
    expect((await afterWait(api, late)).status).toBe(200);
  });

  it('gives up on a revision after three seconds', async () => {
    const api = await apiWith(1);
    const answer = await afterWait(api, api.get({ ...configmaps, name: 'c1', query: 'resourceVersion=999' }));
    expect(refusal(answer)).toEqual([504, 'Timeout', 'Timeout: Too large resource version: 999, current: 3']);
    expect(answer.body['details']).toEqual({
      causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
      retryAfterSeconds: 1,
    });
  });

  it('answers a resourceVersion that is no number with a 500 without a reason', async () => {
    const api = await apiWith(1);
    const answer = await api.get({ ...configmaps, name: 'c1', query: 'resourceVersion=abc' });
    const message = 'resourceVersion: Invalid value: "abc": strconv.ParseUint: parsing "abc": invalid syntax';
    expect(refusal(answer)).toEqual([500, undefined, message]);
  });
});

describe('lists in pages', () => {
  it('show one state from the first page to the last', async () => {
    const api = await apiWith(5);
    const first = await api.list({ ...configmaps, query: 'limit=2' });
    expect(names(first)).toEqual(['c1', 'c2']);
    expect(first.body['metadata']).toMatchObject({ resourceVersion: '7', remainingItemCount: 3 });
    await api.delete({ ...configmaps, name: 'c3' });
    await api.create({ ...configmaps, body: { metadata: { name: 'c35' } } });
    const token = textOf(first.body['metadata']?.['continueToken']);
    const second = await api.list({ ...configmaps, query: `limit=5&continue=${token}` });
    expect(names(second)).toEqual(['c3', 'c4', 'c5']);
    expect(second.body['metadata']).toEqual({ resourceVersion: '7' });
  });

  it('do not count what is left when a selector is set', async () => {
    const api = await apiWith(5);
    const { body } = await api.list({ ...configmaps, query: 'limit=1&labelSelector=parity=even' });
    expect(Object.keys(body['metadata'] ?? {})).toEqual(['resourceVersion', 'continueToken']);
  });

  it('fill a page with what is selected', async () => {
    const api = await apiWith(5);
    expect(names(await api.list({ ...configmaps, query: 'limit=2&labelSelector=parity=even' }))).toEqual([
      'c2',
      'c4',
    ]);
  });

  it('always have a token for custom resources, be it empty', async () => {
    const { body } = await new TestApi().list({ resource: 'widgets' });
    expect(body['metadata']).toEqual({ resourceVersion: '2', continueToken: '' });
  });

  it('run over namespaces', async () => {
    const api = new TestApi();
    await api.create({ resource: 'namespaces', body: { metadata: { name: 'another' } } });
    for (const namespace of ['demo', 'another']) {
      await api.create({ ...configmaps, namespace, body: { metadata: { name: 'x' } } });
    }
    const first = await api.list({ ...configmaps, namespace: null, query: 'limit=1' });
    const token = textOf(first.body['metadata']?.['continueToken']);
    expect(decodeContinueToken(token)).toEqual({ revision: 5, start: 'another/x\0' });
    const second = await api.list({ ...configmaps, namespace: null, query: `continue=${token}` });
    expect(second.body['items']).toMatchObject([{ metadata: { namespace: 'demo' } }]);
  });

  it('offer an inconsistent token when the first state is forgotten, and go on with the newest', async () => {
    const api = await apiWith(3);
    const first = await api.list({ ...configmaps, query: 'limit=1' });
    await api.delete({ ...configmaps, name: 'c2' });
    api.cluster.store.compact();
    const token = textOf(first.body['metadata']?.['continueToken']);
    const expired = await api.list({ ...configmaps, query: `continue=${token}` });
    expect(expired).toMatchObject({ status: 410, body: { reason: 'Expired' } });
    const offered = textOf(expired.body['metadata']?.['continue']);
    expect(decodeContinueToken(offered)).toEqual({ revision: -1, start: 'c1\0' });
    const rest = await api.list({ ...configmaps, query: `continue=${offered}` });
    expect(names(rest)).toEqual(['c3']);
    expect(rest.body['metadata']).toEqual({ resourceVersion: '6' });
  });
});

describe('continue tokens', () => {
  it('have the form of the real server', () => {
    const token = encodeContinueToken({ revision: 7, start: 'ns/name\0' });
    expect(Buffer.from(token, 'base64url').toString()).toBe(
      String.raw`{"v":"meta.k8s.io/v1","rv":7,"start":"/ns/name\u0000"}`,
    );
  });

  const of = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  it.each([
    ['!!', 'illegal base64 data at input byte 0'],
    ['abcde', 'illegal base64 data at input byte 4'],
    ['garbage', "invalid character '\\u0081' looking for beginning of value"],
    [of([]), 'json: cannot unmarshal array into Go value of type storage.continueToken'],
    [of({ v: 'v2', rv: 1, start: '/a' }), 'server does not recognize this encoded version v2'],
    [of({ v: 'meta.k8s.io/v1' }), 'incorrect encoded start resourceVersion (version meta.k8s.io/v1)'],
    [
      of({ v: 'meta.k8s.io/v1', rv: 'a' }),
      'json: cannot unmarshal string into Go struct field continueToken.rv of type int64',
    ],
    [of({ v: 'meta.k8s.io/v1', rv: 5 }), 'encoded start key empty (version meta.k8s.io/v1)'],
    [of({ v: 'meta.k8s.io/v1', rv: 5, start: '../x' }), '../x'],
  ])('%s is refused', async (token, reason) => {
    const answer = await new TestApi().list({ ...configmaps, query: `continue=${token}` });
    const message = `invalid continue token: continue key is not valid: ${reason}`;
    expect(refusal(answer)).toEqual([400, 'BadRequest', message]);
  });
});

describe('resourceVersion and resourceVersionMatch of lists', () => {
  /** Two objects at revision 4, a third one since. */
  async function past(): Promise<TestApi> {
    const api = await apiWith(2);
    await api.create({ ...configmaps, body: { metadata: { name: 'c3' } } });
    return api;
  }

  it.each([
    ['', 3, '5'],
    ['resourceVersion=0', 3, '5'],
    ['resourceVersion=0&limit=1', 3, '5'],
    ['resourceVersion=0&resourceVersionMatch=NotOlderThan&limit=1', 3, '5'],
    ['resourceVersion=4', 3, '5'],
    ['resourceVersion=4&resourceVersionMatch=NotOlderThan', 3, '5'],
    ['resourceVersion=4&resourceVersionMatch=NotOlderThan&limit=2', 2, '5'],
    ['resourceVersion=4&limit=5', 2, '4'],
    ['resourceVersion=4&resourceVersionMatch=Exact', 2, '4'],
    ['resourceVersion=4&resourceVersionMatch=Exact&limit=1', 1, '4'],
  ])('%s: %i objects at revision %s', async (query, count, revision) => {
    const answer = await (await past()).list({ ...configmaps, query });
    expect(names(answer)).toHaveLength(count);
    expect(answer.body['metadata']?.['resourceVersion']).toBe(revision);
  });

  it('ignores the limit of a page at revision 0', async () => {
    const api = await past();
    const token = encodeContinueToken({ revision: 5, start: 'c1\0' });
    const answer = await api.list({ ...configmaps, query: `limit=1&resourceVersion=0&continue=${token}` });
    expect(names(answer)).toEqual(['c2', 'c3']);
  });

  it('refuses a revision beside a token', async () => {
    const token = encodeContinueToken({ revision: 5, start: 'c1\0' });
    const answer = await (await past()).list({ ...configmaps, query: `resourceVersion=5&continue=${token}` });
    const message = 'specifying resource version is not allowed when using continue';
    expect(refusal(answer)).toEqual([400, 'BadRequest', message]);
  });

  it.each(['resourceVersion=2&limit=1', 'resourceVersion=2&resourceVersionMatch=Exact'])(
    'has forgotten %s after a compaction, and offers no token',
    async (query) => {
      const api = await past();
      api.cluster.store.compact();
      const { status, body } = await api.list({ ...configmaps, query });
      const message = 'The resourceVersion for the provided list is too old.';
      expect([status, body['reason'], body['message'], body['metadata']]).toEqual([
        410,
        'Expired',
        message,
        {},
      ]);
    },
  );

  it.each([
    'resourceVersion=99',
    'resourceVersion=99&limit=1',
    'resourceVersion=99&resourceVersionMatch=Exact',
  ])('waits in vain for %s', async (query) => {
    const api = await past();
    const answer = await afterWait(api, api.list({ ...configmaps, query }));
    expect(refusal(answer)).toEqual([504, 'Timeout', 'Timeout: Too large resource version: 99, current: 5']);
  });

  const field = 'resourceVersionMatch: ';
  it.each([
    [
      'resourceVersionMatch=Exact',
      `${field}Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided`,
    ],
    [
      'resourceVersionMatch=Foo&resourceVersion=1',
      `${field}Unsupported value: "Foo": supported values: "Exact", "NotOlderThan", ""`,
    ],
    [
      'resourceVersionMatch=Exact&resourceVersion=0',
      `${field}Forbidden: resourceVersionMatch "exact" is forbidden for resourceVersion "0"`,
    ],
    [
      'resourceVersionMatch=Exact&resourceVersion=1&continue=x',
      `${field}Forbidden: resourceVersionMatch is forbidden when continue is provided`,
    ],
    ['sendInitialEvents=true', 'sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list'],
  ])('refuses %s', async (query, reason) => {
    const answer = await (await past()).list({ ...configmaps, query });
    expect(refusal(answer)).toEqual([422, 'Invalid', `ListOptions.meta.k8s.io "" is invalid: ${reason}`]);
    expect(answer.body['details']).toMatchObject({ group: 'meta.k8s.io', kind: 'ListOptions' });
  });

  it.each([
    ['limit=abc', 'strconv.ParseInt: parsing "abc": invalid syntax'],
    [
      'resourceVersion=-1',
      'invalid resource version: resourceVersion: Invalid value: "-1": strconv.ParseUint: parsing "-1": invalid syntax',
    ],
  ])('refuses %s', async (query, message) => {
    expect(refusal(await (await past()).list({ ...configmaps, query }))).toEqual([
      400,
      'BadRequest',
      message,
    ]);
  });

  it('takes a negative limit for none', async () => {
    expect(names(await (await past()).list({ ...configmaps, query: 'limit=-1' }))).toHaveLength(3);
  });
});
