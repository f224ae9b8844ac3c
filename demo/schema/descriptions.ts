import type { Schema } from './schema.ts';

/**
 * Our own words for what a newcomer looks at, by the last part of a definition's name: `` (nothing) for the type itself,
 * else a field. Types of different groups that share a name share the text.
 */
const TEXTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  ClusterRole: { '': 'A set of permissions for the whole cluster.', rules: 'What may be done to what.' },
  ClusterRoleBinding: { '': 'Gives the permissions of a ClusterRole to users, in all namespaces.' },
  ConfigMap: {
    '': 'Settings that pods read as files or environment variables. Not for secrets.',
    data: 'Texts by name.',
    binaryData: 'Bytes by name, in base64.',
    immutable: 'When true, nothing but metadata can be changed any more.',
  },
  Container: {
    '': 'One program that runs in a pod.',
    name: 'Its name in the pod. Cannot be changed.',
    image: 'Where the program comes from: REGISTRY/NAME:TAG.',
    command: "Replaces the image's entry point. No shell is involved.",
    args: "Arguments for the entry point. Replace the image's own.",
    env: 'Environment variables.',
    ports: 'Ports that the program listens on. Informational: others are reachable too.',
    resources: 'How much CPU and memory it asks for, and gets at most.',
    livenessProbe: 'When this check fails, the container is started again.',
    readinessProbe: 'While this check fails, services send nothing here.',
    startupProbe: 'Until this check succeeds, the others wait.',
    volumeMounts: "Which of the pod's volumes appear where in its file system.",
    imagePullPolicy: 'When the image is fetched: Always, IfNotPresent or Never.',
    securityContext: 'Under which user and with which rights it runs.',
  },
  ContainerStatus: {
    '': 'How a container is doing.',
    ready: 'Whether it passes its readiness probe.',
    restartCount: 'How often it has been started again.',
    state: 'Whether it waits, runs or has ended, and why.',
    lastState: 'How its previous run ended.',
  },
  CronJob: { '': 'Makes a job from a template at set times.' },
  CronJobSpec: {
    schedule: 'When, in the five fields of cron: minute, hour, day of month, month, day of week.',
    suspend: 'When true, no new jobs are made.',
    concurrencyPolicy: 'What to do when the last job still runs: Allow, Forbid or Replace.',
    jobTemplate: 'What the jobs look like.',
  },
  CustomResourceDefinition: { '': 'Teaches the API server a new kind of object.' },
  CustomResourceDefinitionSpec: {
    group: 'The API group of the new kind, a domain name.',
    names: 'What the kind is called: in paths, in manifests, in short.',
    scope: 'Whether its objects live in namespaces: Namespaced or Cluster.',
    versions: 'The versions in which it is served. Exactly one is stored.',
  },
  DaemonSet: { '': 'Runs one pod on each node.' },
  Deployment: {
    '': 'Keeps a number of equal pods running, and replaces them step by step when their template changes.',
  },
  DeploymentSpec: {
    '': 'Which pods are wanted, how many, and how they are replaced.',
    replicas: 'How many pods are wanted.',
    selector: 'Which pods belong to it. Cannot be changed.',
    template: 'What its pods look like. A change starts a rollout.',
    strategy: 'How old pods make way for new ones.',
    paused: 'When true, changes of the template wait.',
    revisionHistoryLimit: 'How many old ReplicaSets are kept to roll back to.',
    minReadySeconds: 'How long a new pod must be ready to count as available.',
  },
  DeploymentStatus: {
    replicas: 'How many pods there are, old and new.',
    readyReplicas: 'How many of them are ready.',
    availableReplicas: 'How many have been ready for long enough.',
    updatedReplicas: 'How many are made from the current template.',
    unavailableReplicas: 'How many are still missing.',
    observedGeneration: 'The generation of the spec that this status is about.',
    conditions: 'How the rollout goes.',
  },
  EndpointSlice: { '': 'Some of the addresses behind a service.' },
  Event: {
    '': 'A note that something happened to an object. Kept for a short time only.',
    reason: 'Why, in one word for machines.',
    message: 'What happened, for people.',
    type: 'Normal or Warning.',
    count: 'How often it has happened.',
    involvedObject: 'What it happened to.',
    regarding: 'What it happened to.',
  },
  HorizontalPodAutoscaler: { '': 'Sets the number of pods of a workload by how busy they are.' },
  HorizontalPodAutoscalerSpec: {
    minReplicas: 'Never fewer pods than this.',
    maxReplicas: 'Never more pods than this.',
    scaleTargetRef: 'The workload whose size is set.',
    metrics: 'What is measured, and the value to keep it at.',
  },
  Ingress: { '': 'Routes HTTP requests from outside to services, by host and path.' },
  Job: { '': 'Runs pods until enough of them have succeeded.' },
  JobSpec: {
    completions: 'How many pods must succeed.',
    parallelism: 'How many may run at a time.',
    backoffLimit: 'How many failures it takes to give up.',
    template: 'What its pods look like.',
  },
  Lease: { '': 'Says who holds something, and until when. Nodes renew one to show that they are alive.' },
  Namespace: { '': 'A room for objects: names are unique in it, permissions and limits may be set for it.' },
  NetworkPolicy: { '': 'Says which traffic reaches pods, and which leaves them.' },
  Node: { '': 'A machine that runs pods.' },
  NodeSpec: {
    taints: 'Keep away pods that do not tolerate them.',
    unschedulable: 'When true, no new pods come here.',
  },
  NodeStatus: {
    capacity: 'What the machine has.',
    allocatable: 'What of it pods may use.',
    conditions: 'Whether it is ready, and what it is short of.',
    addresses: 'Where it can be reached.',
    nodeInfo: 'Which software it runs.',
  },
  ObjectMeta: {
    '': 'What all objects have: names, labels, owners, times.',
    name: 'Unique for its kind in its namespace. Cannot be changed.',
    namespace: 'The namespace it lives in. Empty for objects of the whole cluster.',
    labels: 'Short marks that selectors find objects by.',
    annotations: 'Notes of any kind, for tools and people.',
    uid: 'Unique in space and time: another object of the same name has another one.',
    resourceVersion: 'Changes with every write. Send it along to notice that somebody else was faster.',
    generation: 'Counts the changes of what is wanted.',
    creationTimestamp: 'When it was made.',
    deletionTimestamp: 'When it was asked to go. It is gone when its finalizers are.',
    finalizers: 'Who must still clean up before it may go.',
    ownerReferences: 'What it belongs to. It goes when its owners go.',
    managedFields: 'Who set which field.',
    generateName: 'The beginning of a name that the server completes.',
  },
  PersistentVolume: { '': 'Storage that the cluster has.' },
  PersistentVolumeClaim: { '': 'Asks for storage. Bound to a volume when one fits.' },
  Pod: { '': 'Containers that run together on one node, with one address.' },
  PodDisruptionBudget: { '': 'Limits how many pods of a group may be evicted at a time.' },
  PodSpec: {
    '': 'What runs in a pod, and how.',
    containers: 'The programs that run in it. At least one.',
    initContainers: 'Programs that run before, one after the other.',
    nodeName: 'The node it runs on. Set by the scheduler.',
    nodeSelector: 'Labels that its node must have.',
    restartPolicy: 'Whether ended containers are started again: Always, OnFailure or Never.',
    serviceAccountName: 'The identity that its programs have towards the API.',
    terminationGracePeriodSeconds: 'How long programs may take to end when asked.',
    tolerations: 'Which taints of nodes it puts up with.',
    affinity: 'On which nodes, and near to which pods, it would like to be.',
    volumes: 'Storage that its containers can mount.',
  },
  PodStatus: {
    '': 'How a pod is doing.',
    phase: 'Pending, Running, Succeeded, Failed or Unknown.',
    conditions: 'Whether it is scheduled, initialized and ready.',
    containerStatuses: 'How its containers are doing.',
    podIP: 'Its address.',
    hostIP: "Its node's address.",
    startTime: 'When its node took it up.',
    reason: 'Why it is in this phase, in one word.',
  },
  PodTemplateSpec: { '': 'What the pods of a workload look like.' },
  ReplicaSet: { '': 'Keeps a number of equal pods running. Deployments make and remove these.' },
  Role: { '': 'A set of permissions in one namespace.', rules: 'What may be done to what.' },
  RoleBinding: {
    '': 'Gives the permissions of a Role or ClusterRole to users, in one namespace.',
    roleRef: 'The role. Cannot be changed.',
    subjects: 'Who gets its permissions.',
  },
  Secret: {
    '': 'Small secrets: passwords, tokens, keys. Encoded, not encrypted.',
    data: 'Values by name, in base64.',
    stringData: 'Values as plain text, for writing only.',
    type: 'What it is for, which says what must be in it.',
  },
  Service: { '': 'One stable name and address for a changing set of pods.' },
  ServiceAccount: { '': 'An identity for programs.' },
  ServiceSpec: {
    '': 'Where a service listens, and what is behind it.',
    clusterIP: 'Its address in the cluster; None for no address of its own.',
    ports: 'The ports it listens on, and where they lead.',
    selector: 'Labels of the pods behind it.',
    type: 'From where it can be reached: ClusterIP, NodePort, LoadBalancer or ExternalName.',
  },
  StatefulSet: { '': 'Runs pods that each have a name, a number and storage of their own.' },
  StorageClass: { '': 'A kind of storage to ask for.', provisioner: 'Who makes volumes of it.' },
};

