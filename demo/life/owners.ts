import type { KubeObject } from '../api/object.ts';
import type { Registry } from '../api/resource.ts';
import type { Change, Store } from '../storage/store.ts';
import { DEFINITIONS, type Resource } from './kinds.ts';
import { controllerOf, keyOf } from './objects.ts';

/** An object, and the resource that it is of. */
export interface Owned {
  readonly resource: Resource;
  readonly object: KubeObject;
}

/** Who owns whom, over all resources, those of custom definitions included; kept by what the store tells. */
export class Owners {
  readonly #store: Store;
  readonly #registry: Registry;
  readonly #unsubscribe = new Map<string, () => void>();
  /** By the owner's uid, then by the dependent's resource and key. */
  readonly #dependents = new Map<string, Map<string, Owned>>();
  /** Objects without a controller, by resource and namespace. */
  readonly #orphans = new Map<string, Map<string, KubeObject>>();
  readonly #listeners: ((change: Change, resource: Resource) => void)[] = [];

  constructor(store: Store, registry: Registry) {
    this.#store = store;
    this.#registry = registry;
  }

  /** Follows every resource that is served, and those that come. */
  start(): void {
    this.#followAll();
    // The registry may hear of a new definition after us: what is served is looked at with each change until it is there.
    this.#unsubscribe.set(
      'definitions',
      this.#store.onChange(DEFINITIONS.key, () => this.#followAll()),
    );
  }

  stop(): void {
    for (const off of this.#unsubscribe.values()) off();
    this.#unsubscribe.clear();
  }

  /** Calls `listener` for every change of anything. */
  onChange(listener: (change: Change, resource: Resource) => void): void {
    this.#listeners.push(listener);
  }

  /** The resource of a kind; undefined where no such kind is served. */
  resourceOf(apiVersion: string, kind: string): Resource | undefined {
    const served = this.#registry.findKind(apiVersion, kind);
    return served && { key: served.storageKey, apiVersion, kind, hasGeneration: false };
  }

  dependents(uid: string | undefined): readonly Owned[] {
    return [...(this.#dependents.get(uid ?? '')?.values() ?? [])];
  }

  /** What `owner` controls, of one resource, oldest first. */
  controlled<T extends KubeObject>(resource: Resource<T>, owner: KubeObject): readonly T[] {
    const { uid } = owner.metadata;
    return this.dependents(uid)
      .filter(({ resource: { key }, object }) => key === resource.key && controllerOf(object)?.uid === uid)
      .map(({ object }) => object as T); // Of this resource, as just asked.
  }

  /** Objects that nobody controls. */
  orphans<T extends KubeObject>(resource: Resource<T>, namespace: string | undefined): readonly T[] {
    const objects = this.#orphans.get(`${resource.key} ${namespace ?? ''}`);
    // Filed under this resource.
    return [...(objects?.values() ?? [])] as unknown as readonly T[];
  }

  #followAll(): void {
    for (const { storageKey, group, version, kind } of this.#registry.resources) {
      if (this.#unsubscribe.has(storageKey)) continue;
      const apiVersion = group === '' ? version : `${group}/${version}`;
      const resource: Resource = { key: storageKey, apiVersion, kind, hasGeneration: false };
      for (const object of this.#store.snapshot(storageKey).objects) this.#file(resource, object);
      this.#unsubscribe.set(
        storageKey,
        this.#store.onChange(storageKey, (change) => this.#note(resource, change)),
      );
    }
  }

  #note(resource: Resource, change: Change): void {
    if (change.previous !== undefined) this.#unfile(resource, change.previous);
    if (change.type !== 'DELETED') this.#file(resource, change.object);
    for (const listener of this.#listeners) listener(change, resource);
  }

  #file(resource: Resource, object: KubeObject): void {
    const id = `${resource.key} ${keyOf(object)}`;
    for (const { uid } of object.metadata.ownerReferences ?? [])
      entry(this.#dependents, uid).set(id, { resource, object });
    if (controllerOf(object) === undefined) {
      entry(this.#orphans, `${resource.key} ${object.metadata.namespace ?? ''}`).set(id, object);
    }
  }

  #unfile(resource: Resource, object: KubeObject): void {
    const id = `${resource.key} ${keyOf(object)}`;
    for (const { uid } of object.metadata.ownerReferences ?? []) drop(this.#dependents, uid, id);
    if (controllerOf(object) === undefined)
      drop(this.#orphans, `${resource.key} ${object.metadata.namespace ?? ''}`, id);
  }
}

function entry<V>(map: Map<string, Map<string, V>>, key: string): Map<string, V> {
  let inner = map.get(key);
  if (inner === undefined) map.set(key, (inner = new Map<string, V>()));
  return inner;
}

function drop<V>(map: Map<string, Map<string, V>>, key: string, id: string): void {
  const inner = map.get(key);
  inner?.delete(id);
  if (inner?.size === 0) map.delete(key);
}
