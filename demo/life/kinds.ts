import type { KubeObject, ObjectMeta } from '../api/object.ts';

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

export type Labels = Readonly<Record<string, string>>;
export type IntOrString = number | string;

export interface LabelSelector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly { readonly key: string; readonly operator: string; readonly values?: readonly string[] }[];
}

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
  readonly [key: string]: unknown;
}

export interface Container {
  readonly name: string;
  readonly image?: string;
  readonly ports?: readonly { readonly name?: string; readonly containerPort: number; readonly protocol?: string }[];
  readonly resources?: { readonly requests?: Labels; readonly limits?: Labels };
  readonly readinessProbe?: { readonly initialDelaySeconds?: number };
  readonly volumeMounts?: readonly Readonly<Record<string, unknown>>[];
  readonly [key: string]: unknown;
}

export interface Volume {
  readonly name: string;
  readonly persistentVolumeClaim?: { readonly claimName: string };
  readonly [key: string]: unknown;
}

export interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
}

export interface Toleration {
  readonly key?: string;
  readonly operator?: string;
  readonly value?: string;
  readonly effect?: string;
  readonly tolerationSeconds?: number;
}

export interface NodeSelectorTerm {
  readonly matchFields?: readonly { readonly key: string; readonly operator: string; readonly values?: readonly string[] }[];
  readonly matchExpressions?: LabelSelector['matchExpressions'];
}

export interface PodSpec {
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly volumes?: readonly Volume[];
  readonly nodeName?: string;
  readonly nodeSelector?: Labels;
  readonly affinity?: {
    readonly nodeAffinity?: {
      readonly requiredDuringSchedulingIgnoredDuringExecution?: { readonly nodeSelectorTerms: readonly NodeSelectorTerm[] };
    };
  };
  readonly tolerations?: readonly Toleration[];
  readonly restartPolicy?: string;
  readonly schedulerName?: string;
  readonly hostNetwork?: boolean;
  readonly terminationGracePeriodSeconds?: number;
  readonly [key: string]: unknown;
}

export interface PodTemplate {
  readonly metadata?: { readonly labels?: Labels; readonly annotations?: Labels };
  readonly spec: PodSpec;
}

export interface Terminated {
  readonly exitCode: number;
  readonly reason: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly containerID: string;
}

export interface ContainerState {
  readonly waiting?: { readonly reason: string; readonly message?: string };
  readonly running?: { readonly startedAt: string };
  readonly terminated?: Terminated;
}

export interface ContainerStatus {
  readonly name: string;
  readonly state: ContainerState;
  readonly lastState: ContainerState;
  readonly ready: boolean;
  readonly restartCount: number;
  readonly image: string;
  readonly imageID: string;
  readonly containerID?: string;
  readonly started: boolean;
}

export interface PodStatus {
  readonly observedGeneration?: number;
  readonly phase?: string;
  readonly conditions?: readonly Condition[];
  readonly hostIP?: string;
  readonly hostIPs?: readonly { readonly ip: string }[];
  readonly podIP?: string;
  readonly podIPs?: readonly { readonly ip: string }[];
  readonly startTime?: string;
  readonly initContainerStatuses?: readonly ContainerStatus[];
  readonly containerStatuses?: readonly ContainerStatus[];
  readonly qosClass?: string;
}

interface With<Spec, Status> extends KubeObject {
  readonly spec: Spec;
  readonly status?: Status;
}

export type Pod = With<PodSpec, PodStatus>;

export interface ScaledStatus {
  readonly observedGeneration?: number;
  readonly replicas?: number;
  readonly readyReplicas?: number;
  readonly availableReplicas?: number;
  readonly [key: string]: unknown;
}

export type ReplicaSet = With<
  { readonly replicas?: number; readonly minReadySeconds?: number; readonly selector: LabelSelector; readonly template: PodTemplate },
  ScaledStatus
>;

export interface DeploymentStatus extends ScaledStatus {
  readonly updatedReplicas?: number;
  readonly unavailableReplicas?: number;
  readonly collisionCount?: number;
  readonly conditions?: readonly Condition[];
}

