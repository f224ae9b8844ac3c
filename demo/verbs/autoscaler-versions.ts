import type { KubeObject } from '../api/object.ts';
import { parseJson, printJson } from '../api/json.ts';
import { isRecord, recordOf } from './json-errors.ts';
import { currentToV1, currentToV2, type Json, metricToV1, metricToV2 } from './metric-versions.ts';

/**
 * autoscaling/v1 knows one metric, the use of CPUs: annotations carry what else v2 has. The real server converts so, and its
 * annotations are in forms of their own.
 */
const ANNOTATION = 'autoscaling.alpha.kubernetes.io';
const METRICS = `${ANNOTATION}/metrics`;
const BEHAVIOR = `${ANNOTATION}/behavior`;
const CONDITIONS = `${ANNOTATION}/conditions`;
const CURRENT_METRICS = `${ANNOTATION}/current-metrics`;
const OWN: ReadonlySet<string> = new Set([METRICS, BEHAVIOR, CONDITIONS, CURRENT_METRICS]);

export function autoscalerToV1(object: KubeObject): KubeObject {
  const { metrics, behavior, ...spec } = recordOf(object['spec']);
  const { conditions, currentMetrics, currentReplicas = 0, ...status } = recordOf(object['status']);
  const others = listOf(metrics).filter((metric) => cpuTarget(metric) === undefined);
  const target = listOf(metrics).map(cpuTarget).find(isSet);
  const current = listOf(currentMetrics).map(cpuUse).find(isSet);
  return {
    ...withAnnotations(object, {
      ...object.metadata.annotations,
      ...written(BEHAVIOR, isRecord(behavior) ? inGoNames(behavior) : undefined),
      ...written(CONDITIONS, someOf(conditions)),
      ...written(CURRENT_METRICS, someOf(currentMetrics)?.map(currentToV1)),
      ...written(METRICS, someOf(others)?.map(metricToV1)),
    }),
    apiVersion: 'autoscaling/v1',
    spec: { ...spec, ...(target === undefined ? {} : { targetCPUUtilizationPercentage: target }) },
    status: {
      ...status,
      currentReplicas,
      desiredReplicas: status['desiredReplicas'] ?? 0,
      ...(current === undefined ? {} : { currentCPUUtilizationPercentage: current }),
    },
  };
}

export function autoscalerToV2(object: KubeObject): KubeObject {
  const annotations = object.metadata.annotations ?? {};
  const { targetCPUUtilizationPercentage: target, ...spec } = recordOf(object['spec']);
  const { currentCPUUtilizationPercentage: current, currentReplicas, ...status } = recordOf(object['status']);
  const metrics = [
    ...listOf(read(annotations[METRICS])).map(metricToV2),
    ...(target === undefined ? [] : [cpuMetric({ type: 'Utilization', averageUtilization: target })]),
  ];
  const behavior = read(annotations[BEHAVIOR]);
  const conditions = read(annotations[CONDITIONS]);
  const measured = read(annotations[CURRENT_METRICS]);
  const alone = current === undefined ? null : [cpuMeasure({ averageUtilization: current })];
  const rest = Object.entries(annotations).filter(([key]) => !OWN.has(key));
  return {
    ...withAnnotations(object, Object.fromEntries(rest)),
    apiVersion: 'autoscaling/v2',
    spec: {
      ...spec,
      ...(metrics.length === 0 ? {} : { metrics }),
      ...(isRecord(behavior) ? { behavior: inJsonNames(behavior) } : {}),
    },
    status: {
      ...status,
      ...(currentReplicas === undefined || currentReplicas === 0 ? {} : { currentReplicas }),
      desiredReplicas: status['desiredReplicas'] ?? 0,
      currentMetrics: Array.isArray(measured) ? measured.map(currentToV2) : alone,
      ...(Array.isArray(conditions) ? { conditions } : {}),
    },
  };
}

function cpuMetric(target: Json): Json {
  return { type: 'Resource', resource: { name: 'cpu', target } };
}

function cpuMeasure(current: Json): Json {
  return { type: 'Resource', resource: { name: 'cpu', current } };
}

/** What v1 has a field for. */
function cpuTarget(metric: unknown): unknown {
  const { name, target } = recordOf(recordOf(metric)['resource']);
  return name === 'cpu' ? recordOf(target)['averageUtilization'] : undefined;
}

function cpuUse(metric: unknown): unknown {
  const { name, current } = recordOf(recordOf(metric)['resource']);
  return name === 'cpu' ? recordOf(current)['averageUtilization'] : undefined;
}

function withAnnotations(object: KubeObject, annotations: Readonly<Record<string, string>>): KubeObject {
  const { annotations: _, ...metadata } = object.metadata;
  const isEmpty = Object.keys(annotations).length === 0;
  return { ...object, metadata: { ...metadata, ...(isEmpty ? {} : { annotations }) } };
}

function written(key: string, value: unknown): Readonly<Record<string, string>> {
  return value === undefined ? {} : { [key]: printJson(value) };
}

/** A client may write anything into an annotation: what cannot be read counts for nothing. */
function read(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

/** The annotation shows the server's own type. */
function inGoNames(behavior: Json): Json {
  const rules = (value: unknown): unknown => (isRecord(value) ? goRules(value) : null);
  return { ScaleUp: rules(behavior['scaleUp']), ScaleDown: rules(behavior['scaleDown']) };
}

function goRules({ stabilizationWindowSeconds, selectPolicy, policies, tolerance }: Json): Json {
  return {
    StabilizationWindowSeconds: stabilizationWindowSeconds ?? null,
    SelectPolicy: selectPolicy ?? null,
    Policies: listOf(policies).map((policy) => {
      const { type, value, periodSeconds } = recordOf(policy);
      return { Type: type, Value: value, PeriodSeconds: periodSeconds };
    }),
    Tolerance: tolerance ?? null,
  };
}

function inJsonNames(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inJsonNames);
  if (!isRecord(value)) return value;
  const members = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(
    members.map(([key, member]) => [`${key.charAt(0).toLowerCase()}${key.slice(1)}`, inJsonNames(member)]),
  );
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function someOf(value: unknown): readonly unknown[] | undefined {
  return Array.isArray(value) && value.length > 0 ? value : undefined;
}

function isSet(value: unknown): boolean {
  return value !== undefined;
}
