import { isDeepStrictEqual } from 'node:util';
import type { KubeObject } from '../../api/object.ts';
import type { FieldError } from '../schema.ts';
import { type Json, listOf, recordOf } from './checks.ts';
import { forbidden, invalid } from './field-errors.ts';

/** What may not change from `live` to `next`. */
export function immutableErrors(next: KubeObject, live: KubeObject): readonly FieldError[] {
  return RULES[next.kind]?.(next, live) ?? [];
}

type Rule = (next: Json, live: Json) => readonly FieldError[];

const fixed =
  (...paths: readonly string[]): Rule =>
  (next, live) =>
    paths.flatMap((path) => {
      const value = at(next, path);
      return isDeepStrictEqual(value, at(live, path))
        ? []
        : [invalid(path, value ?? null, 'field is immutable')];
    });

function at(object: Json, path: string): unknown {
  return path.split('.').reduce((value: unknown, key) => recordOf(value)[key], object);
}

/** All of `spec` but some of its members. */
const fixedSpec =
  (changeable: readonly string[], message: string): Rule =>
  (next, live) =>
    isDeepStrictEqual(without(next.spec, changeable), without(live.spec, changeable))
      ? []
      : [forbidden('spec', message)];

function without(spec: unknown, keys: readonly string[]): Json {
  return Object.fromEntries(Object.entries(recordOf(spec)).filter(([key]) => !keys.includes(key)));
}

const STATEFUL_SET = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
];
const STATEFUL_SET_RULE =
  "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden";

const CLAIM_RULE =
  'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims';

const POD_RULE =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';

const RULES: Readonly<Record<string, Rule>> = {
  ClusterRoleBinding: roleRefErrors,
  ConfigMap: dataErrors,
  CustomResourceDefinition: fixed('spec.group', 'spec.names.plural', 'spec.names.kind', 'spec.scope'),
  DaemonSet: fixed('spec.selector'),
  Deployment: fixed('spec.selector'),
  Job: fixed('spec.completions', 'spec.selector', 'spec.template'),
  PersistentVolumeClaim: claimErrors,
  Pod: podErrors,
  ReplicaSet: fixed('spec.selector'),
  RoleBinding: roleRefErrors,
  Secret: (next, live) => [...fixed('type')(next, live), ...dataErrors(next, live)],
  Service: addressErrors,
  StatefulSet: fixedSpec(STATEFUL_SET, STATEFUL_SET_RULE),
  StorageClass: fixed('provisioner', 'parameters', 'reclaimPolicy', 'volumeBindingMode'),
};

function roleRefErrors({ roleRef }: Json, live: Json): readonly FieldError[] {
  if (isDeepStrictEqual(roleRef, live.roleRef)) return [];
  const { apiGroup, kind, name } = recordOf(roleRef);
  return [invalid('roleRef', { APIGroup: apiGroup, Kind: kind, Name: name }, 'cannot change roleRef')];
}

/** `immutable` is for good. */
function dataErrors(next: Json, live: Json): readonly FieldError[] {
  if (live.immutable !== true) return [];
  const rule = 'field is immutable when `immutable` is set';
  const changed = ['data', 'binaryData'].filter((key) => !isDeepStrictEqual(next[key], live[key]));
  return [...(next.immutable === true ? [] : ['immutable']), ...changed].map((key) => forbidden(key, rule));
}

function addressErrors({ spec }: Json, live: Json): readonly FieldError[] {
  const now = recordOf(spec);
  const { clusterIP, type } = recordOf(live.spec);
  const isFixed =
    clusterIP !== undefined && clusterIP !== '' && type !== 'ExternalName' && now.type !== 'ExternalName';
  if (!isFixed || now.clusterIP === undefined || now.clusterIP === clusterIP) return [];
  return [invalid('spec.clusterIPs[0]', [now.clusterIP], 'may not change once set')];
}

/** A claim is bound to what it asked for; the name of its volume is filled in once. */
function claimErrors(next: Json, live: Json): readonly FieldError[] {
  const changeable = recordOf(live.spec).volumeName === undefined ? ['volumeName', 'storageClassName'] : [];
  const isBound = recordOf(live.status).phase === 'Bound';
  return fixedSpec(
    [...changeable, ...(isBound ? ['resources', 'volumeAttributesClassName'] : [])],
    CLAIM_RULE,
  )(next, live);
}

const POD_CHANGEABLE = [
  'activeDeadlineSeconds',
  'tolerations',
  'terminationGracePeriodSeconds',
  'nodeName',
  'schedulingGates',
];

function podErrors(next: Json, live: Json): readonly FieldError[] {
  const [now, before] = [recordOf(next.spec), recordOf(live.spec)];
  const counts = ['containers', 'initContainers'].filter(
    (key) => listOf(now[key]).length !== listOf(before[key]).length,
  );
  if (counts.length > 0)
    return counts.map((key) => forbidden(`spec.${key}`, 'pod updates may not add or remove containers'));
  const isSame = isDeepStrictEqual(withoutImages(now), withoutImages(before));
  return isSame ? [] : [forbidden('spec', POD_RULE)];
}

function withoutImages(spec: Json): Json {
  const strip = (key: string): readonly Json[] =>
    listOf(spec[key]).map((container) => without(container, ['image']));
  return {
    ...without(spec, POD_CHANGEABLE),
    containers: strip('containers'),
    initContainers: strip('initContainers'),
  };
}
