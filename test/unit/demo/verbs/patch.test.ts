import { describe, expect, it } from 'vitest';
import { refusal, TestApi, textOf } from './support.ts';

const WIDGET = { apiVersion: 'example.com/v1', kind: 'Widget' };
const c = { resource: 'configmaps', name: 'c' };
const w = { resource: 'widgets', name: 'w' };

async function bench(): Promise<TestApi> {
  const api = new TestApi();
  await api.create({ resource: 'configmaps', body: { metadata: { name: 'c' }, data: { a: '1', b: '2' } } });
  await api.create({
    resource: 'widgets',
    body: { ...WIDGET, metadata: { name: 'w' }, spec: { size: 's' } },
  });
  return api;
}

async function patchedData(format: string, body: unknown): Promise<unknown> {
  return (await (await bench()).patch(format, { ...c, body })).body['data'];
}

async function refused(format: string, body: unknown, query = ''): Promise<readonly unknown[]> {
  return refusal(await (await bench()).patch(format, { ...c, query, body }));
}

describe('JSON patch', () => {
  it.each([
    [[{ op: 'add', path: '/data/c', value: '3' }], { a: '1', b: '2', c: '3' }],
    [[{ op: 'remove', path: '/data/a' }], { b: '2' }],
    [[{ op: 'replace', path: '/data/a', value: '9' }], { a: '9', b: '2' }],
    [[{ op: 'move', from: '/data/a', path: '/data/x' }], { b: '2', x: '1' }],
    [[{ op: 'copy', from: '/data/a', path: '/data/x' }], { a: '1', b: '2', x: '1' }],
    [
      [
        { op: 'test', path: '/data/a', value: '1' },
        { op: 'remove', path: '/data/b' },
      ],
      { a: '1' },
    ],
  ])('%j', async (patch, data) => {
    expect(await patchedData('json', patch)).toEqual(data);
  });

  it('replaces a missing member as if it were there, as the real server does', async () => {
    expect(await patchedData('json', [{ op: 'replace', path: '/data/z', value: '1' }])).toMatchObject({
      z: '1',
    });
  });

  it('unescapes slashes in paths', async () => {
    const ops = [
      { op: 'add', path: '/metadata/annotations', value: {} },
      { op: 'add', path: '/metadata/annotations/example.com~1x', value: 'y' },
    ];
    const { body } = await (await bench()).patch('json', { ...c, body: ops });
    expect(body['metadata']?.['annotations']).toEqual({ 'example.com/x': 'y' });
  });

  it('finds nothing where nothing is, as the real server does', async () => {
    const ops = [
      { op: 'test', path: '/data/nope', value: null },
      { op: 'remove', path: '/data/b' },
    ];
    expect(await patchedData('json', ops)).toEqual({ a: '1' });
  });

  const opaque = [422, 'Invalid', 'the server rejected our request due to an error in our request'];
  it.each([
    [[{ op: 'test', path: '/data/a', value: '2' }]],
    [[{ op: 'remove', path: '/data/nope' }]],
    [[{ op: 'add', path: '/nope/a', value: '1' }]],
    [[{ op: 'nope', path: '/data/a' }]],
    [[{ path: '/data/a' }]],
    [[{ op: 'remove', path: '' }]],
    [[{ op: 'add', path: '', value: {} }]],
    [[{ op: 'add', path: '/data/__proto__', value: '1' }]],
  ])('answers %j with a refusal that does not say why', async (patch) => {
    expect(await refused('json', patch)).toEqual(opaque);
  });

  it('changes nothing when one operation of many fails', async () => {
    const api = await bench();
    const ops = [
      { op: 'remove', path: '/data/a' },
      { op: 'remove', path: '/data/nope' },
    ];
    await api.patch('json', { ...c, body: ops });
    expect((await api.get(c)).body['data']).toEqual({ a: '1', b: '2' });
  });

  it.each([
    [
      '{}',
      400,
      'error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp',
    ],
    [
      '[1]',
      400,
      'error decoding patch: json: cannot unmarshal number into Go value of type handlers.jsonPatchOp',
    ],
    [
      JSON.stringify(Array.from({ length: 10_001 }, () => ({ op: 'remove', path: '/x' }))),
      413,
      'Request entity too large: The allowed maximum operations in a JSON patch is 10000, got 10001',
    ],
  ])('refuses %.10s', async (body, code, message) => {
    const [status, , text] = await refused('json', body);
    expect([status, text]).toEqual([code, message]);
  });
});

