import type { ScopesUnderTest } from '../../faults/history/run/scopes.ts';
import type { ScopeUnderTest } from '../../faults/history/scope.ts';
import type { Version } from '../../faults/history/truth.ts';

/** Where the clients write. */
export const NAMESPACES = ['watched-a', 'watched-b', 'watched-c'] as const;
export const TIERS = ['gold', 'silver', 'bronze'] as const;

const isIn =
  (namespace: string) =>
  ({ fields }: Version): boolean =>
    fields['metadata.namespace'] === namespace;
const isTier =
  (tier: string) =>
  ({ labels }: Version): boolean =>
    labels['tier'] === tier;

function scope(
  title: string,
  resource: string,
  watch: { readonly namespace?: string; readonly labelSelector?: string; readonly fieldSelector?: string },
  selects: ScopeUnderTest['selects'],
): ScopeUnderTest {
  const { namespace, ...selectors } = watch;
  const path =
    namespace === undefined ? `/api/v1/${resource}` : `/api/v1/namespaces/${namespace}/${resource}`;
  return { title, resource, watch: { path, ...selectors }, selects };
}

/** The same ways to narrow a watch as before the demo server, of kinds whose fields change. */
export const REAL_SCOPES: ScopesUnderTest = {
  all: scope('all config maps', 'configmaps', {}, () => true),
  namespace: scope('config maps in a', 'configmaps', { namespace: NAMESPACES[0] }, isIn(NAMESPACES[0])),
  label: scope('gold config maps', 'configmaps', { labelSelector: 'tier=gold' }, isTier('gold')),
  labels: scope(
    'config maps in b that are not gold',
    'configmaps',
    { namespace: NAMESPACES[1], labelSelector: 'tier,tier notin (gold)' },
    (version) =>
      isIn(NAMESPACES[1])(version) && version.labels['tier'] !== undefined && !isTier('gold')(version),
  ),
  field: scope(
    'running pods',
    'pods',
    { fieldSelector: 'status.phase=Running' },
    ({ fields }) => fields['status.phase'] === 'Running',
  ),
  both: scope(
    'silver pods in c that run',
    'pods',
    { namespace: NAMESPACES[2], labelSelector: 'tier=silver', fieldSelector: 'status.phase=Running' },
    (version) =>
      isIn(NAMESPACES[2])(version) &&
      isTier('silver')(version) &&
      version.fields['status.phase'] === 'Running',
  ),
  name: scope(
    'one config map',
    'configmaps',
    { namespace: NAMESPACES[0], fieldSelector: 'metadata.name=object-3' },
    (version) => isIn(NAMESPACES[0])(version) && version.fields['metadata.name'] === 'object-3',
  ),
};
