import type { KubeObject } from '../api/object.ts';

export type ChangeType = 'ADDED' | 'MODIFIED' | 'DELETED';

/** One change of one object. */
export interface Change {
  readonly type: ChangeType;
  /** The state after the change; for DELETED the last one, with the deletion's resourceVersion. */
  readonly object: KubeObject;
  /** The state before; undefined for ADDED. */
  readonly previous: KubeObject | undefined;
  /** The revision that the change made. */
  readonly revision: number;
}

export interface Snapshot {
  /** In the order of namespace and name. */
  readonly objects: readonly KubeObject[];
  readonly revision: number;
}

/**
 * All objects and what happened to them lately. One revision counter for everything, as etcd has; resourceVersions are its
 * values as text.
 *
 * Objects are stored as they are given, with `metadata.resourceVersion` set. Everything else (uid, timestamps, generation)
 * is the caller's work.
 */
export interface Store {
  /** The newest revision. */
  readonly revision: number;
  /** The oldest revision that `snapshotAt` and `changesAfter` still know; older ones are gone (410). */
  readonly oldestRevision: number;
  get(storageKey: string, namespace: string | undefined, name: string): KubeObject | undefined;
  /** @param namespace undefined for all. */
  snapshot(storageKey: string, namespace?: string): Snapshot;
  /** The objects as they were at `revision`; undefined when that is forgotten. */
  snapshotAt(storageKey: string, namespace: string | undefined, revision: number): Snapshot | undefined;
  /** The changes behind `revision`, oldest first; undefined when that is forgotten. */
  changesAfter(storageKey: string, revision: number): readonly Change[] | undefined;
  /** Stores an object that is not there yet, and answers it with its resourceVersion. Throws if it is there. */
  insert(storageKey: string, object: KubeObject): KubeObject;
  /** Replaces an object and answers it with its new resourceVersion; no change of content is no change of revision. */
  replace(storageKey: string, object: KubeObject): KubeObject;
  remove(storageKey: string, namespace: string | undefined, name: string): KubeObject | undefined;
  /** Calls `listener` for each change, at once and in order. The function it answers stops that. */
  onChange(storageKey: string, listener: (change: Change) => void): () => void;
  /** Forgets what happened before `revision`, as etcd's compaction does. Default: all but the newest. */
  compact(revision?: number): void;
}
