import { expect, test } from 'vitest';
import type { KubeObject } from '../../../../demo/api/object.ts';
import { ServerAccess } from '../../../../demo/http/access.ts';
import { bootstrapPolicy } from '../../../../demo/http/bootstrap-policy.ts';
import type { PolicyRule } from '../../../../demo/http/rbac.ts';
import type { AccessAttributes } from '../../../../demo/verbs/authorization.ts';
import type { User } from '../../../../demo/verbs/request.ts';
import { fakeStore } from './fake-store.ts';
import { TestClock } from '../support/test-clock.ts';
import { registry, startServer, storageKeyOf } from './support.ts';

const VIEWER: User = { name: 'viewer', groups: ['system:authenticated'] };
const ROBOT: User = { name: 'system:serviceaccount:a:robot', groups: ['system:serviceaccounts:a'] };

function accessWith(...objects: readonly KubeObject[]): ServerAccess {
  const store = fakeStore();
  for (const object of [...bootstrapPolicy(), ...objects]) store.insert(storageKeyOf(object), object);
  return new ServerAccess({ store, registry, clock: new TestClock() });
}

function on(
  resource: string,
  rest: Partial<Extract<AccessAttributes, { kind: 'resource' }>> = {},
): AccessAttributes {
  const none = { group: '', version: 'v1', subresource: '', namespace: 'default', name: '' };
  return { kind: 'resource', verb: 'get', resource, ...none, ...rest };
}

function role(rules: readonly PolicyRule[]): KubeObject {
  const metadata = { name: 'r', namespace: 'a' };
  return { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata, rules };
}

function binding(subject: Readonly<Record<string, string>>): KubeObject {
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name: 'b', namespace: 'a' },
    subjects: [subject],
    roleRef: { kind: 'Role', name: 'r' },
  };
}

const ROBOT_SUBJECT = { kind: 'ServiceAccount', name: 'robot' };

test('a grant names the binding, the role and whom it binds', () => {
  expect(accessWith().authorize(VIEWER, on('pods'))).toEqual({
    allowed: true,
    reason: 'RBAC: allowed by RoleBinding "viewer/default" of Role "viewer" to User "viewer"',
  });
});

test('a refusal has no reason', () => {
  expect(accessWith().authorize(VIEWER, on('secrets'))).toEqual({ allowed: false });
});

test.each([
  ['another namespace', on('pods', { namespace: 'other' })],
  ['all namespaces', on('pods', { namespace: '' })],
  ['another verb', on('pods', { verb: 'delete' })],
  ['a subresource', on('pods', { subresource: 'log' })],
  ['another group', on('pods', { group: 'metrics.k8s.io' })],
  ['a path beyond discovery', { kind: 'path', verb: 'get', path: '/metrics' } as const],
  ['a write to discovery', { kind: 'path', verb: 'post', path: '/apis' } as const],
])('the viewer’s role does not reach to %s', (_, attributes) => {
  expect(accessWith().authorize(VIEWER, attributes).allowed).toBe(false);
});

test('every user may look at discovery, by a pattern', () => {
  expect(accessWith().authorize(VIEWER, { kind: 'path', verb: 'get', path: '/apis/apps/v1' })).toEqual({
    allowed: true,
    reason:
      'RBAC: allowed by ClusterRoleBinding "system:discovery" of ClusterRole "system:discovery" to Group "system:authenticated"',
  });
});

test('members of system:masters need no role, and get no reason', () => {
  const admin = { name: 'anybody', groups: ['system:masters'] };
  expect(accessWith().authorize(admin, on('secrets', { verb: 'delete' }))).toEqual({ allowed: true });
});

test('a service account is bound in the binding’s namespace where none is named', () => {
  const access = accessWith(
    role([{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }]),
    binding(ROBOT_SUBJECT),
  );
  const decision = access.authorize(ROBOT, on('secrets', { namespace: 'a', verb: 'patch' }));
  expect(decision).toMatchObject({
    allowed: true,
    reason: expect.stringContaining('to ServiceAccount "robot/a"'),
  });
});

test('a rule with names holds for these objects only', () => {
  const rules = [{ verbs: ['get'], apiGroups: [''], resources: ['secrets'], resourceNames: ['mine'] }];
  const access = accessWith(role(rules), binding(ROBOT_SUBJECT));
  expect(access.authorize(ROBOT, on('secrets', { namespace: 'a', name: 'mine' })).allowed).toBe(true);
  expect(access.authorize(ROBOT, on('secrets', { namespace: 'a', name: 'other' })).allowed).toBe(false);
  expect(access.authorize(ROBOT, on('secrets', { namespace: 'a' })).allowed).toBe(false);
});

test('a subresource of anything can be granted', () => {
  const access = accessWith(
    role([{ verbs: ['get'], apiGroups: ['apps'], resources: ['*/scale'] }]),
    binding(ROBOT_SUBJECT),
  );
  const scale = on('deployments', { group: 'apps', namespace: 'a', subresource: 'scale' });
  expect(access.authorize(ROBOT, scale).allowed).toBe(true);
  expect(access.authorize(ROBOT, on('deployments', { group: 'apps', namespace: 'a' })).allowed).toBe(false);
});

