import { describe, expect, it } from 'vitest';
import { refusal, TestApi, textOf } from './support.ts';

const configmaps = { resource: 'configmaps' };
const WIDGET = { apiVersion: 'example.com/v1', kind: 'Widget' };

describe('what create refuses', () => {
  it('a name that is taken, or not free yet', async () => {
    const api = new TestApi();
    const body = { metadata: { name: 'a', finalizers: ['example.com/x'] } };
    await api.create({ ...configmaps, body });
    const answer = await api.create({ ...configmaps, body });
    expect(refusal(answer)).toEqual([409, 'AlreadyExists', 'configmaps "a" already exists']);
    expect(answer.body['details']).toEqual({ name: 'a', kind: 'configmaps' });
    await api.delete({ ...configmaps, name: 'a' });
    const message = 'object is being deleted: configmaps "a" already exists';
    expect(refusal(await api.create({ ...configmaps, body }))).toEqual([409, 'AlreadyExists', message]);
  });

  it('a namespace that is not there', async () => {
    const answer = await new TestApi().create({
      ...configmaps,
      namespace: 'nope',
      body: { metadata: { name: 'a' } },
    });
    expect(refusal(answer)).toEqual([404, 'NotFound', 'namespaces "nope" not found']);
    expect(answer.body['details']).toEqual({ name: 'nope', kind: 'namespaces' });
  });

  it('a namespace that is about to go', async () => {
    const api = new TestApi();
    await api.delete({ resource: 'namespaces', name: 'demo' });
    const answer = await api.create({ ...configmaps, body: { metadata: { name: 'a' } } });
    expect(refusal(answer)).toEqual([
      403,
      'Forbidden',
      'configmaps "a" is forbidden: unable to create new content in namespace demo because it is being terminated',
    ]);
    expect(answer.body['details']).toMatchObject({ causes: [{ reason: 'NamespaceTerminating' }] });
  });

  it('a resourceVersion, with a 500 without a reason; in a dry run it passes', async () => {
    const api = new TestApi();
    const body = { metadata: { name: 'a', resourceVersion: '5' } };
    const message = 'resourceVersion should not be set on objects to be created';
    expect(refusal(await api.create({ ...configmaps, body }))).toEqual([500, undefined, message]);
    expect((await api.create({ ...configmaps, query: 'dryRun=All', body })).status).toBe(201);
  });

  it('an object of another namespace', async () => {
    const answer = await new TestApi().create({
      ...configmaps,
      body: { metadata: { name: 'a', namespace: 'other' } },
    });
    const message = 'the namespace of the provided object does not match the namespace sent on the request';
    expect(refusal(answer)).toEqual([400, 'BadRequest', message]);
  });

  it('metadata that breaks the rules, one cause for each', async () => {
    const metadata = {
      name: 'A_',
      labels: { 'a b': 'c d' },
      ownerReferences: [{ apiVersion: 'v1', kind: 'X', name: '', uid: '3' }],
      finalizers: ['foo'],
    };
    const answer = await new TestApi().create({ ...configmaps, body: { metadata } });
    expect(answer).toMatchObject({
      status: 422,
      body: {
        reason: 'Invalid',
        details: {
          name: 'A_',
          kind: 'ConfigMap',
          causes: [
            { reason: 'FieldValueInvalid', field: 'metadata.name' },
            {
              field: 'metadata.labels',
              message: expect.stringContaining('"a b": name part must consist of'),
            },
            { field: 'metadata.labels', message: expect.stringContaining('"c d": a valid label must be') },
            { field: 'metadata.ownerReferences.name', message: 'Invalid value: "": must not be empty' },
            { field: 'metadata.finalizers[0]' },
          ],
        },
      },
    });
  });

  it('no name at all', async () => {
    const answer = await new TestApi().create({ ...configmaps, body: {} });
    const message =
      'ConfigMap "" is invalid: metadata.name: Required value: name or generateName is required';
    expect(refusal(answer)).toEqual([422, 'Invalid', message]);
  });

  it('names that are good elsewhere', async () => {
    const api = new TestApi();
    const namespace = await api.create({ resource: 'namespaces', body: { metadata: { name: 'a.b' } } });
    expect(namespace.body['message']).toContain('a lowercase RFC 1123 label must consist of');
    const role = await api.create({
      resource: 'clusterroles',
      body: { metadata: { name: 'system:any_Thing' } },
    });
    expect(role.status).toBe(201);
  });

  it.each([
    ['', `couldn't get version/kind; json parse error: unexpected end of JSON input (<empty>)`],
    ['{"a"', `couldn't get version/kind; json parse error: unexpected end of JSON input ({"a")`],
    [
      '{a}',
      `couldn't get version/kind; json parse error: invalid character 'a' looking for beginning of object key string ({a})`,
    ],
    ['[]', /^couldn't get version\/kind; json parse error: json: cannot unmarshal array .*\(5b5d\)$/],
  ])('the body %j', async (body, why) => {
    const answer = await new TestApi().create({ ...configmaps, body });
    const start = 'the object provided is unrecognized (must be of type ConfigMap): ';
    const message = textOf(answer.body['message']);
    expect([answer.status, message.startsWith(start)]).toEqual([400, true]);
    expect(message.slice(start.length)).toEqual(typeof why === 'string' ? why : expect.stringMatching(why));
  });

  it.each([
    [
      { apiVersion: 'v1', kind: 'Secret' },
      'Secret in version "v1" cannot be handled as a ConfigMap: converting (v1.Secret) to (core.ConfigMap): unknown conversion',
    ],
    [
      { apiVersion: 'v2', kind: 'ConfigMap' },
      'ConfigMap in version "v2" cannot be handled as a ConfigMap: no kind "ConfigMap" is registered for version "v2" in scheme "pkg/runtime/scheme.go:111"',
    ],
  ])('a built-in of another kind: %j', async (body, message) => {
    expect(refusal(await new TestApi().create({ ...configmaps, body }))).toEqual([
      400,
      'BadRequest',
      message,
    ]);
  });

  it.each([
    [
      {},
      400,
      `the object provided is unrecognized (must be of type Widget): Object 'Kind' is missing in '{}' ({})`,
    ],
    [
      { kind: 'Widget' },
      400,
      'the API version in the data () does not match the expected API version (example.com/v1)',
    ],
    [
      { apiVersion: 'example.com/v1', kind: 'Foo', metadata: { name: 'w' } },
      422,
      'Foo.example.com "w" is invalid: kind: Invalid value: "Foo": must be Widget',
    ],
  ])('a custom resource of another kind: %j', async (body, code, message) => {
    const answer = await new TestApi().create({ resource: 'widgets', body });
    expect([answer.status, answer.body['message']]).toEqual([code, message]);
  });

  it('media types it does not know', async () => {
    const answer = await new TestApi().create({ ...configmaps, contentType: 'text/plain', body: {} });
    expect(refusal(answer)).toEqual([
      415,
      'UnsupportedMediaType',
      'the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf',
    ]);
  });

  it('an object that is too large for etcd', async () => {
    const api = new TestApi();
    const spec = { size: 's' };
    const metadata = { name: 'w', managedFields: undefined };
    const status = { phase: 'x'.repeat(1_600_000) };
    await api.create({ resource: 'widgets', body: { ...WIDGET, metadata, spec } });
    const answer = await api.patch('merge', {
      resource: 'widgets',
      name: 'w',
      subresource: 'status',
      body: { status },
    });
    expect(refusal(answer)).toEqual([500, undefined, 'etcdserver: request is too large']);
  });

  it('options that make no sense', async () => {
    const api = new TestApi();
    const ask = async (query: string): Promise<unknown> =>
      (await api.create({ ...configmaps, query, body: { metadata: { name: 'a' } } })).body['message'];
    const start = 'CreateOptions.meta.k8s.io "" is invalid: ';
    expect(await ask('dryRun=all')).toBe(
      `${start}dryRun: Unsupported value: ["all"]: supported values: "All"`,
    );
    expect(await ask('fieldManager=a%0ab')).toBe(
      String.raw`${start}fieldManager: Invalid value: "a\nb": invalid character U+000A (at position 1)`,
    );
    expect(await ask(`fieldManager=${'a'.repeat(129)}`)).toBe(
      `${start}fieldManager: Too long: may not be more than 128 bytes`,
    );
    expect(await ask('fieldValidation=strict')).toBe(
      `${start}fieldValidation: Unsupported value: "strict": supported values: "", "Ignore", "Strict", "Warn"`,
    );
  });

  it('creation over all namespaces', async () => {
    const answer = await new TestApi().create({
      ...configmaps,
      namespace: null,
      body: { metadata: { name: 'a' } },
    });
    expect(refusal(answer)).toEqual([
      405,
      'MethodNotAllowed',
      'the server does not allow this method on the requested resource',
    ]);
  });
});
