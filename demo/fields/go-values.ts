import type { FieldShape, MapShape, Shape } from './shape.ts';
import { isList, isMap, viewOf, type JsonMap } from './values.ts';

/**
 * A value as it comes back from the real server's Go type: null is absence, or the zero value as an entry of a map; empty
 * maps and lists of optional fields are absent. Only times may be null, which is how the zero time of a condition is written.
 */
export function asGoValue(shape: Shape, value: unknown): unknown {
  const view = viewOf(shape, value);
  if (view.kind === 'map' && isMap(value)) return mapAsGoValue(view.map, value);
  if (view.kind === 'list' && isList(value)) return value.map((item) => asGoValue(view.list.items(), item));
  return value;
}

function mapAsGoValue(map: MapShape, value: JsonMap): JsonMap {
  const entries = Object.entries(value).map(([name, entry]) => {
    const field = map.fields.get(name);
    const shape = field?.shape() ?? map.others?.();
    if (shape === undefined) return [name, entry] as const;
    const decoded = asGoValue(shape, entry);
    return [name, field === undefined ? (decoded ?? zeroOf(shape)) : optional(field, name, decoded)] as const;
  });
  return Object.fromEntries(entries.filter(([, entry]) => entry !== undefined));
}

function zeroOf(shape: Shape): unknown {
  return shape.scalar === 'string' ? '' : undefined;
}

/** Object metadata leaves a zero time out. */
const ABSENT_TIMES: ReadonlySet<string> = new Set(['creationTimestamp', 'deletionTimestamp']);

function optional(field: FieldShape, name: string, value: unknown): unknown {
  if (value === null && field.shape().scalar === 'time' && !ABSENT_TIMES.has(name)) return null;
  const isEmptyList = isList(value) && value.length === 0;
  if (value === null || value === undefined || (isEmptyList && !field.isRequired)) return undefined;
  const { map } = field.shape();
  const isPlainMap =
    map !== undefined && map.fields.size === 0 && map.others !== undefined && !field.shape().scalar;
  return isPlainMap && isMap(value) && Object.keys(value).length === 0 ? undefined : value;
}
