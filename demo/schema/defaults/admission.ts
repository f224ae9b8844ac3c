import type { KubeObject } from '../../api/object.ts';
import { isRecord } from '../record.ts';
import { fill, fillEach, type Json, records } from './fill.ts';

/**
 * A new object of a built-in kind with what the real server adds to it after defaults and managed fields: what admission
 * wants, and what is handed out. Nobody owns these fields. For creates only: an update keeps what is there.
 */
export function admitted(object: KubeObject): KubeObject {
  return (ADMISSIONS[`${object.apiVersion} ${object.kind}`]?.(object) as KubeObject | undefined) ?? object;
}

const ADMISSIONS: Readonly<Record<string, (object: KubeObject) => Json>> = {
  'v1 Node': admitNode,
  'v1 PersistentVolume': (object) => withFinalizer(object, 'kubernetes.io/pv-protection'),
  'v1 PersistentVolumeClaim': (object) => withFinalizer(object, 'kubernetes.io/pvc-protection'),
  'v1 Pod': admitPod,
  'v1 Service': admitService,
};

function withFinalizer(object: KubeObject, finalizer: string): Json {
  const { finalizers = [] } = object.metadata;
  if (finalizers.includes(finalizer)) return object;
  return { ...object, metadata: { ...object.metadata, finalizers: [...finalizers, finalizer] } };
}

function admitNode(node: Json): Json {
  const taints = [{ key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' }];
  return { ...node, spec: fill(node.spec, { taints }) };
}

function admitPod(pod: Json): Json {
  const spec = fill(pod.spec, { priority: 0, preemptionPolicy: 'PreemptLowerPriority' });
  return { ...pod, spec: { ...spec, tolerations: withTolerations(records(spec.tolerations)) } };
}

function withTolerations(tolerations: readonly Json[]): readonly Json[] {
  const added = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable']
    .filter((key) => !tolerations.some((toleration) => isTolerated(toleration, key)))
    .map((key) => ({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 }));
  return [...tolerations, ...added];
}

function isTolerated({ key, effect }: Json, taint: string): boolean {
  return (key === taint || key === undefined) && (effect === 'NoExecute' || effect === undefined);
}

/** Addresses and ports are always the same ones for the same namespace and name, so that a demo can be repeated. */
function admitService(service: KubeObject): Json {
  const spec = isRecord(service.spec) ? service.spec : {};
  if (spec.type === 'ExternalName') return service;
  const seed = seedOf(service);
  const isOutside = spec.type === 'NodePort' || spec.type === 'LoadBalancer';
  let index = 0;
  const port = (each: Json): Json => ({
    nodePort: NODE_PORTS + ((seed + index++) % NODE_PORT_COUNT),
    ...each,
  });
  return {
    ...service,
    spec: { ...spec, ...(isOutside ? fillEach(spec, 'ports', port) : {}), ...addresses(spec, seed) },
  };
}

const NODE_PORTS = 30_000;
const NODE_PORT_COUNT = 2768;

function addresses(spec: Json, seed: number): Json {
  const clusterIP = spec.clusterIP ?? `10.96.${(seed >>> 8) % 256}.${1 + (seed % 254)}`;
  // Nobody can know what is behind a service without an address and without a selector.
  const families =
    clusterIP === 'None' && spec.selector === undefined
      ? { ipFamilies: ['IPv4', 'IPv6'], ipFamilyPolicy: 'RequireDualStack' }
      : { ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack' };
  return {
    clusterIP,
    clusterIPs: spec.clusterIPs ?? [clusterIP],
    ipFamilies: spec.ipFamilies ?? families.ipFamilies,
    ipFamilyPolicy: spec.ipFamilyPolicy ?? families.ipFamilyPolicy,
  };
}

function seedOf({ metadata: { namespace = '', name } }: KubeObject): number {
  let seed = 0;
  for (const character of `${namespace}/${name}`) seed = (seed * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  return seed >>> 4;
}