export type Deployment = With<
  {
    readonly replicas?: number;
    readonly minReadySeconds?: number;
    readonly paused?: boolean;
    readonly progressDeadlineSeconds?: number;
    readonly revisionHistoryLimit?: number;
    readonly selector: LabelSelector;
    readonly strategy?: {
      readonly type?: string;
      readonly rollingUpdate?: { readonly maxSurge?: IntOrString; readonly maxUnavailable?: IntOrString };
    };
    readonly template: PodTemplate;
  },
  DeploymentStatus
>;

export type StatefulSet = With<
  {
    readonly replicas?: number;
    readonly minReadySeconds?: number;
    readonly podManagementPolicy?: string;
    readonly revisionHistoryLimit?: number;
    readonly selector: LabelSelector;
    readonly serviceName?: string;
    readonly template: PodTemplate;
    readonly updateStrategy?: { readonly type?: string; readonly rollingUpdate?: { readonly partition?: number } };
    readonly volumeClaimTemplates?: readonly KubeObject[];
  },
  ScaledStatus & { readonly currentRevision?: string; readonly updateRevision?: string }
>;

export type DaemonSet = With<
  {
    readonly minReadySeconds?: number;
    readonly revisionHistoryLimit?: number;
    readonly selector: LabelSelector;
    readonly template: PodTemplate;
    readonly updateStrategy?: { readonly type?: string; readonly rollingUpdate?: { readonly maxUnavailable?: IntOrString } };
  },
  Readonly<Record<string, unknown>>
>;

export interface ControllerRevision extends KubeObject {
  readonly revision: number;
  readonly data: unknown;
}

export interface JobSpec {
  readonly parallelism?: number;
  readonly completions?: number;
  readonly backoffLimit?: number;
  readonly suspend?: boolean;
  readonly ttlSecondsAfterFinished?: number;
  readonly selector?: LabelSelector;
  readonly template: PodTemplate;
  readonly [key: string]: unknown;
}

export interface JobStatus {
  readonly conditions?: readonly Condition[];
  readonly startTime?: string;
  readonly completionTime?: string;
  readonly active?: number;
  readonly succeeded?: number;
  readonly failed?: number;
  readonly [key: string]: unknown;
}

export type Job = With<JobSpec, JobStatus>;

export type CronJob = With<
  {
    readonly schedule: string;
    readonly suspend?: boolean;
    readonly concurrencyPolicy?: string;
    readonly successfulJobsHistoryLimit?: number;
    readonly failedJobsHistoryLimit?: number;
    readonly jobTemplate: { readonly metadata?: { readonly labels?: Labels; readonly annotations?: Labels }; readonly spec: JobSpec };
  },
  { readonly active?: readonly unknown[]; readonly lastScheduleTime?: string; readonly lastSuccessfulTime?: string }
>;

export interface ServicePort {
  readonly name?: string;
  readonly port: number;
  readonly protocol?: string;
  readonly targetPort?: IntOrString;
  readonly nodePort?: number;
  readonly appProtocol?: string;
}

export type Service = With<
  {
    readonly type?: string;
    readonly selector?: Labels;
    readonly ports?: readonly ServicePort[];
    readonly clusterIP?: string;
    readonly publishNotReadyAddresses?: boolean;
    readonly [key: string]: unknown;
  },
  { readonly loadBalancer?: { readonly ingress?: readonly unknown[] } }
>;

export type Node = With<
  { readonly unschedulable?: boolean; readonly taints?: readonly Taint[]; readonly podCIDR?: string; readonly [key: string]: unknown },
  { readonly conditions?: readonly Condition[]; readonly addresses?: readonly { readonly type: string; readonly address: string }[] }
>;

export type Namespace = With<
  { readonly finalizers?: readonly string[] },
  { readonly phase?: string; readonly conditions?: readonly Condition[] }
>;

export interface MetricTarget {
  readonly type: string;
  readonly averageUtilization?: number;
}

export type Autoscaler = With<
  {
    readonly minReplicas?: number;
    readonly maxReplicas: number;
    readonly scaleTargetRef: { readonly apiVersion: string; readonly kind: string; readonly name: string };
    readonly metrics?: readonly { readonly type: string; readonly resource?: { readonly name: string; readonly target: MetricTarget } }[];
  },
  {
    readonly lastScaleTime?: string;
    readonly currentReplicas?: number;
    readonly desiredReplicas?: number;
    readonly conditions?: readonly Condition[];
    readonly [key: string]: unknown;
  }
