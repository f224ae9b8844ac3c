import type { KubeObject } from '../../api/object.ts';
import type { FieldError } from '../schema.ts';
import type { Json } from './checks.ts';
import { definitionErrors } from './definitions.ts';
import { immutableErrors } from './immutable.ts';
import { ingressErrors, networkPolicyErrors, serviceErrors } from './networking.ts';
import {
  autoscalerErrors,
  bindingErrors,
  claimErrors,
  configMapErrors,
  disruptionBudgetErrors,
  eventErrors,
  leaseErrors,
  secretErrors,
} from './others.ts';
import { podSpecErrors } from './pods.ts';
import {
  cronJobErrors,
  daemonSetErrors,
  deploymentErrors,
  jobErrors,
  replicaSetErrors,
  statefulSetErrors,
} from './workloads.ts';

const RULES: Readonly<Record<string, (object: Json) => readonly FieldError[]>> = {
  ClusterRoleBinding: bindingErrors,
  ConfigMap: configMapErrors,
  CronJob: cronJobErrors,
  CustomResourceDefinition: definitionErrors,
  DaemonSet: daemonSetErrors,
  Deployment: deploymentErrors,
  Event: eventErrors,
  HorizontalPodAutoscaler: autoscalerErrors,
  Ingress: ingressErrors,
  Job: jobErrors,
  Lease: leaseErrors,
  NetworkPolicy: networkPolicyErrors,
  PersistentVolumeClaim: claimErrors,
  Pod: ({ spec }) => podSpecErrors(spec, 'spec'),
  PodDisruptionBudget: disruptionBudgetErrors,
  ReplicaSet: replicaSetErrors,
  RoleBinding: bindingErrors,
  Secret: secretErrors,
  Service: serviceErrors,
  StatefulSet: statefulSetErrors,
};

/** What is wrong with an object of a built-in kind, and with the change from `live` to it. */
export function builtInErrors(object: KubeObject, live: KubeObject | undefined): readonly FieldError[] {
  const errors = RULES[object.kind]?.(object) ?? [];
  return live === undefined ? errors : [...errors, ...immutableErrors(object, live)];
}
