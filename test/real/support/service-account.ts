import type { Kubectl } from './kubectl.ts';

/** What somebody may do, as in a Role of Kubernetes' own group without names: `get pods/log`. */
export type Permission = `${string} ${string}`;

/** A token of a new ServiceAccount that may do so much in its namespace, and no more. It goes with the namespace. */
export async function serviceAccountToken(
  kubectl: Kubectl,
  namespace: string,
  name: string,
  permissions: readonly Permission[],
): Promise<string> {
  const rules = permissions.map((permission) => {
    const [verb, resource] = permission.split(' ');
    return { apiGroups: [''], resources: [resource], verbs: [verb] };
  });
  const rbac = 'rbac.authorization.k8s.io';
  await kubectl.create(
    namespace,
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name } },
    { apiVersion: `${rbac}/v1`, kind: 'Role', metadata: { name }, rules },
    {
      apiVersion: `${rbac}/v1`,
      kind: 'RoleBinding',
      metadata: { name },
      roleRef: { apiGroup: rbac, kind: 'Role', name },
      subjects: [{ kind: 'ServiceAccount', name, namespace }],
    },
  );
  return (await kubectl.run(['create', 'token', name, '-n', namespace])).trim();
}
