import type { ApiClient } from './api.ts';
import { waitUntil } from './wait.ts';

const RBAC = '/apis/rbac.authorization.k8s.io/v1/namespaces/default';
const NAME = 'viewer';

/**
 * Lets the user `viewer` get, list and watch pods and configmaps in the namespace `default`. Beyond that it may do
 * what every authenticated user may: discovery, and asking what it is allowed to do.
 */
export async function grantViewer(api: ApiClient, signal: AbortSignal | undefined): Promise<void> {
  // The server makes this namespace a moment after it calls itself ready.
  const options = { timeoutMs: 30_000, signal };
  await waitUntil('namespace "default" exists', () => missingDefault(api), options);
  const apiVersion = 'rbac.authorization.k8s.io/v1';
  await api.create(`${RBAC}/roles`, {
    apiVersion,
    kind: 'Role',
    metadata: { name: NAME },
    rules: [{ apiGroups: [''], resources: ['pods', 'configmaps'], verbs: ['get', 'list', 'watch'] }],
  });
  await api.create(`${RBAC}/rolebindings`, {
    apiVersion,
    kind: 'RoleBinding',
    metadata: { name: NAME },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: NAME },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'viewer' }],
  });
}

async function missingDefault(api: ApiClient): Promise<string | undefined> {
  const { status } = await api.send({ path: '/api/v1/namespaces/default' });
  return status === 200 ? undefined : `status ${status}`;
}
