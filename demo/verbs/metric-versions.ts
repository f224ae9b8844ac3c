import { recordOf } from './json-errors.ts';

export type Json = Readonly<Record<string, unknown>>;

/** Metrics as the annotations of autoscaling/v1 have them, and as v2 has them. */

/** Under which names a source of metrics has a member in v1, and where it stands in v2. */
type Renaming = readonly (readonly [v1: string, v2: readonly string[]])[];

const METRIC: Readonly<Record<string, Renaming>> = {
  resource: [
    ['name', ['name']],
    ['targetAverageUtilization', ['target', 'averageUtilization']],
    ['targetAverageValue', ['target', 'averageValue']],
  ],
  containerResource: [
    ['name', ['name']],
    ['targetAverageUtilization', ['target', 'averageUtilization']],
    ['targetAverageValue', ['target', 'averageValue']],
    ['container', ['container']],
  ],
  pods: [
    ['metricName', ['metric', 'name']],
    ['targetAverageValue', ['target', 'averageValue']],
    ['selector', ['metric', 'selector']],
  ],
  object: [
    ['target', ['describedObject']],
    ['metricName', ['metric', 'name']],
    ['targetValue', ['target', 'value']],
    ['selector', ['metric', 'selector']],
    ['averageValue', ['target', 'averageValue']],
  ],
  external: [
    ['metricName', ['metric', 'name']],
    ['metricSelector', ['metric', 'selector']],
    ['targetValue', ['target', 'value']],
    ['targetAverageValue', ['target', 'averageValue']],
  ],
};

const MEASURE: Readonly<Record<string, Renaming>> = {
  resource: [
    ['name', ['name']],
    ['currentAverageUtilization', ['current', 'averageUtilization']],
    ['currentAverageValue', ['current', 'averageValue']],
  ],
  containerResource: [
    ['name', ['name']],
    ['currentAverageUtilization', ['current', 'averageUtilization']],
    ['currentAverageValue', ['current', 'averageValue']],
    ['container', ['container']],
  ],
  pods: [
    ['metricName', ['metric', 'name']],
    ['currentAverageValue', ['current', 'averageValue']],
    ['selector', ['metric', 'selector']],
  ],
  object: [
    ['target', ['describedObject']],
    ['metricName', ['metric', 'name']],
    ['currentValue', ['current', 'value']],
    ['selector', ['metric', 'selector']],
    ['averageValue', ['current', 'averageValue']],
  ],
  external: [
    ['metricName', ['metric', 'name']],
    ['metricSelector', ['metric', 'selector']],
    ['currentValue', ['current', 'value']],
    ['currentAverageValue', ['current', 'averageValue']],
  ],
};

export const metricToV1 = (metric: unknown): Json => converted(metric, METRIC, toV1);
export const metricToV2 = (metric: unknown): Json => converted(metric, METRIC, toV2WithType);
export const currentToV1 = (metric: unknown): Json => converted(metric, MEASURE, toV1);
export const currentToV2 = (metric: unknown): Json => converted(metric, MEASURE, toV2);

function converted(
  metric: unknown,
  renamings: Readonly<Record<string, Renaming>>,
  convert: (source: Json, renaming: Renaming) => Json,
): Json {
  return Object.fromEntries(
    Object.entries(recordOf(metric)).map(([key, value]) => {
      const renaming = renamings[key];
      return [key, renaming === undefined ? value : convert(recordOf(value), renaming)];
    }),
  );
}

function toV1(source: Json, renaming: Renaming): Json {
  return Object.fromEntries(
    renaming.flatMap(([name, path]) => {
      const value = path.reduce<unknown>((at, key) => recordOf(at)[key], source);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

function toV2(source: Json, renaming: Renaming): Json {
  return renaming.reduce<Json>((whole, [name, [first = '', second]]) => {
    const value = source[name];
    if (value === undefined) return whole;
    return {
      ...whole,
      [first]: second === undefined ? value : { ...recordOf(whole[first]), [second]: value },
    };
  }, {});
}

/** A target says of which type it is. */
function toV2WithType(source: Json, renaming: Renaming): Json {
  const whole = toV2(source, renaming);
  const target = recordOf(whole['target']);
  const type = TARGET_TYPES.find(([key]) => target[key] !== undefined)?.[1];
  return type === undefined ? whole : { ...whole, target: { type, ...target } };
}

const TARGET_TYPES = [
  ['averageUtilization', 'Utilization'],
  ['averageValue', 'AverageValue'],
  ['value', 'Value'],
] as const;
