import type { WatchScope } from '../../../../src/watch/scope.ts';
import type { ScopeUnderTest } from '../scope.ts';
import type { Version } from '../truth.ts';
import type { ScopesUnderTest } from './scopes.ts';

export const NAMESPACES = ['alpha', 'beta', 'gamma'] as const;
export const TIERS = ['gold', 'silver', 'bronze'] as const;
/** Of secrets: what a field selector can ask for beside names. */
export const TYPES = ['Opaque', 'kubegraph.dev/other'] as const;

const ALL = '/api/v1/secrets';
const pathIn = (namespace: string): string => `/api/v1/namespaces/${namespace}/secrets`;
const isIn =
  (namespace: string) =>
  ({ fields }: Version): boolean =>
    fields['metadata.namespace'] === namespace;
const isType =
  (type: string) =>
  ({ fields }: Version): boolean =>
    fields['type'] === type;

function scope(title: string, watch: WatchScope, selects: ScopeUnderTest['selects']): ScopeUnderTest {
  return { title, resource: 'secrets', watch, selects };
}

/** Of secrets. */
export const DEMO_SCOPES: ScopesUnderTest = {
  all: scope('all secrets', { path: ALL }, () => true),
  namespace: scope('secrets in alpha', { path: pathIn('alpha') }, isIn('alpha')),
  label: scope(
    'secrets of tier gold',
    { path: ALL, labelSelector: 'tier=gold' },
    ({ labels }) => labels['tier'] === 'gold',
  ),
  labels: scope(
    'secrets in beta that are not gold',
    { path: pathIn('beta'), labelSelector: 'tier,tier notin (gold)' },
    (version) => isIn('beta')(version) && !['gold', undefined].includes(version.labels['tier']),
  ),
  field: scope('secrets of another type', { path: ALL, fieldSelector: `type=${TYPES[1]}` }, isType(TYPES[1])),
  both: scope(
    'silver secrets in gamma that are opaque',
    { path: pathIn('gamma'), labelSelector: 'tier=silver', fieldSelector: `type!=${TYPES[1]}` },
    (version) => isIn('gamma')(version) && isType(TYPES[0])(version) && version.labels['tier'] === 'silver',
  ),
  name: scope(
    'one secret',
    { path: pathIn('alpha'), fieldSelector: 'metadata.name=object-3' },
    (version) => isIn('alpha')(version) && version.fields['metadata.name'] === 'object-3',
  ),
};

/** Written in the end, each is the last event of the scopes that it is in; every scope has one. */
export const LAST_WRITES: readonly { namespace: string; name: string; tier: string; type: string }[] = [
  { namespace: 'beta', name: 'object-1', tier: 'bronze', type: TYPES[1] },
  { namespace: 'gamma', name: 'object-2', tier: 'silver', type: TYPES[0] },
  { namespace: 'alpha', name: 'object-3', tier: 'gold', type: TYPES[1] },
];
