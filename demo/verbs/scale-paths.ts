import type { Registry, ScalePaths, ServedResource } from '../api/resource.ts';
import { isRecord } from './json-errors.ts';

/** Where built-ins have what a Scale shows. */
const BUILT_IN: ScalePaths = {
  specReplicasPath: '.spec.replicas',
  statusReplicasPath: '.status.replicas',
  labelSelectorPath: '.spec.selector',
};

/** Undefined for a resource without a scale. */
export function scalePathsOf(registry: Registry, resource: ServedResource): ScalePaths | undefined {
  if (resource.isCustom) return registry.scalePathsOf(resource);
  return resource.subresources.some(({ name }) => name === 'scale') ? BUILT_IN : undefined;
}

/** @param path as `.spec.replicas` */
export function valueAt(object: unknown, path: string): unknown {
  return keysOf(path).reduce((value: unknown, key) => (isRecord(value) ? value[key] : undefined), object);
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
  return path.split('.').slice(1);
}
