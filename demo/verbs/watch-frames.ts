import type { KubeObject } from '../api/object.ts';
import { apiVersionOf, type ServedResource } from '../api/resource.ts';
import type { Change } from '../storage/store.ts';
import { ZERO_VALUES } from './zero-values.ts';
import { toServed } from './convert.ts';
import type { WatchFrame } from './request.ts';
import type { Selection } from './selection.ts';

/** What a watch looks at. */
export interface WatchScope {
  readonly resource: ServedResource;
  /** Undefined for all. */
  readonly namespace: string | undefined;
  readonly selection: Selection;
}

/**
 * A change as a watch sees it; undefined when it does not. An object that no longer matches is DELETED for the watch, in
 * the state it had when it did, with the resourceVersion of the change.
 */
export function frameOf(change: Change, scope: WatchScope): WatchFrame | undefined {
  const { object, previous } = change;
  const isNow = change.type !== 'DELETED' && isInScope(object, scope);
  const wasBefore = previous !== undefined && isInScope(previous, scope);
  if (isNow) return frame(wasBefore ? 'MODIFIED' : 'ADDED', object, scope);
  if (!wasBefore) return undefined;
  return frame('DELETED', withRevision(previous, change.revision), scope);
}

export function addedFrame(object: KubeObject, scope: WatchScope): WatchFrame {
  return frame('ADDED', object, scope);
}

export function isInScope(object: KubeObject, { resource, namespace, selection }: WatchScope): boolean {
  if (namespace !== undefined && object.metadata.namespace !== namespace) return false;
  return selection.matches(toServed(object, resource));
}

/** @param isEndOfInitial marks the end of the objects that were there when the watch began */
export function bookmark(resource: ServedResource, revision: number, isEndOfInitial = false): WatchFrame {
  const annotations = isEndOfInitial ? { annotations: { 'k8s.io/initial-events-end': 'true' } } : {};
  const metadata = { resourceVersion: String(revision), ...annotations };
  const apiVersion = apiVersionOf(resource);
  const { kind } = resource;
  // Fields that are never absent come with their zero values, which no real object has.
  const zeros = resource.isCustom ? {} : ZERO_VALUES[`${apiVersion} ${kind}`];
  return { type: 'BOOKMARK', object: { kind, apiVersion, metadata, ...zeros } };
}

function frame(type: WatchFrame['type'], object: KubeObject, { resource }: WatchScope): WatchFrame {
  return { type, object: toServed(object, resource) };
}

function withRevision(object: KubeObject, revision: number): KubeObject {
  return { ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } };
}
