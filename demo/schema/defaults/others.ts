import { isRecord } from '../record.ts';
import { fill, fillEach, fillMember, type Json } from './fill.ts';

export function secretDefaults({ stringData, ...object }: Json): Json {
  const encoded = isRecord(stringData)
    ? Object.fromEntries(
        Object.entries(stringData).map(([key, text]) => [key, Buffer.from(String(text)).toString('base64')]),
      )
    : undefined;
  const data =
    encoded === undefined ? {} : { data: { ...(isRecord(object.data) ? object.data : {}), ...encoded } };
  // The empty type is kept as text elsewhere; here it is none.
  return {
    ...object,
    ...data,
    type: object.type === undefined || object.type === '' ? 'Opaque' : object.type,
  };
}

export function namespaceDefaults(object: Json): Json {
  const metadata = isRecord(object.metadata) ? object.metadata : {};
  if (metadata.name === undefined || metadata.name === '') return object;
  const labels = {
    ...(isRecord(metadata.labels) ? metadata.labels : {}),
    'kubernetes.io/metadata.name': metadata.name,
  };
  return { ...object, metadata: { ...metadata, labels } };
}

export function limitRangeDefaults(object: Json): Json {
  const limit = (each: Json): Json => {
    if (each.type !== 'Container') return each;
    const limits = fill(each.default, isRecord(each.max) ? each.max : {});
    const requests = fill(each.defaultRequest, { ...limits, ...(isRecord(each.min) ? each.min : {}) });
    return { ...each, default: limits, defaultRequest: requests };
  };
  return {
    ...object,
    ...fillMember(object, 'spec', (spec) => ({ ...spec, ...fillEach(spec, 'limits', limit) })),
  };
}

export function autoscalerDefaults(object: Json): Json {
  const spec = fill(object.spec, { minReplicas: 1 });
  if (object.apiVersion === 'autoscaling/v1') {
    return { ...object, spec: fill(spec, { targetCPUUtilizationPercentage: 80 }) };
  }
  const target = { type: 'Utilization', averageUtilization: 80 };
  const metrics = [{ type: 'Resource', resource: { name: 'cpu', target } }];
  return { ...object, spec: { metrics, ...spec, ...fillMember(spec, 'behavior', behaviorDefaults) } };
}

function behaviorDefaults(behavior: Json): Json {
  const everything = { type: 'Percent', value: 100, periodSeconds: 15 };
  const up = {
    stabilizationWindowSeconds: 0,
    selectPolicy: 'Max',
    policies: [{ type: 'Pods', value: 4, periodSeconds: 15 }, everything],
  };
  const down = { selectPolicy: 'Max', policies: [everything] };
  return { ...behavior, scaleUp: fill(behavior.scaleUp, up), scaleDown: fill(behavior.scaleDown, down) };
}

const RBAC = 'rbac.authorization.k8s.io';

export function bindingDefaults(object: Json): Json {
  const subject = (each: Json): Json =>
    each.kind === 'ServiceAccount' ? each : fill(each, { apiGroup: RBAC });
  return {
    ...object,
    ...fillEach(object, 'subjects', subject),
    roleRef: fill(object.roleRef, { apiGroup: RBAC }),
  };
}

export function definitionDefaults(object: Json): Json {
  return { ...object, ...fillMember(object, 'spec', definitionSpecDefaults) };
}

function definitionSpecDefaults({ preserveUnknownFields, ...spec }: Json): Json {
  return {
    ...spec,
    // False is what it is anyway, and true is refused.
    ...(preserveUnknownFields === true ? { preserveUnknownFields } : {}),
    conversion: conversionDefaults(fill(spec.conversion, { strategy: 'None' })),
    ...fillMember(spec, 'names', (names) => {
      const kind = typeof names.kind === 'string' ? names.kind : '';
      return kind === '' ? names : { singular: kind.toLowerCase(), listKind: `${kind}List`, ...names };
    }),
  };
}

function conversionDefaults(conversion: Json): Json {
  const client = (config: Json): Json => ({
    ...config,
    ...fillMember(config, 'service', (service) => fill(service, { port: 443 })),
  });
  const webhook = (hook: Json): Json => ({ ...hook, ...fillMember(hook, 'clientConfig', client) });
  return { ...conversion, ...fillMember(conversion, 'webhook', webhook) };
}
