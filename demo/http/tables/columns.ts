import type { ServedResource } from '../../api/resource.ts';
import { autoscalerColumns, disruptionBudgetColumns } from './autoscaling.ts';
import {
  bindingColumns,
  configMapColumns,
  createdAtColumns,
  eventColumns,
  leaseColumns,
  namespaceColumns,
  nodeColumns,
  priorityClassColumns,
  secretColumns,
} from './cluster.ts';
import { ageColumn, integer, nameColumn, text, type Column } from './column.ts';
import { customColumns } from './custom.ts';
import {
  endpointsColumns,
  endpointSliceColumns,
  ingressClassColumns,
  ingressColumns,
  networkPolicyColumns,
  serviceColumns,
} from './network.ts';
import { podColumns } from './pods.ts';
import {
  claimColumns,
  csiDriverColumns,
  csiNodeColumns,
  podTemplateColumns,
  resourceQuotaColumns,
  storageClassColumns,
  volumeAttachmentColumns,
  volumeColumns,
} from './storage.ts';
import {
  controllerRevisionColumns,
  cronJobColumns,
  daemonSetColumns,
  deploymentColumns,
  jobColumns,
  replicaSetColumns,
  replicationControllerColumns,
  statefulSetColumns,
} from './workloads.ts';

/** The columns of a resource, as the real server has them; name and age where it has no better idea. */
export function columnsOf(resource: ServedResource, subresource: string | undefined): readonly Column[] {
  if (subresource === 'scale') return scaleColumns;
  if (resource.isCustom) return customColumns(resource);
  return BUILT_IN[`${resource.group}/${resource.resource}`] ?? defaultColumns;
}

const defaultColumns: readonly Column[] = [nameColumn, ageColumn];

const scaleColumns: readonly Column[] = [
  { ...nameColumn, format: '' },
  integer('Desired', (scale) => scale.at('spec').number('replicas')),
  integer('Available', (scale) => scale.at('status').number('replicas')),
  text('Age', ageColumn.cell),
];

const BUILT_IN: Readonly<Record<string, readonly Column[] | undefined>> = {
  '/configmaps': configMapColumns,
  '/endpoints': endpointsColumns,
  '/events': eventColumns,
  '/limitranges': createdAtColumns,
  '/namespaces': namespaceColumns,
  '/nodes': nodeColumns,
  '/persistentvolumeclaims': claimColumns,
  '/persistentvolumes': volumeColumns,
  '/pods': podColumns,
  '/podtemplates': podTemplateColumns,
  '/replicationcontrollers': replicationControllerColumns,
  '/resourcequotas': resourceQuotaColumns,
  '/secrets': secretColumns,
  '/services': serviceColumns,
  'apiextensions.k8s.io/customresourcedefinitions': createdAtColumns,
  'apps/controllerrevisions': controllerRevisionColumns,
  'apps/daemonsets': daemonSetColumns,
  'apps/deployments': deploymentColumns,
  'apps/replicasets': replicaSetColumns,
  'apps/statefulsets': statefulSetColumns,
  'autoscaling/horizontalpodautoscalers': autoscalerColumns,
  'batch/cronjobs': cronJobColumns,
  'batch/jobs': jobColumns,
  'coordination.k8s.io/leases': leaseColumns,
  'discovery.k8s.io/endpointslices': endpointSliceColumns,
  'events.k8s.io/events': eventColumns,
  'networking.k8s.io/ingressclasses': ingressClassColumns,
  'networking.k8s.io/ingresses': ingressColumns,
  'networking.k8s.io/networkpolicies': networkPolicyColumns,
  'policy/poddisruptionbudgets': disruptionBudgetColumns,
  'rbac.authorization.k8s.io/clusterrolebindings': bindingColumns,
  'rbac.authorization.k8s.io/clusterroles': createdAtColumns,
  'rbac.authorization.k8s.io/rolebindings': bindingColumns,
  'rbac.authorization.k8s.io/roles': createdAtColumns,
  'scheduling.k8s.io/priorityclasses': priorityClassColumns,
  'storage.k8s.io/csidrivers': csiDriverColumns,
  'storage.k8s.io/csinodes': csiNodeColumns,
  'storage.k8s.io/csistoragecapacities': createdAtColumns,
  'storage.k8s.io/storageclasses': storageClassColumns,
  'storage.k8s.io/volumeattachments': volumeAttachmentColumns,
};