describe('merge patch', () => {
  it('sets, replaces and removes', async () => {
    expect(await patchedData('merge', { data: { a: '9', b: null, c: '3' } })).toEqual({ a: '9', c: '3' });
  });

  it('knows no special names', async () => {
    const body = '{"data":{"constructor":"1","prototype":"2","z":"3"}}';
    expect(await patchedData('merge', body)).toEqual({
      a: '1',
      b: '2',
      constructor: '1',
      prototype: '2',
      z: '3',
    });
  });

  it('brings a default back where it removes', async () => {
    const api = await bench();
    await api.patch('merge', { ...w, body: { spec: { replicas: 5 } } });
    const { body } = await api.patch('merge', { ...w, body: { spec: { replicas: null } } });
    expect(body['spec']).toEqual({ size: 's', replicas: 1 });
  });

  it('keeps the resourceVersion when nothing changes', async () => {
    const { body } = await (await bench()).patch('merge', { ...c, body: { data: { a: '1' } } });
    expect(body['metadata']?.['resourceVersion']).toBe('3');
  });

  it('with a resourceVersion holds only for that version', async () => {
    expect(await refused('merge', { metadata: { resourceVersion: '2' } })).toEqual([
      409,
      'Conflict',
      'Operation cannot be fulfilled on configmaps "c": the object has been modified; please apply your changes to the latest version and try again',
    ]);
  });

  it.each([
    [
      '[1]',
      'error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}',
    ],
    ['{x', "error decoding patch: invalid character 'x' looking for beginning of object key string"],
    ['', 'error decoding patch: unexpected end of JSON input'],
    [
      { metadata: { name: 'other' } },
      'the name of the object (other) does not match the name on the URL (c)',
    ],
    [
      { metadata: { name: null } },
      'the name of the object (c based on URL) was undeterminable: name must be provided',
    ],
  ])('refuses %j', async (body, message) => {
    expect(await refused('merge', body)).toEqual([400, 'BadRequest', message]);
  });

  it('cannot change who the object is', async () => {
    const message = 'ConfigMap "c" is invalid: metadata.uid: Invalid value: "x": field is immutable';
    expect(await refused('merge', { metadata: { uid: 'x' } })).toEqual([422, 'Invalid', message]);
  });
});

describe('a patch after which the object does not decode', () => {
  it('is answered with the whole object, secrets included', async () => {
    const api = new TestApi();
    await api.create({
      resource: 'secrets',
      body: { metadata: { name: 's' }, data: { password: 'aHVudGVyMg==' } },
    });
    const answer = await api.patch('merge', { resource: 'secrets', name: 's', body: { data: { other: 5 } } });
    const shown = String.raw`\"data\":{\"password\":\"aHVudGVyMg==\",\"other\":5}`;
    const why = 'json: cannot unmarshal number into Go struct field Secret.data of type []uint8';
    expect(answer).toMatchObject({ status: 422, body: { reason: 'Invalid' } });
    expect(answer.body['message']).toMatch(
      /^ "" is invalid: patch: Invalid value: "\{\\"apiVersion\\":\\"v1\\",\\"data\\"/,
    );
    expect(answer.body['message']).toContain(shown);
    expect(answer.body['message']).toContain(why);
    expect(Object.keys(answer.body['details'] ?? {})).toEqual(['causes']);
    expect(answer.body['details']?.['causes']).toMatchObject([
      { field: 'patch', message: expect.stringContaining(shown) },
    ]);
  });

  it('shows it with its keys in order where it is a custom resource', async () => {
    const api = await bench();
    const answer = await api.patch('merge', {
      ...w,
      query: 'fieldValidation=Strict',
      body: { spec: { foo: 1 } },
    });
    const text = textOf(answer.body['message']);
    expect(text).toContain(
      String.raw`\"spec\":{\"foo\":1,\"replicas\":1,\"size\":\"s\"}}": strict decoding error: unknown field \"spec.foo\"`.replaceAll(
        String.raw`unknown field \"spec.foo\"`,
        'unknown field "spec.foo"',
      ),
    );
  });

  it('shows only the patch where that is a strategic one', async () => {
    expect(await refused('strategic', { data: { a: 1 } })).toEqual([
      422,
      'Invalid',
      ' "" is invalid: patch: Invalid value: "map[data:map[a:1]]": cannot convert int64 to string',
    ]);
    const [, , message] = await refused('strategic', { foo: [1, null] }, 'fieldValidation=Strict');
    expect(message).toBe(
      ' "" is invalid: patch: Invalid value: "map[foo:[1 <nil>]]": strict decoding error: unknown field "foo"',
    );
  });

  it('only warns about unknown fields otherwise', async () => {
    const { status, warnings } = await (await bench()).patch('merge', { ...c, body: { foo: 1 } });
    expect([status, ...warnings]).toEqual([200, 'unknown field "foo"']);
  });
});

