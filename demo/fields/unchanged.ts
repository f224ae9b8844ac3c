import type { KubeObject } from '../api/object.ts';
import { isEqual } from './values.ts';

/**
 * `live` itself if `next` is the same but for the times in managedFields, and `next` otherwise: a write that changes
 * nothing leaves no trace. Callers who change what `fields/` answered (by defaults, say) ask again.
 */
export function keepIfOnlyTimesDiffer(live: KubeObject | undefined, next: KubeObject): KubeObject {
  return live !== undefined && isEqual(withoutTimes(live), withoutTimes(next)) ? live : next;
}

function withoutTimes(object: KubeObject): unknown {
  const { managedFields = [], ...metadata } = object.metadata;
  const entries = managedFields.map((entry) => ({ ...entry, time: '' }));
  return { ...object, metadata: { ...metadata, resourceVersion: '', managedFields: entries } };
}