/** Of every kind. */
const COMMON: Readonly<Record<string, string>> = {
  apiVersion: 'The group and version in which the object is written.',
  kind: 'What kind of object this is.',
  metadata: 'Name, labels and what else all objects have.',
  spec: 'What is wanted.',
  status: 'What there is, as the cluster sees it.',
  items: 'The objects.',
};

const BUILT_IN = /^io\.k8s\.(api|apimachinery|apiextensions-apiserver|kube-aggregator)\./;

/** A built-in definition with our descriptions. A bare `$ref` takes none beside it. */
export function describe(name: string, schema: Schema): Schema {
  if (!BUILT_IN.test(name)) return schema;
  const common = schema['x-kubernetes-group-version-kind'] === undefined ? {} : COMMON;
  const texts: Readonly<Record<string, string>> = {
    ...common,
    ...TEXTS[name.slice(name.lastIndexOf('.') + 1)],
  };
  const properties = Object.entries(schema.properties ?? {}).map(([key, property]): [string, Schema] => {
    const text = Object.hasOwn(texts, key) ? texts[key] : undefined;
    return [
      key,
      text === undefined || property.$ref !== undefined ? property : { description: text, ...property },
    ];
  });
  const own = texts[''];
  return {
    ...(own === undefined ? {} : { description: own }),
    ...schema,
    ...(properties.length === 0 ? {} : { properties: Object.fromEntries(properties) }),
  };
}