describe('strategic merge patch', () => {
  it('merges lists by their keys', async () => {
    const api = new TestApi();
    const containers = [
      { name: 'a', image: 'one' },
      { name: 'b', image: 'two' },
    ];
    await api.create({ resource: 'pods', body: { metadata: { name: 'p' }, spec: { containers } } });
    const body = { spec: { containers: [{ name: 'b', image: 'three' }] } };
    const answer = await api.patch('strategic', { resource: 'pods', name: 'p', body });
    expect(answer.body['spec']?.['containers']).toMatchObject(containers.map(({ name }) => ({ name })));
    expect(answer.body['spec']?.['containers']).toMatchObject([{ image: 'one' }, { image: 'three' }]);
  });

  it('is not for custom resources, nor for their scale', async () => {
    const message =
      'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml';
    const api = await bench();
    for (const call of [w, { ...w, subresource: 'scale' }]) {
      expect(refusal(await api.patch('strategic', { ...call, body: {} }))).toEqual([
        415,
        'UnsupportedMediaType',
        message,
      ]);
    }
  });

  it('has messages without a prefix', async () => {
    const message = 'json: cannot unmarshal array into Go value of type map[string]interface {}';
    expect(await refused('strategic', '[]')).toEqual([400, 'BadRequest', message]);
  });
});

describe('patches', () => {
  it.each(['application/json', 'application/apply-patch+json', ''])(
    'of the media type %j are not known',
    async (type) => {
      const answer = await (await bench()).patch(type, { ...c, contentType: type, body: {} });
      expect(refusal(answer)).toEqual([415, 'UnsupportedMediaType', '415: Unsupported Media Type']);
    },
  );

  it('may have parameters behind their media type', async () => {
    const answer = await (
      await bench()
    ).patch('application/merge-patch+json; charset=utf-8', { ...c, body: {} });
    expect(answer.status).toBe(200);
  });

  it('need an object', async () => {
    const answer = await (await bench()).patch('merge', { resource: 'configmaps', name: 'nope', body: {} });
    expect(answer.status).toBe(404);
  });

  it('change nothing in a dry run', async () => {
    const api = await bench();
    const { body } = await api.patch('merge', { ...c, query: 'dryRun=All', body: { data: { a: '9' } } });
    expect(body['data']).toEqual({ a: '9', b: '2' });
    expect((await api.get(c)).body['data']).toEqual({ a: '1', b: '2' });
  });

  it('leave stored objects as they were for those who have them', async () => {
    const api = await bench();
    const before = await api.get(c);
    const copy = structuredClone(before.body);
    await api.patch('merge', { ...c, body: { data: { a: null } } });
    await api.patch('json', { ...c, body: [{ op: 'add', path: '/data/x', value: 'y' }] });
    expect(before.body).toEqual(copy);
  });
});