>;

export type DisruptionBudget = With<
  { readonly minAvailable?: IntOrString; readonly maxUnavailable?: IntOrString; readonly selector?: LabelSelector },
  { readonly conditions?: readonly Condition[]; readonly [key: string]: unknown }
>;

export type Claim = With<
  {
    readonly storageClassName?: string;
    readonly volumeName?: string;
    readonly accessModes?: readonly string[];
    readonly volumeMode?: string;
    readonly resources?: { readonly requests?: Labels };
  },
  { readonly phase?: string }
>;

export type PersistentVolume = With<
  { readonly claimRef?: { readonly namespace: string; readonly name: string; readonly uid: string }; readonly persistentVolumeReclaimPolicy?: string; readonly [key: string]: unknown },
  { readonly phase?: string }
>;

export interface StorageClass extends KubeObject {
  readonly provisioner: string;
  readonly reclaimPolicy?: string;
}

export interface Fleet extends KubeObject {
  readonly spec: {
    readonly ships?: number;
    readonly captain?: string;
    readonly routes?: readonly { readonly name: string; readonly from: string; readonly to: string }[];
    readonly [key: string]: unknown;
  };
  readonly status?: {
    readonly phase?: string;
    readonly ships?: number;
    readonly conditions?: readonly Condition[];
    readonly [key: string]: unknown;
  };
}

export interface Event extends KubeObject {
  readonly count?: number;
}

export type Lease = With<Readonly<Record<string, unknown>>, never>;

function resource<Shape extends KubeObject>(
  group: string,
  version: string,
  plural: string,
  kind: string,
  hasGeneration = false,
): Resource<Shape> {
  return { key: `${group}/${plural}`, apiVersion: group === '' ? version : `${group}/${version}`, kind, hasGeneration };
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
export const STORAGE_CLASSES = resource<StorageClass>('storage.k8s.io', 'v1', 'storageclasses', 'StorageClass');
export const DEPLOYMENTS = resource<Deployment>('apps', 'v1', 'deployments', 'Deployment', true);
export const REPLICA_SETS = resource<ReplicaSet>('apps', 'v1', 'replicasets', 'ReplicaSet', true);
export const STATEFUL_SETS = resource<StatefulSet>('apps', 'v1', 'statefulsets', 'StatefulSet', true);
export const DAEMON_SETS = resource<DaemonSet>('apps', 'v1', 'daemonsets', 'DaemonSet', true);
export const CONTROLLER_REVISIONS = resource<ControllerRevision>('apps', 'v1', 'controllerrevisions', 'ControllerRevision');
export const JOBS = resource<Job>('batch', 'v1', 'jobs', 'Job', true);
export const CRON_JOBS = resource<CronJob>('batch', 'v1', 'cronjobs', 'CronJob', true);
export const ENDPOINT_SLICES = resource('discovery.k8s.io', 'v1', 'endpointslices', 'EndpointSlice', true);
export const INGRESSES = resource('networking.k8s.io', 'v1', 'ingresses', 'Ingress', true);
export const INGRESS_CLASSES = resource('networking.k8s.io', 'v1', 'ingressclasses', 'IngressClass', true);
export const NETWORK_POLICIES = resource('networking.k8s.io', 'v1', 'networkpolicies', 'NetworkPolicy', true);
export const AUTOSCALERS = resource<Autoscaler>('autoscaling', 'v2', 'horizontalpodautoscalers', 'HorizontalPodAutoscaler');
export const DISRUPTION_BUDGETS = resource<DisruptionBudget>('policy', 'v1', 'poddisruptionbudgets', 'PodDisruptionBudget', true);
export const LEASES = resource<Lease>('coordination.k8s.io', 'v1', 'leases', 'Lease');
export const DEFINITIONS = resource('apiextensions.k8s.io', 'v1', 'customresourcedefinitions', 'CustomResourceDefinition', true);
export const FLEETS = resource<Fleet>('demo.kubegraph.dev', 'v1', 'fleets', 'Fleet', true);

/** What is needed to create an object: the server's parts of metadata are added. */
export type Draft<Shape extends KubeObject> = Omit<Shape, 'apiVersion' | 'kind' | 'metadata'> & {
  readonly metadata: Omit<ObjectMeta, 'name'> & { readonly name?: string };
};
