import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../api/clock.ts';
import type { KubeObject } from '../api/object.ts';
import { History, type HistoryBounds } from './history.ts';
import type { Change, ChangeType, Snapshot, Store } from './store.ts';

export interface StoreOptions {
  readonly clock: Clock;
  readonly history?: HistoryBounds;
  /** Where revisions start. Default 1, as in an empty etcd; 0 has a meaning of its own in requests. */
  readonly firstRevision?: number;
}

/** An empty store in memory. */
export function createStore(options: StoreOptions): Store {
  return new MemoryStore(options);
}

/** The order of lists: that of etcd's keys. */
export function objectKey(namespace: string | undefined, name: string): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

/** The objects of one resource. */
interface Shelf {
  readonly objects: Map<string, KubeObject>;
  readonly listeners: Set<(change: Change) => void>;
  /** The objects in order; undefined when they have changed since it was last asked for. */
  sorted: readonly KubeObject[] | undefined;
}

class MemoryStore implements Store {
  readonly #shelves = new Map<string, Shelf>();
  readonly #history: History;
  readonly #undelivered: { readonly shelf: Shelf; readonly change: Change }[] = [];
  #isDelivering = false;
  #revision: number;

  constructor({ clock, history, firstRevision = 1 }: StoreOptions) {
    this.#revision = firstRevision;
    this.#history = new History({
      clock,
      firstRevision,
      ...(history === undefined ? {} : { bounds: history }),
    });
  }

  get revision(): number {
    return this.#revision;
  }

  get oldestRevision(): number {
    return this.#history.oldestRevision;
  }

  get(storageKey: string, namespace: string | undefined, name: string): KubeObject | undefined {
    return this.#shelves.get(storageKey)?.objects.get(objectKey(namespace, name));
  }

  snapshot(storageKey: string, namespace?: string): Snapshot {
    const shelf = this.#shelves.get(storageKey);
    if (shelf === undefined) return { objects: [], revision: this.#revision };
    shelf.sorted ??= inOrder(shelf.objects);
    return { objects: inNamespace(shelf.sorted, namespace), revision: this.#revision };
  }

  snapshotAt(storageKey: string, namespace: string | undefined, revision: number): Snapshot | undefined {
    const changes = this.#history.after(storageKey, revision);
    if (changes === undefined) return undefined;
    if (changes.length === 0) return { objects: this.snapshot(storageKey, namespace).objects, revision };
    const objects = new Map(this.#shelves.get(storageKey)?.objects);
    for (const change of changes.toReversed()) undo(objects, change);
    return { objects: inNamespace(inOrder(objects), namespace), revision };
  }

  changesAfter(storageKey: string, revision: number): readonly Change[] | undefined {
    return this.#history.after(storageKey, revision);
  }

  insert(storageKey: string, object: KubeObject): KubeObject {
    const { namespace, name } = object.metadata;
    if (this.get(storageKey, namespace, name) !== undefined) {
      throw new Error(`${storageKey} ${objectKey(namespace, name)} is already stored`);
    }
    return this.#change(storageKey, 'ADDED', object, undefined);
  }

  replace(storageKey: string, object: KubeObject): KubeObject {
    const { namespace, name } = object.metadata;
    const previous = this.get(storageKey, namespace, name);
    if (previous === undefined) throw new Error(`${storageKey} ${objectKey(namespace, name)} is not stored`);
    if (isSameContent(previous, object)) return previous;
    return this.#change(storageKey, 'MODIFIED', object, previous);
  }

  remove(storageKey: string, namespace: string | undefined, name: string): KubeObject | undefined {
    const previous = this.get(storageKey, namespace, name);
    return previous && this.#change(storageKey, 'DELETED', previous, previous);
  }

  onChange(storageKey: string, listener: (change: Change) => void): () => void {
    const { listeners } = this.#shelf(storageKey);
    // One function may be registered twice; each registration ends by itself.
    const own = (change: Change): void => listener(change);
    listeners.add(own);
    return () => listeners.delete(own);
  }

  compact(revision = this.#revision): void {
    this.#history.compact(Math.min(revision, this.#revision));
  }

  #change(
    storageKey: string,
    type: ChangeType,
    object: KubeObject,
    previous: KubeObject | undefined,
  ): KubeObject {
    const shelf = this.#shelf(storageKey);
    const revision = ++this.#revision;
    const stored = withResourceVersion(object, String(revision));
    const key = objectKey(stored.metadata.namespace, stored.metadata.name);
    if (type === 'DELETED') shelf.objects.delete(key);
    else shelf.objects.set(key, stored);
    shelf.sorted = undefined;
    const change: Change = { type, object: stored, previous, revision };
    this.#history.add(storageKey, change);
    this.#undelivered.push({ shelf, change });
    this.#deliver();
    return stored;
  }

  /** A change that a listener makes waits until all listeners have the one before: everybody sees the same order. */
  #deliver(): void {
    if (this.#isDelivering) return;
    this.#isDelivering = true;
    try {
      for (let next = this.#undelivered.shift(); next !== undefined; next = this.#undelivered.shift()) {
        const { shelf, change } = next;
        // Those who begin to listen now have seen the state after this change.
        const listeners = [...shelf.listeners];
        for (const listener of listeners) if (shelf.listeners.has(listener)) listener(change);
      }
    } finally {
      this.#isDelivering = false;
    }
  }

  #shelf(storageKey: string): Shelf {
    let shelf = this.#shelves.get(storageKey);
    if (shelf === undefined) {
      shelf = { objects: new Map(), listeners: new Set(), sorted: undefined };
      this.#shelves.set(storageKey, shelf);
    }
    return shelf;
  }
}

function undo(objects: Map<string, KubeObject>, { object, previous }: Change): void {
  const key = objectKey(object.metadata.namespace, object.metadata.name);
  if (previous === undefined) objects.delete(key);
  else objects.set(key, previous);
}

function inOrder(objects: ReadonlyMap<string, KubeObject>): readonly KubeObject[] {
  // Keys are ASCII, so the order of code units is that of bytes.
  return [...objects].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object);
}

function inNamespace(objects: readonly KubeObject[], namespace: string | undefined): readonly KubeObject[] {
  return namespace === undefined
    ? objects
    : objects.filter((object) => object.metadata.namespace === namespace);
}

function withResourceVersion(object: KubeObject, resourceVersion: string): KubeObject {
  return { ...object, metadata: { ...object.metadata, resourceVersion } };
}

function isSameContent(a: KubeObject, b: KubeObject): boolean {
  const version = a.metadata.resourceVersion ?? '';
  return isDeepStrictEqual(a, withResourceVersion(b, version));
}
