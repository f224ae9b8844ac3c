import { describe, expect, it } from 'vitest';
import { type Answer, refusal, TestApi } from './support.ts';

const SELF = 'selfsubjectaccessreviews';
const PODS = { verb: 'get', resource: 'pods' };

function ask(resource: string, body: unknown, query = ''): Promise<Answer> {
  return new TestApi().create({ resource, query, body });
}

describe('reviews', () => {
  it('say who the client is', async () => {
    const { status, body } = await ask('selfsubjectreviews', {});
    expect(status).toBe(201);
    expect(body['status']).toEqual({
      userInfo: { username: 'admin', uid: 'admin', groups: ['system:masters', 'system:authenticated'] },
    });
  });

  it('say what the client may do', async () => {
    const { status, body } = await ask(SELF, { spec: { resourceAttributes: PODS } });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes: PODS },
      status: { allowed: true },
    });
    const refused = await ask(SELF, { spec: { nonResourceAttributes: { verb: 'never', path: '/' } } });
    expect(refused.body['status']).toEqual({ allowed: false });
  });

  it('say what somebody else may do', async () => {
    const body = { spec: { user: 'bob', resourceAttributes: PODS } };
    expect((await ask('subjectaccessreviews', body)).body['status']).toEqual({ allowed: false });
    const local = { spec: { ...body.spec, resourceAttributes: { ...PODS, namespace: 'demo' } } };
    const answer = await ask('localsubjectaccessreviews', local);
    expect(answer.body).toMatchObject({ metadata: { namespace: 'demo' }, status: { allowed: false } });
  });

  it('list what the client may do in a namespace', async () => {
    const { body } = await ask('selfsubjectrulesreviews', { spec: { namespace: 'demo' } });
    expect(body['status']).toMatchObject({ resourceRules: [{ resources: ['pods'] }], incomplete: false });
  });

  it('say whose a token is', async () => {
    const known = await ask('tokenreviews', { spec: { token: 'admin-token' } });
    expect(known.body['status']).toMatchObject({ authenticated: true, user: { username: 'admin' } });
    const unknown = await ask('tokenreviews', { spec: { token: 'nope' } });
    expect(unknown.body['status']).toEqual({ user: {}, error: 'invalid bearer token' });
  });

  it('leave nothing behind', async () => {
    const api = new TestApi();
    const before = api.cluster.store.revision;
    await api.create({ resource: SELF, body: { spec: { resourceAttributes: PODS } } });
    expect(api.cluster.store.revision).toBe(before);
  });

  it.each([
    [
      SELF,
      {},
      'spec.resourceAttributes: Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified',
    ],
    [
      SELF,
      { spec: { resourceAttributes: PODS, nonResourceAttributes: { path: '/', verb: 'get' } } },
      'spec.nonResourceAttributes: Invalid value: {"Path":"/","Verb":"get"}: cannot be specified in combination with resourceAttributes',
    ],
    [
      'subjectaccessreviews',
      { spec: { resourceAttributes: PODS } },
      'spec.user: Invalid value: "": at least one of user or group must be specified',
    ],
    [
      'localsubjectaccessreviews',
      { spec: { user: 'bob', resourceAttributes: PODS } },
      'spec.resourceAttributes.namespace: Invalid value: "": must match metadata.namespace',
    ],
  ])('of %s refuse %j', async (resource, body, reason) => {
    const answer = await ask(resource, body);
    expect(refusal(answer)).toEqual([422, 'Invalid', `.authorization.k8s.io "" is invalid: ${reason}`]);
    expect(answer.body['details']).toMatchObject({ group: 'authorization.k8s.io' });
  });

  it.each([
    ['selfsubjectrulesreviews', 'no namespace on request'],
    ['tokenreviews', 'token is required for TokenReview in authentication'],
  ])('of %s need to know about what', async (resource, message) => {
    expect(refusal(await ask(resource, {}))).toEqual([400, 'BadRequest', message]);
  });

  it('are asked by creating, and cannot be read', async () => {
    expect((await new TestApi().list({ resource: SELF })).status).toBe(405);
  });
});
