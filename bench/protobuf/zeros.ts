import type { Api } from '../reads/api.ts';

const NAMESPACE = 'kubegraph-bench-zeros';
const PARENT = '/api/v1/namespaces';

const labels = { app: 'zeros' };
const template = { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'images.example/c' }] } };
const selector = { matchLabels: labels };

/** By collection: objects in which zero, empty and unset stand side by side. */
const OBJECTS: readonly (readonly [group: string, resource: string, object: object])[] = [
  [
    'api/v1',
    'pods',
    {
      spec: {
        containers: [
          {
            name: 'c',
            image: 'images.example/c',
            args: [],
            env: [{ name: 'EMPTY', value: '' }],
            resources: { limits: { memory: '1.5Gi', cpu: '1.0' }, requests: { cpu: '0' } },
            securityContext: { runAsUser: 0, privileged: false },
            ports: [{ containerPort: 80, hostPort: 0 }],
          },
        ],
        volumes: [
          { name: 'a', emptyDir: {} },
          { name: 'b', projected: { sources: [] } },
        ],
        terminationGracePeriodSeconds: 0,
        hostNetwork: false,
        enableServiceLinks: false,
        nodeSelector: {},
      },
    },
  ],
  [
    'apis/apps/v1',
    'deployments',
    {
      spec: {
        replicas: 0,
        paused: false,
        strategy: { rollingUpdate: { maxSurge: '25%', maxUnavailable: 0 } },
        selector,
        template,
      },
    },
  ],
  [
    'apis/apps/v1',
    'statefulsets',
    {
      spec: {
        replicas: 0,
        serviceName: '',
        selector,
        template,
        volumeClaimTemplates: [
          {
            metadata: { name: 'd' },
            spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
          },
        ],
      },
    },
  ],
  ['api/v1', 'services', { spec: { clusterIP: 'None', ports: [{ port: 80, targetPort: 'web' }] } }],
  ['api/v1', 'configmaps', { immutable: false, data: { empty: '' }, binaryData: { b: 'AAEC/w==' } }],
  ['api/v1', 'secrets', { data: { empty: '', b: 'AAEC/w==' } }],
  ['apis/rbac.authorization.k8s.io/v1', 'roles', { rules: [] }],
];

const KINDS: Readonly<Record<string, string>> = {
  pods: 'Pod',
  deployments: 'Deployment',
  statefulsets: 'StatefulSet',
  services: 'Service',
  configmaps: 'ConfigMap',
  secrets: 'Secret',
  roles: 'Role',
};

/** Makes them in a namespace of their own. */
export async function makeZeros(api: Api): Promise<void> {
  const metadata = { name: NAMESPACE };
  await api.create(PARENT, { apiVersion: 'v1', kind: 'Namespace', metadata });
  for (const [group, resource, object] of OBJECTS) {
    const apiVersion = group.replace(/^apis?\//, '');
    const whole = { apiVersion, kind: KINDS[resource], metadata: { name: 'zeros', labels: {} }, ...object };
    await api.create(`/${group}/namespaces/${NAMESPACE}/${resource}`, whole);
  }
}

export async function removeZeros(api: Api): Promise<void> {
  await api.remove(`${PARENT}/${NAMESPACE}`);
}
