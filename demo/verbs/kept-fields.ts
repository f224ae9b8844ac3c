import { isDeepStrictEqual } from 'node:util';
import type { KubeObject, ObjectMeta } from '../api/object.ts';
import type { ServedResource } from '../api/resource.ts';
import type { FieldError } from '../schema/schema.ts';
import { printJson } from '../api/json.ts';
import { fieldForbidden } from './errors.ts';
import { recordOf } from './json-errors.ts';
import { hasSubresource } from './strategy.ts';

/**
 * `next` with what this request may not touch as it is in `live`: the status through the main door where it has one of its
 * own, and all the rest through that one.
 */
export function withKept(
  next: KubeObject,
  live: KubeObject,
  resource: ServedResource,
  subresource: string | undefined,
): KubeObject {
  if (subresource === 'status') return withOnly('status', next, live, statusMetadata(next, live, resource));
  if (subresource === 'finalize') return withOnly('spec', next, live, next.metadata);
  const own = hasSubresource(resource, 'status') ? withMember('status', next, live) : next;
  return KEEPERS[resource.storageKey]?.(own, live) ?? own;
}

const KEEPERS: Readonly<Record<string, (next: KubeObject, live: KubeObject) => KubeObject>> = {
  // Finalizers of namespaces are changed through their subresource.
  '/namespaces': (next, live) => withMember('spec', next, live),
  '/services': withAddresses,
};

/** Clients need not repeat the addresses that the server has given. */
function withAddresses(next: KubeObject, live: KubeObject): KubeObject {
  const spec = recordOf(next['spec']);
  const liveSpec = recordOf(live['spec']);
  if (spec['clusterIP'] !== undefined && spec['clusterIP'] !== '') return next;
  const given = ['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy'].flatMap((key) =>
    liveSpec[key] === undefined ? [] : [[key, liveSpec[key]] as const],
  );
  return { ...next, spec: { ...spec, ...Object.fromEntries(given) } };
}

function statusMetadata(next: KubeObject, live: KubeObject, resource: ServedResource): ObjectMeta {
  const { managedFields = [] } = next.metadata;
  if (resource.isCustom) return { ...live.metadata, ...(managedFields.length > 0 ? { managedFields } : {}) };
  const { labels: _, ...metadata } = next.metadata;
  const { labels } = live.metadata;
  return { ...metadata, ...(labels === undefined ? {} : { labels }) };
}

/** `live` with one member, and the metadata, of `next`. */
function withOnly(key: string, next: KubeObject, live: KubeObject, metadata: ObjectMeta): KubeObject {
  return { ...withMember(key, live, next), metadata };
}

/** `object` with one member as `other` has it. */
function withMember(key: string, object: KubeObject, other: KubeObject): KubeObject {
  const { [key]: _, ...rest } = object;
  return { ...(rest as KubeObject), ...(other[key] === undefined ? {} : { [key]: other[key] }) };
}

/** Changes that the real server refuses for certain kinds, beyond what schemas say. */
export function immutabilityErrors(
  next: KubeObject,
  live: KubeObject,
  { storageKey }: ServedResource,
): readonly FieldError[] {
  switch (storageKey) {
    case '/configmaps':
    case '/secrets':
      return live['immutable'] === true ? frozenErrors(next, live) : [];
    case 'apps/deployments':
    case 'apps/replicasets':
    case 'apps/daemonsets':
      return selectorErrors(next, live);
    case '/pods':
      return podErrors(next, live);
    default:
      return [];
  }
}

function frozenErrors(next: KubeObject, live: KubeObject): readonly FieldError[] {
  const why = 'field is immutable when `immutable` is set';
  return ['immutable', 'data', 'binaryData']
    .filter((key) => !isDeepStrictEqual(next[key], live[key]))
    .map((key) => fieldForbidden(key, why));
}

function selectorErrors(next: KubeObject, live: KubeObject): readonly FieldError[] {
  const selector = recordOf(next['spec'])['selector'];
  if (isDeepStrictEqual(selector, recordOf(live['spec'])['selector'])) return [];
  const message = `Invalid value: ${printJson(selector)}: field is immutable`;
  return [{ reason: 'FieldValueInvalid', field: 'spec.selector', message }];
}

const POD_FIELDS =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';

function podErrors(next: KubeObject, live: KubeObject): readonly FieldError[] {
  return isDeepStrictEqual(fixedPodSpec(next), fixedPodSpec(live)) ? [] : [fieldForbidden('spec', POD_FIELDS)];
}

function fixedPodSpec(pod: KubeObject): unknown {
  const { activeDeadlineSeconds: _, tolerations: __, ...spec } = recordOf(pod['spec']);
  return { ...spec, containers: withoutImages(spec['containers']), initContainers: withoutImages(spec['initContainers']) };
}

function withoutImages(containers: unknown): unknown {
  if (!Array.isArray(containers)) return containers;
  return containers.map((container: unknown) => ({ ...recordOf(container), image: '' }));
}
