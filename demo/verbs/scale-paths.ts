import type { Registry, ScalePaths, ServedResource } from '../api/resource.ts';

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
