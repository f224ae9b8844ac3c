import { describe, expect, it } from 'vitest';
import { at, listAt, textAt } from '../real/support/exact-json.ts';
import { admin, viewer } from './support/api.ts';
import { serverUnderTest } from './support/context.ts';
import { newNamespace, uniqueName } from './support/namespace.ts';
import { bodyOf, configMap, created } from './support/objects.ts';
import { watch } from './support/watch.ts';

const namespace = await newNamespace();
const MAPS = `/api/v1/namespaces/${namespace}/configmaps`;
const DEFAULT_MAPS = '/api/v1/namespaces/default/configmaps';
const REVIEWS = '/apis/authorization.k8s.io/v1';
for (const name of ['named', 'other']) await created(MAPS, configMap(name));

/** Lets the viewer do something in this suite's namespace. */
async function allow(rule: object): Promise<void> {
  const name = uniqueName();
  const path = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}`;
  const apiVersion = 'rbac.authorization.k8s.io/v1';
  await created(`${path}/roles`, { apiVersion, kind: 'Role', metadata: { name }, rules: [rule] });
  await created(`${path}/rolebindings`, {
    apiVersion,
    kind: 'RoleBinding',
    metadata: { name },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'viewer' }],
  });
}

describe('the viewer', () => {
  it.each(['pods', 'configmaps'])('reads %s in the namespace default', async (resource) => {
    const path = `/api/v1/namespaces/default/${resource}`;
    expect((await viewer.get(path)).status).toBe(200);
    expect((await viewer.get(path, { watch: true, timeoutSeconds: 1 })).status).toBe(200);
  });

  it.each([
    ['writes there', 'POST', DEFAULT_MAPS],
    ['deletes there', 'DELETE', `${DEFAULT_MAPS}/kube-root-ca.crt`],
    ['reads secrets there', 'GET', '/api/v1/namespaces/default/secrets'],
    ['reads in other namespaces', 'GET', '/api/v1/namespaces/kube-system/pods'],
    ['reads in all namespaces at once', 'GET', '/api/v1/pods'],
    ['reads nodes', 'GET', '/api/v1/nodes'],
    ['reads logs', 'GET', '/api/v1/namespaces/default/pods/p/log'],
  ] as const)('does not: %s', async (_, method, path) => {
    const body = method === 'POST' ? { body: configMap('x') } : {};
    expect(await viewer.send(method, path, body)).toMatchObject({
      status: 403,
      json: { reason: 'Forbidden', code: 403 },
    });
  });

  it('gets what it is given, at once', async () => {
    const path = `/api/v1/namespaces/${namespace}/secrets`;
    expect((await viewer.get(path)).status).toBe(403);
    await allow({ apiGroups: [''], resources: ['secrets'], verbs: ['list'] });
    const answer = await untilAllowed(path);
    expect(at(answer.json, 'kind')).toBe('SecretList');
  });

  it('may be given single objects: to get, and to list and watch by name', async () => {
    await allow({
      apiGroups: [''],
      resources: ['configmaps'],
      resourceNames: ['named'],
      verbs: ['get', 'list', 'watch'],
    });
    await untilAllowed(`${MAPS}/named`);
    const query = { fieldSelector: 'metadata.name=named' };
    expect(listAt(bodyOf(await viewer.get(MAPS, query)), 'items')).toHaveLength(1);
    expect(await (await watch(MAPS, { query }, viewer)).next()).toMatchObject({
      type: 'ADDED',
      name: 'named',
    });
    expect((await viewer.get(`${MAPS}/other`)).status).toBe(403);
    expect((await viewer.get(MAPS)).status).toBe(403);
  });

  async function untilAllowed(path: string) {
    // The real server's caches follow within milliseconds.
    for (;;) {
      const answer = await viewer.get(path);
      if (answer.status !== 403) return answer;
    }
  }
});

describe('asking what is allowed', () => {
  const ask = (api: typeof viewer, spec: object) =>
    api.post(`${REVIEWS}/selfsubjectaccessreviews`, {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec,
    });
  const inDefault = (attributes: object) => ({
    resourceAttributes: { namespace: 'default', resource: 'pods', verb: 'list', ...attributes },
  });

  it('answers 201 and yes, with the binding that grants it', async () => {
    expect(await ask(viewer, inDefault({}))).toMatchObject({
      status: 201,
      json: {
        kind: 'SelfSubjectAccessReview',
        status: {
          allowed: true,
          reason: 'RBAC: allowed by RoleBinding "viewer/default" of Role "viewer" to User "viewer"',
        },
      },
    });
  });

  it.each([
    ['another verb', inDefault({ verb: 'delete' })],
    ['another namespace', inDefault({ namespace: 'kube-system' })],
    ['all namespaces', inDefault({ namespace: '' })],
    ['another resource', inDefault({ resource: 'secrets' })],
    ['a subresource', inDefault({ subresource: 'log', verb: 'get' })],
    ['another group', inDefault({ group: 'apps' })],
    ['a path', { nonResourceAttributes: { path: '/metrics', verb: 'get' } }],
  ])('answers 201 and no without more: %s', async (_, spec) => {
    const answer = await ask(viewer, spec);
    expect(answer.status).toBe(201);
    expect(at(answer.json, 'status')).toEqual({ allowed: false });
  });

  it.each([
    ['a path that everybody may read', { nonResourceAttributes: { path: '/apis/apps', verb: 'get' } }],
    ['a name in what is allowed anyway', inDefault({ verb: 'get', name: 'p' })],
  ])('answers yes: %s', async (_, spec) => {
    expect(at((await ask(viewer, spec)).json, 'status', 'allowed')).toBe(true);
  });

  it('allows the admin everything, without a reason', async () => {
    const answer = await ask(admin, inDefault({ verb: 'anything', group: 'no.such.group' }));
    expect(at(answer.json, 'status')).toEqual({ allowed: true });
  });

  it('is refused without a question', async () => {
    expect(await ask(viewer, {})).toMatchObject({ status: 422, json: { reason: 'Invalid' } });
  });

  it('can be done for others, by who may', async () => {
    const spec = { user: 'viewer', ...inDefault({}) };
    const body = { apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview', spec };
    expect(await admin.post(`${REVIEWS}/subjectaccessreviews`, body)).toMatchObject({
      status: 201,
      json: { status: { allowed: true } },
    });
    expect((await viewer.post(`${REVIEWS}/subjectaccessreviews`, body)).status).toBe(403);
  });

  it('lists the rules of a namespace', async () => {
    const body = {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectRulesReview',
      spec: { namespace: 'default' },
    };
    const { status, json } = await viewer.post(`${REVIEWS}/selfsubjectrulesreviews`, body);
    expect(status).toBe(201);
    expect(at(json, 'status', 'incomplete')).toBe(false);
    expect(listAt(json, 'status', 'resourceRules')).toContainEqual({
      verbs: ['get', 'list', 'watch'],
      apiGroups: [''],
      resources: ['pods', 'configmaps'],
    });
    expect(listAt(json, 'status', 'nonResourceRules').length).toBeGreaterThan(0);
  });
});

describe('asking whose a token is', () => {
  const review = (token: string) =>
    admin.post('/apis/authentication.k8s.io/v1/tokenreviews', {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenReview',
      spec: { token },
    });

  it('answers the user', async () => {
    expect(await review(serverUnderTest().tokens.viewer)).toMatchObject({
      status: 201,
      json: {
        status: { authenticated: true, user: { username: 'viewer', groups: ['system:authenticated'] } },
      },
    });
  });

  it('answers nothing for a wrong one', async () => {
    const { status, json } = await review('wrong');
    expect(status).toBe(201);
    expect(at(json, 'status', 'authenticated')).toBeUndefined();
    expect(at(json, 'status', 'user')).toEqual({});
  });
});

describe('asking who one is', () => {
  const whoAmI = (api: typeof viewer, headers = {}) =>
    api.post(
      '/apis/authentication.k8s.io/v1/selfsubjectreviews',
      { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' },
      { headers },
    );

  it('answers the name and the groups', async () => {
    expect(at((await whoAmI(viewer)).json, 'status', 'userInfo')).toMatchObject({
      username: 'viewer',
      groups: ['system:authenticated'],
    });
    expect(listAt((await whoAmI(admin)).json, 'status', 'userInfo', 'groups')).toContain('system:masters');
  });

  it('answers whom one impersonates', async () => {
    const headers = {
      'impersonate-user': 'jane',
      'impersonate-group': ['devs', 'ops'],
      'impersonate-extra-foo%2fbar': 'x',
    };
    expect(at((await whoAmI(admin, headers)).json, 'status', 'userInfo')).toMatchObject({
      username: 'jane',
      groups: ['devs', 'ops', 'system:authenticated'],
      extra: { 'foo/bar': ['x'] },
    });
  });

  it('is refused for groups without a user, and for who may not', async () => {
    expect((await whoAmI(admin, { 'impersonate-group': 'devs' })).status).toBe(400);
    const refused = await whoAmI(viewer, { 'impersonate-user': 'jane' });
    expect(refused).toMatchObject({ status: 403, json: { reason: 'Forbidden' } });
    expect(textAt(refused.json, 'message')).toContain('impersonate');
  });
});