test('rules reviews list what holds in a namespace', () => {
  const { resourceRules, nonResourceRules } = accessWith().rulesOf(VIEWER, 'default');
  expect(resourceRules).toContainEqual({
    verbs: ['get', 'list', 'watch'],
    apiGroups: [''],
    resources: ['pods', 'configmaps'],
  });
  expect(nonResourceRules.map(({ nonResourceURLs }) => nonResourceURLs)).toContainEqual(
    expect.arrayContaining(['/apis/*']),
  );
  const elsewhere = accessWith().rulesOf(VIEWER, 'other').resourceRules;
  expect(elsewhere.flatMap(({ resources }) => resources)).not.toContain('pods');
});

test('a token of a service account is good until it expires', () => {
  const clock = new TestClock();
  const access = new ServerAccess({ store: fakeStore(), registry, clock });
  const token = access.issueServiceAccountToken('a', 'robot', clock.now() + 1000);
  expect(access.authenticate(token)).toEqual({
    name: 'system:serviceaccount:a:robot',
    groups: ['system:serviceaccounts', 'system:serviceaccounts:a', 'system:authenticated'],
  });
  clock.advance(1000);
  expect(access.authenticate(token)).toBeUndefined();
});

test.each([
  [
    '/apis/apps/v1/namespaces/default/deployments/d',
    'deployments.apps "d" is forbidden: User "viewer" cannot get resource "deployments" in API group "apps" in the namespace "default"',
    { name: 'd', group: 'apps', kind: 'deployments' },
  ],
  [
    '/api/v1/nodes?watch=1',
    'nodes is forbidden: User "viewer" cannot watch resource "nodes" in API group "" at the cluster scope',
    { kind: 'nodes' },
  ],
  [
    '/api/v1/namespaces/default/pods/p/log',
    'pods "p" is forbidden: User "viewer" cannot get resource "pods/log" in API group "" in the namespace "default"',
    { name: 'p', kind: 'pods' },
  ],
  [
    '/api/v1/namespaces/a/pods?fieldSelector=metadata.name%3Dp',
    'pods "p" is forbidden: User "viewer" cannot list resource "pods" in API group "" in the namespace "a"',
    { name: 'p', kind: 'pods' },
  ],
  ['/metrics', 'forbidden: User "viewer" cannot get path "/metrics"', {}],
])('the refusal of %s is in the real server’s words', async (path, message, details) => {
  const { api, send } = await startServer();
  const answer = await send(path, { token: api.tokens.viewer });
  expect(answer.status).toBe(403);
  expect(answer.json()).toEqual({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    reason: 'Forbidden',
    details,
    code: 403,
  });
});

test('what does not exist is forbidden as well, so that nobody can look for it', async () => {
  const { api, send } = await startServer();
  expect((await send('/apis/nope.io/v1/foos', { token: api.tokens.viewer })).status).toBe(403);
});

test('the admin can act as another user, who then is refused', async () => {
  const { send } = await startServer();
  const answer = await send('/api/v1/nodes', { headers: { 'impersonate-user': 'bob' } });
  expect(answer.json()['message']).toContain('User "bob" cannot list resource "nodes"');
});

test('a group can be acted for only together with a user', async () => {
  const { send } = await startServer();
  const as = { 'impersonate-user': 'bob', 'impersonate-group': 'system:masters' };
  expect((await send('/api/v1/nodes', { headers: as })).status).toBe(200);
  const nobody = await send('/api/v1/nodes', { headers: { 'impersonate-group': 'x' } });
  expect([nobody.status, nobody.headers['x-content-type-options']]).toEqual([400, 'nosniff']);
});

test('a uid and extra values are acted for too, and not without a user', async () => {
  const users: User[] = [];
  const { send } = await startServer(async (_, { user }) => {
    users.push(user);
    return { kind: 'object', status: 200, object: { kind: 'Node', apiVersion: 'v1', metadata: {} } };
  });
  const more = { 'impersonate-uid': 'u', 'impersonate-extra-foo%2fbar': 'x' };
  const bob = { 'impersonate-user': 'bob', 'impersonate-group': 'system:masters' };
  await send('/api/v1/nodes/n', { headers: { ...bob, ...more } });
  expect(users).toEqual([
    {
      name: 'bob',
      groups: ['system:masters', 'system:authenticated'],
      uid: 'u',
      extra: { 'foo/bar': ['x'] },
    },
  ]);
  const nobody = await send('/api/v1/nodes/n', { headers: more });
  expect([nobody.status, nobody.json()['message']]).toEqual([
    400,
    'requested &user.DefaultInfo{Name:"", UID:"u", Groups:[]string(nil), Extra:map[string][]string{"foo/bar":[]string{"x"}}} without impersonating a user name',
  ]);
});

test('who may not act for others is refused in the name of the request', async () => {
  const { api, send } = await startServer();
  const answer = await send('/api/v1/nodes', {
    token: api.tokens.viewer,
    headers: { 'impersonate-user': 'bob' },
  });
  expect(answer.json()['message']).toBe(
    'nodes is forbidden: User "viewer" cannot impersonate-on:user-info:list resource "nodes" in API group "" at the cluster scope',
  );
});
