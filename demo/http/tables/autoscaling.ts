import { ageColumn, integer, nameColumn, text, type Column } from './column.ts';
import type { Fields } from './fields.ts';

const UNKNOWN = '<unknown>';

/** Metrics that fit into a cell. */
const SHOWN = 2;

export const autoscalerColumns: readonly Column[] = [
  nameColumn,
  text('Reference', (object) => {
    const target = object.at('spec', 'scaleTargetRef');
    return `${target.text('kind')}/${target.text('name')}`;
  }),
  text('Targets', targetsText),
  text('MinPods', (object) => {
    const minimum = object.at('spec').raw('minReplicas');
    return typeof minimum === 'number' ? String(minimum) : '<unset>';
  }),
  text('MaxPods', (object) => object.at('spec').number('maxReplicas')),
  text('Replicas', (object) => object.at('status').number('currentReplicas')),
  ageColumn,
];

export const disruptionBudgetColumns: readonly Column[] = [
  nameColumn,
  text('Min Available', (object) => budgetText(object, 'minAvailable')),
  text('Max Unavailable', (object) => budgetText(object, 'maxUnavailable')),
  integer('Allowed Disruptions', (object) => object.at('status').number('disruptionsAllowed')),
  ageColumn,
];

function budgetText(object: Fields, key: string): string {
  const value = object.at('spec').raw(key);
  return typeof value === 'number' || typeof value === 'string' ? String(value) : 'N/A';
}

function targetsText(object: Fields): string {
  const spec = object.at('spec');
  // autoscaling/v1 knows processor load only.
  if (spec.has('targetCPUUtilizationPercentage')) {
    const current = object.at('status').raw('currentCPUUtilizationPercentage');
    return `cpu: ${percent(current)}/${percent(spec.raw('targetCPUUtilizationPercentage'))}`;
  }
  const metrics = spec.list('metrics');
  if (metrics.length === 0) return '<none>';
  const current = object.at('status').list('currentMetrics');
  const texts = metrics.slice(0, SHOWN).map((metric, index) => metricText(metric, current[index]));
  const more = metrics.length - SHOWN;
  return more > 0 ? `${texts.join(', ')} + ${more} more...` : texts.join(', ');
}

const SOURCES: Readonly<Record<string, string>> = {
  Resource: 'resource',
  ContainerResource: 'containerResource',
  Pods: 'pods',
  Object: 'object',
  External: 'external',
};

function metricText(metric: Fields, status: Fields | undefined): string {
  const key = SOURCES[metric.text('type') ?? ''] ?? '';
  const source = metric.at(key);
  const current = status?.at(key, 'current');
  const target = source.at('target');
  const prefix = source.has('name') ? `${source.text('name')}: ` : '';
  if (target.has('averageUtilization')) {
    return `${prefix}${percent(current?.raw('averageUtilization'))}/${percent(target.raw('averageUtilization'))}`;
  }
  const isAverage = target.has('averageValue');
  const member = isAverage ? 'averageValue' : 'value';
  // Other metrics than of the pod's own resources say that a value is an average.
  const suffix = isAverage && (key === 'object' || key === 'external') ? ' (avg)' : '';
  return `${prefix}${current?.text(member) ?? UNKNOWN}/${target.text(member) ?? UNKNOWN}${suffix}`;
}

function percent(value: unknown): string {
  return typeof value === 'number' ? `${value}%` : UNKNOWN;
}
