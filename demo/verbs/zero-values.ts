const PODS = { metadata: {}, spec: { containers: null } };

const NODE_INFO = {
  machineID: '',
  systemUUID: '',
  bootID: '',
  kernelVersion: '',
  osImage: '',
  containerRuntimeVersion: '',
  kubeletVersion: '',
  kubeProxyVersion: '',
  operatingSystem: '',
  architecture: '',
};

const ROLE_REF = { roleRef: { apiGroup: '', kind: '', name: '' } };

/** The top-level members of built-in kinds that are never absent, with their empty values: bookmarks and new objects have them. */
export const ZERO_VALUES: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'v1 Event': {
    involvedObject: {},
    source: {},
    firstTimestamp: null,
    lastTimestamp: null,
    eventTime: null,
    reportingComponent: '',
    reportingInstance: '',
  },
  'v1 LimitRange': { spec: { limits: null } },
  'v1 Namespace': { spec: {}, status: {} },
  'v1 Node': { spec: {}, status: { daemonEndpoints: { kubeletEndpoint: { Port: 0 } }, nodeInfo: NODE_INFO } },
  'v1 PersistentVolumeClaim': { spec: { resources: {} }, status: {} },
  'v1 PersistentVolume': { spec: {}, status: {} },
  'v1 Pod': { spec: { containers: null }, status: {} },
  'v1 PodTemplate': { template: PODS },
  'v1 ReplicationController': { spec: {}, status: { replicas: 0 } },
  'v1 ResourceQuota': { spec: {}, status: {} },
  'v1 Service': { spec: {}, status: { loadBalancer: {} } },
  'apps/v1 ControllerRevision': { data: null, revision: 0 },
  'apps/v1 DaemonSet': {
    spec: { selector: null, template: PODS, updateStrategy: {} },
    status: { currentNumberScheduled: 0, numberMisscheduled: 0, desiredNumberScheduled: 0, numberReady: 0 },
  },
  'apps/v1 Deployment': { spec: { replicas: 0, selector: null, template: PODS, strategy: {} }, status: {} },
  'apps/v1 ReplicaSet': { spec: { replicas: 0, selector: null, template: PODS }, status: { replicas: 0 } },
  'apps/v1 StatefulSet': {
    spec: { replicas: 0, selector: null, template: PODS, serviceName: '', updateStrategy: {} },
    status: { replicas: 0, availableReplicas: 0 },
  },
  'batch/v1 CronJob': {
    spec: { schedule: '', jobTemplate: { metadata: {}, spec: { template: PODS } } },
    status: {},
  },
  'batch/v1 Job': { spec: { template: PODS }, status: {} },
  'networking.k8s.io/v1 IngressClass': { spec: {} },
  'networking.k8s.io/v1 Ingress': { spec: {}, status: { loadBalancer: {} } },
  'networking.k8s.io/v1 IPAddress': { spec: {} },
  'networking.k8s.io/v1 NetworkPolicy': { spec: { podSelector: {} } },
  'networking.k8s.io/v1 ServiceCIDR': { spec: {}, status: {} },
  'rbac.authorization.k8s.io/v1 ClusterRoleBinding': ROLE_REF,
  'rbac.authorization.k8s.io/v1 ClusterRole': { rules: null },
  'rbac.authorization.k8s.io/v1 RoleBinding': ROLE_REF,
  'rbac.authorization.k8s.io/v1 Role': { rules: null },
  'storage.k8s.io/v1 CSIDriver': { spec: {} },
  'storage.k8s.io/v1 CSINode': { spec: { drivers: null } },
  'storage.k8s.io/v1 CSIStorageCapacity': { storageClassName: '' },
  'storage.k8s.io/v1 StorageClass': { provisioner: '' },
  'storage.k8s.io/v1 VolumeAttachment': {
    spec: { attacher: '', source: {}, nodeName: '' },
    status: { attached: false },
  },
  'storage.k8s.io/v1 VolumeAttributesClass': { driverName: '' },
  'autoscaling/v1 HorizontalPodAutoscaler': {
    spec: { scaleTargetRef: { kind: '', name: '' }, maxReplicas: 0 },
    status: { currentReplicas: 0, desiredReplicas: 0 },
  },
  'autoscaling/v2 HorizontalPodAutoscaler': {
    spec: { scaleTargetRef: { kind: '', name: '' }, maxReplicas: 0 },
    status: { desiredReplicas: 0, currentMetrics: null },
  },
  'policy/v1 PodDisruptionBudget': {
    spec: {},
    status: { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 },
  },
  'coordination.k8s.io/v1 Lease': { spec: {} },
  'discovery.k8s.io/v1 EndpointSlice': { addressType: '', endpoints: null, ports: null },
  'events.k8s.io/v1 Event': {
    eventTime: null,
    regarding: {},
    deprecatedSource: {},
    deprecatedFirstTimestamp: null,
    deprecatedLastTimestamp: null,
  },
  'apiextensions.k8s.io/v1 CustomResourceDefinition': {
    spec: { group: '', names: { plural: '', kind: '' }, scope: '', versions: null },
    status: { conditions: null, acceptedNames: { plural: '', kind: '' }, storedVersions: null },
  },
};
