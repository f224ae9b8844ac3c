import type { ChangeType } from '../event.ts';
import type { ObservedObject } from '../wire/observed-object.ts';
import { isOlder } from '../wire/resource-version.ts';

/** How many deletions are remembered, to recognise a server that repeats what was before them. */
const MAX_TOMBSTONES = 1000;

export interface Change {
  readonly type: ChangeType;
  readonly object: ObservedObject;
  /** What was known of the object before; undefined for ADDED. */
  readonly before: Buffer | undefined;
}

/**
 * The last known version of every object of a scope. What comes in is what the API server says; what comes out is what
 * that changes, so repetitions vanish and an object never goes back in time.
 */
export class ObjectStore {
  #objects = new Map<string, ObservedObject>();
  /** Until when an object is known to have been gone, by uid; the oldest one first. */
  readonly #tombstones = new Map<string, string>();

  values(): IterableIterator<ObservedObject> {
    return this.#objects.values();
  }

  get(key: string): ObservedObject | undefined {
    return this.#objects.get(key);
  }

  /** Takes an event of a watch in. Another object of the same name is a deletion and an addition. */
  apply(type: ChangeType, object: ObservedObject): readonly Change[] {
    const known = this.#objects.get(object.key);
    if (
      this.#isPast(object) ||
      (known !== undefined && isOlder(object.resourceVersion, known.resourceVersion))
    ) {
      return [];
    }
    return type === 'DELETED' ? this.#remove(known, object) : this.#put(known, object);
  }

  /** Takes the complete list at `position` in, which is the truth also where it contradicts what was known. */
  replace(objects: Map<string, ObservedObject>, position: string): readonly Change[] {
    const before = this.#objects;
    this.#objects = objects;
    const changes: Change[] = [];
    for (const known of before.values()) {
      const now = objects.get(known.key);
      if (now !== undefined && !isRecreated(known, now)) continue;
      this.#bury(known.uid, position);
      changes.push({ type: 'DELETED', object: known, before: known.bytes });
    }
    for (const object of objects.values()) {
      this.#tombstones.delete(object.uid);
      const known = before.get(object.key);
      if (known === undefined || isRecreated(known, object))
        changes.push({ type: 'ADDED', object, before: undefined });
      else if (known.resourceVersion !== object.resourceVersion)
        changes.push({ type: 'MODIFIED', object, before: known.bytes });
    }
    return changes;
  }

  #put(known: ObservedObject | undefined, object: ObservedObject): readonly Change[] {
    if (known?.resourceVersion === object.resourceVersion) return [];
    this.#objects.set(object.key, object);
    if (known === undefined) return [{ type: 'ADDED', object, before: undefined }];
    if (!isRecreated(known, object)) return [{ type: 'MODIFIED', object, before: known.bytes }];
    return [
      { type: 'DELETED', object: known, before: known.bytes },
      { type: 'ADDED', object, before: undefined },
    ];
  }

  #remove(known: ObservedObject | undefined, object: ObservedObject): readonly Change[] {
    this.#bury(object.uid, object.resourceVersion);
    if (known === undefined || isRecreated(known, object)) return [];
    this.#objects.delete(object.key);
    return [{ type: 'DELETED', object, before: known.bytes }];
  }

  #isPast(object: ObservedObject): boolean {
    const deletedAt = this.#tombstones.get(object.uid);
    return (
      deletedAt !== undefined &&
      (deletedAt === object.resourceVersion || isOlder(object.resourceVersion, deletedAt))
    );
  }

  #bury(uid: string, resourceVersion: string): void {
    if (uid === '') return;
    // A Map iterates in insertion order: the latest goes to the end.
    this.#tombstones.delete(uid);
    this.#tombstones.set(uid, resourceVersion);
    for (const oldest of this.#tombstones.keys()) {
      if (this.#tombstones.size <= MAX_TOMBSTONES) break;
      this.#tombstones.delete(oldest);
    }
  }
}

function isRecreated(known: ObservedObject, object: ObservedObject): boolean {
  return known.uid !== '' && object.uid !== '' && known.uid !== object.uid;
}
