import type { World } from '../controller.ts';
import {
  CONFIG_MAPS,
  DAEMON_SETS,
  DEFINITIONS,
  DEPLOYMENTS,
  ENDPOINT_SLICES,
  ENDPOINTS,
  INGRESS_CLASSES,
  type Labels,
  NAMESPACES,
  type PodSpec,
  type Resource,
  type Service,
  SERVICES,
  STORAGE_CLASSES,
} from '../kinds.ts';
import { fleetDefinition } from './fleet-definition.ts';
import { container, deployment, service, template } from './manifests.ts';

const PRIORITY_CLASSES: Resource = {
  key: 'scheduling.k8s.io/priorityclasses',
  apiVersion: 'scheduling.k8s.io/v1',
  kind: 'PriorityClass',
  hasGeneration: true,
};

/** What every cluster has: system namespaces, the API server's own service, DNS, storage, the demo's definition. */
export function createSystem(world: World): void {
  for (const name of ['default', 'kube-node-lease', 'kube-public', 'kube-system'])
    createNamespace(world, name);
  createApiServerService(world);
  createClasses(world);
  createDns(world);
  createDaemon(world, 'kube-proxy', {
    namespace: 'kube-system',
    image: 'registry.k8s.io/kube-proxy:v1.36.3',
    labels: { 'k8s-app': 'kube-proxy' },
    spec: { hostNetwork: true, priorityClassName: 'system-node-critical', priority: 2_000_001_000 },
  });
  world.objects.create(DEFINITIONS, fleetDefinition(world.clock.now()));
}

export function createNamespace({ objects }: World, name: string, labels: Labels = {}): void {
  objects.create(NAMESPACES, {
    metadata: { name, labels: { 'kubernetes.io/metadata.name': name, ...labels } },
    spec: { finalizers: ['kubernetes'] },
    status: { phase: 'Active' },
  });
}

function createApiServerService({ objects }: World): void {
  const labels = { component: 'apiserver', provider: 'kubernetes' };
  const ports = [{ name: 'https', port: 443, targetPort: 6443 }];
  const draft = service('kubernetes', { namespace: 'default', ports, labels, clusterIP: '10.96.0.1' });
  // Without a selector: its endpoints are not pods.
  const { selector: _, ...spec } = draft.spec as Service['spec'];
  objects.create(SERVICES, { ...draft, spec });
  const name = 'kubernetes';
  const address = '172.18.0.2';
  objects.create(ENDPOINTS, {
    metadata: { name, namespace: 'default', labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' } },
    subsets: [{ addresses: [{ ip: address }], ports: [{ name: 'https', port: 6443, protocol: 'TCP' }] }],
  });
  objects.create(ENDPOINT_SLICES, {
    metadata: { name, namespace: 'default', labels: { 'kubernetes.io/service-name': name } },
    addressType: 'IPv4',
    endpoints: [{ addresses: [address], conditions: { ready: true } }],
    ports: [{ name: 'https', protocol: 'TCP', port: 6443 }],
  });
}

function createClasses({ objects }: World): void {
  const priority = (name: string, value: number, description: string): void => {
    objects.create(PRIORITY_CLASSES, {
      metadata: { name },
      value,
      description,
      preemptionPolicy: 'PreemptLowerPriority',
    });
  };
  priority(
    'system-cluster-critical',
    2_000_000_000,
    'Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.',
  );
  priority(
    'system-node-critical',
    2_000_001_000,
    'Used for system critical pods that must not be moved from their current node.',
  );
  const storage = (name: string, reclaimPolicy: string, annotations: Labels = {}): void => {
    objects.create(STORAGE_CLASSES, {
      metadata: { name, annotations },
      provisioner: 'demo.kubegraph.dev/disk',
      reclaimPolicy,
      allowVolumeExpansion: true,
      volumeBindingMode: 'Immediate',
    });
  };
  storage('standard', 'Delete', { 'storageclass.kubernetes.io/is-default-class': 'true' });
  storage('archive', 'Retain');
  objects.create(INGRESS_CLASSES, {
    metadata: { name: 'demo' },
    spec: { controller: 'demo.kubegraph.dev/ingress' },
  });
}

function createDns({ objects }: World): void {
  const labels = { 'k8s-app': 'kube-dns' };
  const namespace = 'kube-system';
  objects.create(CONFIG_MAPS, {
    metadata: { name: 'coredns', namespace },
    data: {
      Corefile:
        '.:53 {\n    errors\n    health\n    kubernetes cluster.local in-addr.arpa ip6.arpa\n    forward . /etc/resolv.conf\n    cache 30\n}\n',
    },
  });
  const containers = [
    container('coredns', 'registry.k8s.io/coredns/coredns:v1.12.1', {
      port: 53,
      portName: 'dns-tcp',
      cpu: '100m',
      memory: '170Mi',
    }),
  ];
  const spec = { priorityClassName: 'system-cluster-critical', priority: 2_000_000_000 };
  objects.create(DEPLOYMENTS, deployment('coredns', { namespace, replicas: 2, containers, labels, spec }));
  const ports = [
    { name: 'dns', port: 53, protocol: 'UDP' },
    { name: 'dns-tcp', port: 53 },
  ];
  objects.create(
    SERVICES,
    service('kube-dns', { namespace, ports, selector: labels, clusterIP: '10.96.0.10' }),
  );
}

export interface DaemonOptions {
  readonly namespace: string;
  readonly image: string;
  readonly labels: Labels;
  readonly port?: number;
  readonly spec?: Partial<PodSpec>;
}

export function createDaemon(
  { objects }: World,
  name: string,
  { namespace, image, labels, port, spec }: DaemonOptions,
): void {
  const own = container(name, image, port === undefined ? {} : { port, portName: 'metrics' });
  objects.create(DAEMON_SETS, {
    metadata: { name, namespace, labels, annotations: { 'deprecated.daemonset.template.generation': '1' } },
    spec: {
      selector: { matchLabels: labels },
      template: template(labels, [own], spec),
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } as object },
      revisionHistoryLimit: 10,
    },
    status: { currentNumberScheduled: 0, numberMisscheduled: 0, desiredNumberScheduled: 0, numberReady: 0 },
  });
}
