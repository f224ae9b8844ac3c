import { isRecord } from '../record.ts';
import { fill, fillEach, type Json } from './fill.ts';

export function serviceDefaults(object: Json): Json {
  const spec = isRecord(object.spec) ? object.spec : {};
  const type = spec.type ?? 'ClusterIP';
  const base = { sessionAffinity: 'None', ...spec, type, ...affinity(spec) };
  if (type === 'ExternalName') return { ...object, spec: base };
  const port = ({ targetPort = 0, ...each }: Json): Json => ({
    ...TCP,
    ...each,
    targetPort: targetPort === 0 || targetPort === '' ? each.port : targetPort,
  });
  return {
    ...object,
    spec: {
      internalTrafficPolicy: 'Cluster',
      ...(type === 'ClusterIP' ? {} : { externalTrafficPolicy: 'Cluster' }),
      ...(type === 'LoadBalancer' ? { allocateLoadBalancerNodePorts: true } : {}),
      ...base,
      ...fillEach(spec, 'ports', port),
    },
  };
}

const TCP = { protocol: 'TCP' };

function affinity(spec: Json): Json {
  if (spec.sessionAffinity !== 'ClientIP' || spec.sessionAffinityConfig !== undefined) return {};
  return { sessionAffinityConfig: { clientIP: { timeoutSeconds: 10_800 } } };
}

export function ingressClassDefaults(object: Json): Json {
  const { spec } = object;
  if (!isRecord(spec) || !isRecord(spec.parameters)) return object;
  return { ...object, spec: { ...spec, parameters: fill(spec.parameters, { scope: 'Cluster' }) } };
}

export function networkPolicyDefaults(object: Json): Json {
  const spec = isRecord(object.spec) ? object.spec : {};
  const rule = (each: Json): Json => ({ ...each, ...fillEach(each, 'ports', (port) => fill(port, TCP)) });
  const policyTypes = spec.egress === undefined ? ['Ingress'] : ['Ingress', 'Egress'];
  return {
    ...object,
    spec: {
      podSelector: {},
      policyTypes,
      ...spec,
      ...fillEach(spec, 'ingress', rule),
      ...fillEach(spec, 'egress', rule),
    },
  };
}

export function endpointsDefaults(object: Json): Json {
  const subset = (each: Json): Json => ({ ...each, ...fillEach(each, 'ports', (port) => fill(port, TCP)) });
  return { ...object, ...fillEach(object, 'subsets', subset) };
}

export function endpointSliceDefaults(object: Json): Json {
  return {
    ...object,
    ...fillEach(object, 'endpoints', (endpoint) => fill(endpoint, { conditions: {} })),
    ...fillEach(object, 'ports', (port) => fill(port, { name: '', ...TCP })),
  };
}
