import { isRecord } from './json-errors.ts';

/** @param path as `spec.replicas`; a leading dot, as definitions write it, is passed over */
export function valueAt(object: unknown, path: string): unknown {
  return keysOf(path).reduce(
    (value: unknown, key) => (isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined),
    object,
  );
}

/** A copy of `object` with `value` at `path`. */
export function withValueAt(object: unknown, path: string, value: unknown): unknown {
  return withValue(object, keysOf(path), value);
}

function withValue(object: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value;
  const members = isRecord(object) ? object : {};
  return { ...members, [key]: withValue(members[key], rest, value) };
}

function keysOf(path: string): readonly string[] {
  return path.replace(/^\./, '').split('.');
}
