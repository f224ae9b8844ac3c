import type { KubeObject, ObjectMeta } from '../api/object.ts';
import type {
  Autoscaler,
  Claim,
  DisruptionBudget,
  Event,
  Fleet,
  Lease,
  Namespace,
  Node,
  PersistentVolume,
  Service,
  StorageClass,
} from './shapes/cluster.ts';
import type { Pod } from './shapes/pod.ts';
import type {
  ControllerRevision,
  CronJob,
  DaemonSet,
  Deployment,
  Job,
  ReplicaSet,
  StatefulSet,
} from './shapes/workloads.ts';

/** Where objects of a kind live. `Shape` is what the code here reads of them. */
export interface Resource<Shape extends KubeObject = KubeObject> {
  /** As `ServedResource.storageKey`. */
  readonly key: string;
  readonly apiVersion: string;
  readonly kind: string;
  /** Whether the real server counts `metadata.generation` for this kind. */
  readonly hasGeneration: boolean;
  /** Never there: carries the type. */
  readonly shape?: Shape;
}

export type * from './shapes/cluster.ts';
export type * from './shapes/pod.ts';
export type * from './shapes/workloads.ts';

function resource<Shape extends KubeObject>(
  group: string,
  version: string,
  plural: string,
  kind: string,
  hasGeneration = false,
): Resource<Shape> {
  return {
    key: `${group}/${plural}`,
    apiVersion: group === '' ? version : `${group}/${version}`,
    kind,
    hasGeneration,
  };
}

export const PODS = resource<Pod>('', 'v1', 'pods', 'Pod', true);
export const NODES = resource<Node>('', 'v1', 'nodes', 'Node');
export const NAMESPACES = resource<Namespace>('', 'v1', 'namespaces', 'Namespace');
export const SERVICES = resource<Service>('', 'v1', 'services', 'Service');
export const ENDPOINTS = resource('', 'v1', 'endpoints', 'Endpoints');
export const EVENTS = resource<Event>('', 'v1', 'events', 'Event');
export const CONFIG_MAPS = resource('', 'v1', 'configmaps', 'ConfigMap');
export const SECRETS = resource('', 'v1', 'secrets', 'Secret');
export const SERVICE_ACCOUNTS = resource('', 'v1', 'serviceaccounts', 'ServiceAccount');
export const CLAIMS = resource<Claim>('', 'v1', 'persistentvolumeclaims', 'PersistentVolumeClaim');
export const VOLUMES = resource<PersistentVolume>('', 'v1', 'persistentvolumes', 'PersistentVolume');
export const STORAGE_CLASSES = resource<StorageClass>(
  'storage.k8s.io',
  'v1',
  'storageclasses',
  'StorageClass',
);
export const DEPLOYMENTS = resource<Deployment>('apps', 'v1', 'deployments', 'Deployment', true);
export const REPLICA_SETS = resource<ReplicaSet>('apps', 'v1', 'replicasets', 'ReplicaSet', true);
export const STATEFUL_SETS = resource<StatefulSet>('apps', 'v1', 'statefulsets', 'StatefulSet', true);
export const DAEMON_SETS = resource<DaemonSet>('apps', 'v1', 'daemonsets', 'DaemonSet', true);
export const CONTROLLER_REVISIONS = resource<ControllerRevision>(
  'apps',
  'v1',
  'controllerrevisions',
  'ControllerRevision',
);
export const JOBS = resource<Job>('batch', 'v1', 'jobs', 'Job', true);
export const CRON_JOBS = resource<CronJob>('batch', 'v1', 'cronjobs', 'CronJob', true);
export const ENDPOINT_SLICES = resource('discovery.k8s.io', 'v1', 'endpointslices', 'EndpointSlice', true);
export const INGRESSES = resource('networking.k8s.io', 'v1', 'ingresses', 'Ingress', true);
export const INGRESS_CLASSES = resource('networking.k8s.io', 'v1', 'ingressclasses', 'IngressClass', true);
export const NETWORK_POLICIES = resource('networking.k8s.io', 'v1', 'networkpolicies', 'NetworkPolicy', true);
export const AUTOSCALERS = resource<Autoscaler>(
  'autoscaling',
  'v2',
  'horizontalpodautoscalers',
  'HorizontalPodAutoscaler',
);
export const DISRUPTION_BUDGETS = resource<DisruptionBudget>(
  'policy',
  'v1',
  'poddisruptionbudgets',
  'PodDisruptionBudget',
  true,
);
export const LEASES = resource<Lease>('coordination.k8s.io', 'v1', 'leases', 'Lease');
export const DEFINITIONS = resource(
  'apiextensions.k8s.io',
  'v1',
  'customresourcedefinitions',
  'CustomResourceDefinition',
  true,
);
export const FLEETS = resource<Fleet>('demo.kubegraph.dev', 'v1', 'fleets', 'Fleet', true);

/** What is needed to create an object: the server's parts of metadata are added. */
export type Draft<Shape extends KubeObject> = Omit<Shape, 'apiVersion' | 'kind' | 'metadata'> & {
  readonly metadata: Omit<ObjectMeta, 'name'> & { readonly name?: string };
};
