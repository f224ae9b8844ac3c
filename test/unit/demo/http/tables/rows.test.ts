import { expect, test } from 'vitest';
import type { ServedResource } from '../../../../../demo/api/resource.ts';
import { columnsOf } from '../../../../../demo/http/tables/columns.ts';
import { servedResource } from '../../support/served-resource.ts';
import { cells, META, type Fields } from './support.ts';

const CONTAINERS = {
  template: {
    spec: {
      containers: [
        { name: 'x', image: 'i' },
        { name: 'z', image: 'j' },
      ],
    },
  },
};

test.each<[string, Fields, Fields]>([
  [
    'apps/deployments',
    {
      spec: { replicas: 3, selector: { matchLabels: { app: 'w' } }, ...CONTAINERS },
      status: { readyReplicas: 2, updatedReplicas: 1 },
    },
    { Ready: '2/3', 'Up-to-date': 1, Available: 0, Containers: 'x,z', Images: 'i,j', Selector: 'app=w' },
  ],
  [
    'apps/daemonsets',
    {
      spec: {
        selector: {
          matchLabels: { app: 'd' },
          matchExpressions: [{ key: 'q', operator: 'In', values: ['b', 'a'] }],
        },
      },
      status: { desiredNumberScheduled: 2 },
    },
    { Desired: 2, Current: 0, 'Node Selector': '<none>', Selector: 'app=d,q in (a,b)' },
  ],
  [
    'apps/statefulsets',
    { spec: { replicas: 1 }, status: { readyReplicas: 1 } },
    { Ready: '1/1', Age: '10m' },
  ],
  [
    'apps/controllerrevisions',
    {
      metadata: {
        ...META,
        ownerReferences: [{ apiVersion: 'apps/v1', kind: 'StatefulSet', name: 's', controller: true }],
      },
      revision: 4,
    },
    { Controller: 'statefulset.apps/s', Revision: 4 },
  ],
  [
    'batch/jobs',
    {
      spec: { parallelism: 2 },
      status: { startTime: '2026-01-01T00:09:00Z', conditions: [{ type: 'Suspended', status: 'True' }] },
    },
    { Status: 'Suspended', Completions: '0/1 of 2', Duration: '60s' },
  ],
  [
    'batch/jobs',
    {
      spec: { completions: 3 },
      status: {
        succeeded: 3,
        startTime: '2026-01-01T00:00:00Z',
        completionTime: '2026-01-01T00:00:05Z',
        conditions: [{ type: 'Complete', status: 'True' }],
      },
    },
    { Status: 'Complete', Completions: '3/3', Duration: '5s' },
  ],
  [
    'batch/cronjobs',
    { spec: { schedule: '* * * * *', suspend: false }, status: { active: [{}] } },
    { Schedule: '* * * * *', Timezone: '<none>', Suspend: 'False', Active: 1, 'Last Schedule': '<none>' },
  ],
  [
    '/services',
    {
      spec: {
        type: 'NodePort',
        clusterIP: '10.0.0.1',
        ports: [
          { port: 80, nodePort: 30_001, protocol: 'TCP' },
          { port: 53, protocol: 'UDP' },
        ],
      },
    },
    { Type: 'NodePort', 'External-IP': '<none>', 'Port(s)': '80:30001/TCP,53/UDP', Selector: '<none>' },
  ],
  ['/services', { spec: { type: 'LoadBalancer' } }, { 'External-IP': '<pending>', 'Port(s)': '<none>' }],
  [
    '/services',
    { spec: { type: 'ExternalName', externalName: 'a.b' } },
    { 'Cluster-IP': '<none>', 'External-IP': 'a.b' },
  ],
  [
    'networking.k8s.io/ingresses',
    { spec: { tls: [{}], rules: [{ host: 'a' }, { host: 'b' }, { host: 'c' }, { host: 'd' }] } },
    { Class: '<none>', Hosts: 'a,b,c + 1 more...', Address: '', Ports: '80, 443' },
  ],
  [
    'discovery.k8s.io/endpointslices',
    { addressType: 'IPv4', ports: [{ port: 80 }], endpoints: [] },
    { AddressType: 'IPv4', Ports: '80', Endpoints: '<unset>' },
  ],
  [
    'autoscaling/horizontalpodautoscalers',
    {
      spec: {
        scaleTargetRef: { kind: 'Deployment', name: 'web' },
        minReplicas: 1,
        maxReplicas: 5,
        metrics: [
          { type: 'Resource', resource: { name: 'cpu', target: { averageUtilization: 50 } } },
          { type: 'Resource', resource: { name: 'memory', target: { averageValue: '100Mi' } } },
        ],
      },
      status: {
        currentMetrics: [
          { type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: 30 } } },
        ],
      },
    },
    {
      Reference: 'Deployment/web',
      Targets: 'cpu: 30%/50%, memory: <unknown>/100Mi',
      MinPods: '1',
      MaxPods: 5,
      Replicas: 0,
    },
  ],
  [
    'policy/poddisruptionbudgets',
    { spec: { minAvailable: '50%' } },
    { 'Min Available': '50%', 'Max Unavailable': 'N/A' },
  ],
  [
    '/persistentvolumeclaims',
    { spec: { accessModes: ['ReadWriteOnce'] }, status: { phase: 'Pending' } },
    { Status: 'Pending', Volume: '', Capacity: '', 'Access Modes': '', VolumeAttributesClass: '<unset>' },
  ],
  [
    '/persistentvolumes',
    {
      spec: {
        capacity: { storage: '1Gi' },
        accessModes: ['ReadWriteMany', 'ReadWriteOnce'],
        claimRef: { namespace: 'a', name: 'c' },
      },
    },
    { Capacity: '1Gi', 'Access Modes': 'RWO,RWX', Claim: 'a/c' },
  ],
  [
    '/nodes',
    {
      metadata: { ...META, labels: { 'node-role.kubernetes.io/worker': '' } },
      spec: { unschedulable: true },
      status: { conditions: [{ type: 'Ready', status: 'True' }], nodeInfo: { kubeletVersion: 'v1.36.3' } },
    },
    {
      Status: 'Ready,SchedulingDisabled',
      Roles: 'worker',
      Version: 'v1.36.3',
      'Internal-IP': '<none>',
      'OS-Image': '<unknown>',
    },
  ],
  [
    '/events',
    {
      lastTimestamp: '2026-01-01T00:09:00Z',
      type: 'Normal',
      involvedObject: { kind: 'Pod', name: 'p' },
      message: 'hi ',
      source: { component: 'kubelet', host: 'n' },
    },
    {
      'Last Seen': '60s',
      Object: 'pod/p',
      Message: 'hi',
      Source: 'kubelet, n',
      Count: 1,
      'First Seen': '<unknown>',
    },
  ],
  [
    'events.k8s.io/events',
    {
      eventTime: '2026-01-01T00:09:00Z',
      regarding: { kind: 'Pod', name: 'p' },
      note: 'hi',
      reportingController: 'c',
    },
    { 'Last Seen': '60s', Object: 'pod/p', Message: 'hi', Source: 'c' },
  ],
  ['/configmaps', { data: { a: '1' }, binaryData: { b: '2' } }, { Data: 2 }],
  ['/secrets', { type: 'Opaque', data: { a: '1' } }, { Type: 'Opaque', Data: 1 }],
  ['rbac.authorization.k8s.io/roles', {}, { 'Created At': '2026-01-01T00:00:00Z' }],
  [
    'rbac.authorization.k8s.io/rolebindings',
    {
      roleRef: { kind: 'Role', name: 'r' },
      subjects: [{ kind: 'ServiceAccount', namespace: 'a', name: 's' }],
    },
    { Role: 'Role/r', Users: '', ServiceAccounts: 'a/s' },
  ],
  [
    '/resourcequotas',
    { status: { hard: { pods: '5', 'limits.cpu': '1' }, used: { pods: '2' } } },
    { Request: 'pods: 2/5', Limit: 'limits.cpu: 0/1' },
  ],
  ['example.io/unheard', {}, { Name: 'x', Age: '10m' }],
])('a row of %s', (resource, object, expected) => {
  expect(cells(resource, object)).toMatchObject(expected);
});

test('a scale has columns of its own', () => {
  const scale = { spec: { replicas: 3 }, status: { replicas: 2 } };
  expect(cells('apps/deployments', scale, 'scale')).toEqual({
    Name: 'x',
    Desired: 3,
    Available: 2,
    Age: '10m',
  });
});

test('a custom resource without columns shows its age', () => {
  const widgets: ServedResource = servedResource('widgets', 'Widget', {
    group: 'example.com',
    isCustom: true,
  });
  expect(columnsOf(widgets, undefined).map(({ name }) => name)).toEqual(['Name', 'Age']);
});
