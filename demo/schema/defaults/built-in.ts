import type { Json } from './fill.ts';
import {
  autoscalerDefaults,
  bindingDefaults,
  definitionDefaults,
  limitRangeDefaults,
  namespaceDefaults,
  secretDefaults,
} from './others.ts';
import { podDefaults } from './pods.ts';
import {
  endpointsDefaults,
  endpointSliceDefaults,
  ingressClassDefaults,
  networkPolicyDefaults,
  serviceDefaults,
} from './services.ts';
import { claimDefaults, storageClassDefaults, volumeDefaults } from './storage.ts';
import {
  cronJobDefaults,
  daemonSetDefaults,
  deploymentDefaults,
  jobDefaults,
  podTemplateObjectDefaults,
  replicaSetDefaults,
  replicationControllerDefaults,
  statefulSetDefaults,
} from './workloads.ts';

/** What the real server fills in, by kind. */
const DEFAULTS: Readonly<Record<string, (object: Json) => Json>> = {
  ClusterRoleBinding: bindingDefaults,
  CronJob: cronJobDefaults,
  CustomResourceDefinition: definitionDefaults,
  DaemonSet: daemonSetDefaults,
  Deployment: deploymentDefaults,
  EndpointSlice: endpointSliceDefaults,
  Endpoints: endpointsDefaults,
  HorizontalPodAutoscaler: autoscalerDefaults,
  IngressClass: ingressClassDefaults,
  Job: jobDefaults,
  LimitRange: limitRangeDefaults,
  Namespace: namespaceDefaults,
  NetworkPolicy: networkPolicyDefaults,
  PersistentVolume: volumeDefaults,
  PersistentVolumeClaim: claimDefaults,
  Pod: podDefaults,
  PodTemplate: podTemplateObjectDefaults,
  ReplicaSet: replicaSetDefaults,
  ReplicationController: replicationControllerDefaults,
  RoleBinding: bindingDefaults,
  Secret: secretDefaults,
  Service: serviceDefaults,
  StatefulSet: statefulSetDefaults,
  StorageClass: storageClassDefaults,
};

/** An object of a built-in kind with what the real server would have filled in. */
export function builtInDefaults(object: Json): Json {
  return DEFAULTS[String(object.kind)]?.(object) ?? object;
}
