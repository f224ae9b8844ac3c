import type { KubeObject } from '../api/object.ts';
import type { ServedResource } from '../api/resource.ts';
import { parseFieldSelector } from './field-selector.ts';
import { parseLabelSelector } from './label-selector.ts';

/** The objects of a list or watch: by their namespace, labels and fields. */
export interface Selection {
  /** No selector: lists then count what is left. */
  readonly isEverything: boolean;
  matches(object: KubeObject): boolean;
}

/** @throws ApiError 400 for selectors that cannot be read or are not supported */
export function selectionOf(query: URLSearchParams, resource: ServedResource): Selection {
  const labels = parseLabelSelector(query.get('labelSelector') ?? '');
  const fields = parseFieldSelector(query.get('fieldSelector') ?? '', resource);
  return {
    isEverything: labels.isEmpty && fields.isEmpty,
    matches: (object) => labels.matches(object.metadata.labels) && fields.matches(object),
  };
}
