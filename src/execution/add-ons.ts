import { apiVersionOf, type GroupVersion, type Resource } from '../catalog/resource.ts';
import { groupVersionPrefix } from '../mapping/names/naming.ts';
import { apiVersionsByType } from '../mapping/names/prefixes.ts';
import type { Operation } from '../mapping/names/resource-fields.ts';
import { RootNames } from '../mapping/names/root-names.ts';

/** The metrics API as everybody serves it who does. Its names are asked for on clusters that have it not. */
const METRICS: GroupVersion = {
  group: 'metrics.k8s.io',
  version: 'v1beta1',
  stale: false,
  resources: [
    metricsResource({ kind: 'NodeMetrics', resource: 'nodes', namespaced: false }),
    metricsResource({ kind: 'PodMetrics', resource: 'pods', namespaced: true }),
  ],
};

const API_VERSION = apiVersionOf(METRICS);

const METRICS_NAMES = new RootNames(
  { groups: [{ name: METRICS.group, versions: [METRICS] }], problems: [] },
  { prefixOf: groupVersionPrefix },
);

const apiVersionOfType = apiVersionsByType([API_VERSION], groupVersionPrefix);

/** Why there is no root field of that name, where an add-on would bring it; undefined for all other names. */
export function whyFieldNotServed(names: RootNames, operation: Operation, name: string): string | undefined {
  return METRICS_NAMES.field(operation, name) && whyNotServed(names);
}

/** Why there is no type of that name, where an add-on would bring it; undefined for all other names. */
export function whyTypeNotServed(names: RootNames, name: string): string | undefined {
  return apiVersionOfType(name) && whyNotServed(names);
}

/** Undefined where the API server serves it, and a name is unknown for another reason. */
function whyNotServed({ byGroupVersion }: RootNames): string | undefined {
  const served = byGroupVersion.get(API_VERSION);
  if (served === undefined)
    return `${API_VERSION} is not served here. It is an add-on that a cluster need not have: metrics-server brings it`;
  return served.length === 0 ? `${API_VERSION} is installed, and what serves it does not answer` : undefined;
}

function metricsResource(each: Pick<Resource, 'kind' | 'resource' | 'namespaced'>): Resource {
  return {
    ...each,
    group: 'metrics.k8s.io',
    version: 'v1beta1',
    singular: '',
    verbs: ['get', 'list'],
    shortNames: [],
    categories: [],
    subresources: [],
  };
}
