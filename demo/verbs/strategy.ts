import type { ServedResource } from '../api/resource.ts';
import { dnsLabelErrors, pathSegmentErrors, subdomainErrors } from '../schema/validation/names.ts';

/** Where resources differ from each other in what requests do. */
export interface Strategy {
  /** `metadata.generation` counts the changes of what is wanted. */
  readonly hasGeneration: boolean;
  /** PUT creates an object that is not there. */
  readonly createsOnUpdate: boolean;
  /** PUT without a resourceVersion overwrites whatever is there. */
  readonly updatesUnconditionally: boolean;
  /** DELETE answers the object, not a Status, also when it is gone at once. */
  readonly answersDeleted: boolean;
  readonly nameErrors: (name: string) => readonly string[];
}

export function strategyOf({ storageKey, isCustom }: ServedResource): Strategy {
  return {
    hasGeneration: isCustom || WITH_GENERATION.has(storageKey),
    createsOnUpdate: CREATED_ON_UPDATE.has(storageKey) || isRbac(storageKey),
    updatesUnconditionally: !isCustom && !LOCKED.has(storageKey),
    answersDeleted: ANSWERED_WHEN_DELETED.has(storageKey),
    nameErrors: nameRuleOf(storageKey),
  };
}

export function hasSubresource(resource: ServedResource, name: string): boolean {
  return resource.subresources.some((subresource) => subresource.name === name);
}

function nameRuleOf(storageKey: string): Strategy['nameErrors'] {
  if (storageKey === '/namespaces' || storageKey === '/services') return dnsLabelErrors;
  return isRbac(storageKey) ? pathSegmentErrors : subdomainErrors;
}

function isRbac(storageKey: string): boolean {
  return storageKey.startsWith('rbac.authorization.k8s.io/');
}

const WITH_GENERATION: ReadonlySet<string> = new Set([
  '/pods',
  '/podtemplates',
  '/replicationcontrollers',
  'apiextensions.k8s.io/customresourcedefinitions',
  'apps/daemonsets',
  'apps/deployments',
  'apps/replicasets',
  'apps/statefulsets',
  'batch/cronjobs',
  'batch/jobs',
  'discovery.k8s.io/endpointslices',
  'networking.k8s.io/ingressclasses',
  'networking.k8s.io/ingresses',
  'networking.k8s.io/networkpolicies',
  'policy/poddisruptionbudgets',
  'scheduling.k8s.io/priorityclasses',
]);

const CREATED_ON_UPDATE: ReadonlySet<string> = new Set([
  '/endpoints',
  '/events',
  '/limitranges',
  '/services',
  'coordination.k8s.io/leases',
]);

/** Built-ins that want a resourceVersion with every PUT, as custom resources do. */
const LOCKED: ReadonlySet<string> = new Set([
  'apiextensions.k8s.io/customresourcedefinitions',
  'coordination.k8s.io/leases',
  'policy/poddisruptionbudgets',
]);

const ANSWERED_WHEN_DELETED: ReadonlySet<string> = new Set([
  '/namespaces',
  '/persistentvolumeclaims',
  '/persistentvolumes',
  '/pods',
  '/podtemplates',
  '/resourcequotas',
  '/serviceaccounts',
  '/services',
  'storage.k8s.io/storageclasses',
]);
