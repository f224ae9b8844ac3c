import { describe, expect, it } from 'vitest';
import { at, listAt, textAt } from '../real/support/exact-json.ts';
import { admin } from './support/api.ts';
import { newNamespace } from './support/namespace.ts';
import { configMap, created, deployment, unscheduledPod } from './support/objects.ts';

const namespace = await newNamespace();
const MAPS = `/api/v1/namespaces/${namespace}/configmaps`;
const PODS = `/api/v1/namespaces/${namespace}/pods`;
const DEPLOYMENTS = `/apis/apps/v1/namespaces/${namespace}/deployments`;

describe('a create that is refused', () => {
  it('because the name is taken', async () => {
    await created(MAPS, configMap('taken'));
    expect((await admin.post(MAPS, configMap('taken'))).json).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: 'configmaps "taken" already exists',
      reason: 'AlreadyExists',
      details: { name: 'taken', kind: 'configmaps' },
      code: 409,
    });
  });

  it('because one that is being deleted has the name', async () => {
    await created(MAPS, configMap('going', {}, { finalizers: ['example.com/wait'] }));
    await admin.delete(`${MAPS}/going`);
    const answer = await admin.post(MAPS, configMap('going'));
    expect(answer).toMatchObject({
      status: 409,
      json: {
        reason: 'AlreadyExists',
        message: 'object is being deleted: configmaps "going" already exists',
      },
    });
    await admin.patch(`${MAPS}/going`, 'application/merge-patch+json', { metadata: { finalizers: null } });
  });

  it('because the namespace does not exist', async () => {
    expect(await admin.post('/api/v1/namespaces/no-such-namespace/configmaps', configMap('a'))).toMatchObject(
      {
        status: 404,
        json: {
          reason: 'NotFound',
          message: 'namespaces "no-such-namespace" not found',
          details: { name: 'no-such-namespace', kind: 'namespaces' },
        },
      },
    );
  });

  it.each([
    [
      'of another version',
      { ...configMap('x'), apiVersion: 'v2' },
      /^ConfigMap in version "v2" cannot be handled as a ConfigMap: /,
    ],
    [
      'of another kind',
      { ...configMap('x'), kind: 'Secret' },
      /^Secret in version "v1" cannot be handled as a ConfigMap: /,
    ],
    [
      'of another namespace',
      configMap('x', {}, { namespace: 'default' }),
      /^the namespace of the provided object does not match the namespace sent on the request$/,
    ],
    [
      'that is no JSON',
      '{',
      /^the object provided is unrecognized \(must be of type ConfigMap\): couldn't get version\/kind; json parse error: unexpected end of JSON input/,
    ],
    [
      'with text for a map',
      '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"x"},"data":"k"}',
      /^ConfigMap in version "v1" cannot be handled as a ConfigMap: json: cannot unmarshal string into Go struct field ConfigMap\.data of type map\[string\]string$/,
    ],
  ])('because the body is %s', async (_, body, message) => {
    const { status, json } = await admin.post(MAPS, body);
    expect(status).toBe(400);
    expect(at(json, 'reason')).toBe('BadRequest');
    expect(textAt(json, 'message')).toMatch(message);
  });

  it('because there is no name', async () => {
    const { status, json } = await admin.post(MAPS, { apiVersion: 'v1', kind: 'ConfigMap', metadata: {} });
    expect(status).toBe(422);
    expect(json).toMatchObject({
      reason: 'Invalid',
      message: expect.stringContaining(
        'metadata.name: Required value: name or generateName is required',
      ) as string,
    });
  });

  it('because fields are invalid, each with a cause', async () => {
    const bad = deployment('Bad_Name', { replicas: -1, selector: { matchLabels: { app: 'other' } } });
    const { status, json } = await admin.post(DEPLOYMENTS, bad);
    expect(status).toBe(422);
    expect(json).toMatchObject({
      reason: 'Invalid',
      details: { name: 'Bad_Name', group: 'apps', kind: 'Deployment' },
    });
    const fields = listAt(json, 'details', 'causes').map(
      (cause) => `${textAt(cause, 'reason')} ${textAt(cause, 'field')}`,
    );
    expect(fields).toEqual([
      'FieldValueInvalid metadata.name',
      'FieldValueInvalid spec.replicas',
      'FieldValueInvalid spec.template.metadata.labels',
    ]);
  });

  it.each([
    ['no containers', { containers: [] }, 'FieldValueRequired', 'spec.containers'],
    [
      'two containers of one name',
      {
        containers: [
          { name: 'a', image: 'i' },
          { name: 'a', image: 'i' },
        ],
      },
      'FieldValueDuplicate',
      'spec.containers[1].name',
    ],
    [
      'a restart policy that does not exist',
      { restartPolicy: 'Sometimes' },
      'FieldValueNotSupported',
      'spec.restartPolicy',
    ],
    ['no image', { containers: [{ name: 'a' }] }, 'FieldValueRequired', 'spec.containers[0].image'],
  ])('because a pod has %s', async (_, spec, reason, field) => {
    expect(await admin.post(PODS, unscheduledPod('bad', spec))).toMatchObject({
      status: 422,
      json: {
        reason: 'Invalid',
        details: {
          name: 'bad',
          kind: 'Pod',
          causes: expect.arrayContaining([expect.objectContaining({ reason, field })]) as object,
        },
      },
    });
  });

  it('because the name has characters that names have not', async () => {
    const { json } = await admin.post(MAPS, configMap('Upper'));
    expect(textAt(json, 'message')).toMatch(
      /^ConfigMap "Upper" is invalid: metadata\.name: Invalid value: "Upper": a lowercase RFC 1123 subdomain must consist of/,
    );
  });

  it('because it is too large', async () => {
    const answer = await admin.post(MAPS, configMap('huge', { k: 'x'.repeat(4 * 1024 * 1024) }));
    expect(answer).toMatchObject({
      status: 413,
      json: {
        reason: 'RequestEntityTooLarge',
        message: expect.stringContaining('limit is 3145728') as string,
      },
    });
  });

  it('because a config map holds more than a mebibyte', async () => {
    const answer = await admin.post(MAPS, configMap('large', { k: 'x'.repeat(1_100_000) }));
    expect(answer).toMatchObject({
      status: 422,
      json: { details: { causes: [{ reason: 'FieldValueTooLong' }] } },
    });
  });

  it('because the field manager has a name that is too long', async () => {
    expect(
      await admin.post(MAPS, configMap('x'), { query: { fieldManager: 'm'.repeat(129) } }),
    ).toMatchObject({
      status: 422,
      json: { details: { causes: [{ field: 'fieldManager' }] } },
    });
  });
});
