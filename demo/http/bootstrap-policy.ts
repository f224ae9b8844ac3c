import type { KubeObject } from '../api/object.ts';
import type { PolicyRule } from './rbac.ts';

const API_VERSION = 'rbac.authorization.k8s.io/v1';
const API_GROUP = 'rbac.authorization.k8s.io';

/**
 * The roles and bindings that exist from the start: what every user may do, as on a real server, and the role of the
 * user `viewer`, who reads pods and configmaps in the namespace `default` and nothing else.
 */
export function bootstrapPolicy(): KubeObject[] {
  return [
    clusterRole('cluster-admin', [
      { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
      { verbs: ['*'], nonResourceURLs: ['*'] },
    ]),
    clusterRole('system:discovery', [{ verbs: ['get'], nonResourceURLs: DISCOVERY_PATHS }]),
    clusterRole('system:basic-user', BASIC_RULES),
    clusterRole('system:public-info-viewer', [{ verbs: ['get'], nonResourceURLs: PUBLIC_PATHS }]),
    clusterRoleBinding('cluster-admin', ['system:masters']),
    clusterRoleBinding('system:discovery', ['system:authenticated']),
    clusterRoleBinding('system:basic-user', ['system:authenticated']),
    clusterRoleBinding('system:public-info-viewer', ['system:authenticated', 'system:unauthenticated']),
    ...viewerPolicy(),
  ];
}

const PUBLIC_PATHS = ['/healthz', '/livez', '/readyz', '/version', '/version/'];

const DISCOVERY_PATHS = [
  '/api',
  '/api/*',
  '/apis',
  '/apis/*',
  '/healthz',
  '/livez',
  '/openapi',
  '/openapi/*',
  '/readyz',
  '/version',
  '/version/',
];

const BASIC_RULES: readonly PolicyRule[] = [
  {
    verbs: ['create'],
    apiGroups: ['authorization.k8s.io'],
    resources: ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'],
  },
  { verbs: ['create'], apiGroups: ['authentication.k8s.io'], resources: ['selfsubjectreviews'] },
];

function viewerPolicy(): KubeObject[] {
  const metadata = { name: 'viewer', namespace: 'default' };
  return [
    {
      apiVersion: API_VERSION,
      kind: 'Role',
      metadata,
      rules: [{ verbs: ['get', 'list', 'watch'], apiGroups: [''], resources: ['pods', 'configmaps'] }],
    },
    {
      apiVersion: API_VERSION,
      kind: 'RoleBinding',
      metadata,
      subjects: [{ kind: 'User', apiGroup: API_GROUP, name: 'viewer' }],
      roleRef: { apiGroup: API_GROUP, kind: 'Role', name: 'viewer' },
    },
  ];
}

function clusterRole(name: string, rules: readonly PolicyRule[]): KubeObject {
  return { apiVersion: API_VERSION, kind: 'ClusterRole', metadata: bootstrapMeta(name), rules };
}

/** Binds the role of the same name. */
function clusterRoleBinding(name: string, groups: readonly string[]): KubeObject {
  return {
    apiVersion: API_VERSION,
    kind: 'ClusterRoleBinding',
    metadata: bootstrapMeta(name),
    subjects: groups.map((group) => ({ kind: 'Group', apiGroup: API_GROUP, name: group })),
    roleRef: { apiGroup: API_GROUP, kind: 'ClusterRole', name },
  };
}

function bootstrapMeta(name: string): KubeObject['metadata'] {
  return {
    name,
    labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults' },
    annotations: { 'rbac.authorization.kubernetes.io/autoupdate': 'true' },
  };
}
