import { isDeepStrictEqual } from 'node:util';
import { inMetadataOrder } from '../api/metadata-order.ts';
import type { Clock, Random } from '../api/clock.ts';
import type { KubeObject, OwnerReference } from '../api/object.ts';
import type { Store } from '../storage/store.ts';
import { nameSuffix, uuid } from './chance.ts';
import { type Draft, PODS, type Pod, type Resource } from './kinds.ts';
import { SECOND, timestamp } from './time.ts';

export interface DeleteOptions {
  /** What becomes of dependents. Default `Background`. */
  readonly propagation?: 'Background' | 'Foreground';
  /** For pods, in seconds. Default: what the pod asks for. */
  readonly gracePeriodSeconds?: number;
}

/**
 * Reads and writes objects as the control plane's own components do, and keeps those parts of metadata right that the real
 * server keeps: uid, creationTimestamp, generation, deletionTimestamp.
 */
export class Objects {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #uids: Random;
  readonly #names: Random;

  constructor(parts: { readonly store: Store; readonly clock: Clock; readonly random: Random }) {
    this.#store = parts.store;
    this.#clock = parts.clock;
    this.#uids = parts.random.fork('uids');
    this.#names = parts.random.fork('names');
  }

  get<T extends KubeObject>(
    resource: Resource<T>,
    namespace: string | undefined,
    name: string,
  ): T | undefined {
    // What is stored under a resource's key is of its kind: whoever wrote it has validated it.
    return this.#store.get(resource.key, namespace, name) as T | undefined;
  }

  list<T extends KubeObject>(resource: Resource<T>, namespace?: string): readonly T[] {
    // As above.
    return this.#store.snapshot(resource.key, namespace).objects as readonly T[];
  }

  /** Creates an object; answers the one that is there already where the name is taken. */
  create<T extends KubeObject>(resource: Resource<T>, draft: Draft<T>): T {
    const {
      namespace,
      name = this.#generatedName(draft.metadata.generateName ?? ''),
      ...meta
    } = draft.metadata;
    const { metadata: _, ...rest } = draft;
    const object = {
      kind: resource.kind,
      apiVersion: resource.apiVersion,
      metadata: inMetadataOrder({
        ...meta,
        name,
        ...(namespace === undefined ? {} : { namespace }),
        uid: uuid(this.#uids),
        ...(resource.hasGeneration ? { generation: 1 } : {}),
        creationTimestamp: timestamp(this.#clock.now()),
      }),
      ...rest,
    };
    const existing = this.get(resource, namespace, name);
    // The draft's own members and the server's are the whole shape.
    return existing ?? (this.#store.insert(resource.key, object) as unknown as T);
  }

  /** Replaces an object; its generation grows when more than metadata and status has changed. */
  update<T extends KubeObject>(resource: Resource<T>, next: T): T {
    const live = this.get(resource, next.metadata.namespace, next.metadata.name);
    if (live === undefined) return next;
    const { generation } = live.metadata;
    const grown =
      generation === undefined || isSameSpec(live, next)
        ? next
        : { ...next, metadata: { ...next.metadata, generation: generation + 1 } };
    return this.#store.replace(resource.key, grown) as T;
  }

  setStatus<T extends KubeObject>(resource: Resource<T>, object: T, status: T['status']): T {
    const live = this.get(resource, object.metadata.namespace, object.metadata.name);
    if (live === undefined || live.metadata.uid !== object.metadata.uid) return object;
    return this.#store.replace(resource.key, { ...live, status }) as T;
  }

  /** Replaces an object as it is: for the few changes of a spec that make no new generation. */
  put<T extends KubeObject>(resource: Resource<T>, object: T): void {
    this.#store.replace(resource.key, object);
  }

  /** Deletes as a request would: gracefully for pods that run, and not before finalizers are gone. */
  delete(resource: Resource, object: KubeObject, options: DeleteOptions = {}): void {
    const live = this.get(resource, object.metadata.namespace, object.metadata.name);
    if (live === undefined || live.metadata.uid !== object.metadata.uid) return;
    const finalizers = live.metadata.finalizers ?? [];
    const foreground = options.propagation === 'Foreground' && !finalizers.includes(FOREGROUND);
    const wanted = foreground ? [...finalizers, FOREGROUND] : finalizers;
    const grace = resource.key === PODS.key ? graceOf(live as Pod, options.gracePeriodSeconds) : 0;
    if (grace === 0 && wanted.length === 0) {
      this.#store.remove(resource.key, live.metadata.namespace, live.metadata.name);
      return;
    }
    if (live.metadata.deletionTimestamp !== undefined && !foreground) return;
    this.#store.replace(resource.key, {
      ...live,
      metadata: inMetadataOrder({
        ...live.metadata,
        ...(live.metadata.generation === undefined ? {} : { generation: live.metadata.generation + 1 }),
        deletionTimestamp: timestamp(this.#clock.now() + grace * SECOND),
        deletionGracePeriodSeconds: grace,
        ...(wanted.length === 0 ? {} : { finalizers: wanted }),
      }),
    });
  }

  /** Takes an object away at once, unless finalizers hold it. */
  remove(resource: Resource, { metadata }: KubeObject): void {
    const live = this.get(resource, metadata.namespace, metadata.name);
    if (live === undefined || live.metadata.uid !== metadata.uid) return;
    if ((live.metadata.finalizers ?? []).length === 0) {
      this.#store.remove(resource.key, metadata.namespace, metadata.name);
    } else {
      this.#store.replace(resource.key, {
        ...live,
        metadata: { ...live.metadata, deletionGracePeriodSeconds: 0 },
      });
    }
  }

  /** Removes a finalizer; an object that is being deleted goes with its last one. */
  release(resource: Resource, object: KubeObject, finalizer: string): void {
    const live = this.get(resource, object.metadata.namespace, object.metadata.name);
    if (live?.metadata.finalizers?.includes(finalizer) !== true) return;
    const left = live.metadata.finalizers.filter((other) => other !== finalizer);
    const { finalizers: _, ...rest } = live.metadata;
    const next = { ...live, metadata: left.length === 0 ? rest : { ...live.metadata, finalizers: left } };
    this.#store.replace(resource.key, next);
    const ended = rest.deletionTimestamp !== undefined && (rest.deletionGracePeriodSeconds ?? 0) === 0;
    if (left.length === 0 && ended) this.#store.remove(resource.key, rest.namespace, rest.name);
  }

  #generatedName(prefix: string): string {
    return `${prefix.slice(0, 58)}${nameSuffix(this.#names)}`;
  }
}

const FOREGROUND = 'foregroundDeletion';

/** How long a pod has to end: nothing for one that runs nowhere or has ended. */
function graceOf({ spec, status }: Pod, asked: number | undefined): number {
  const ended = status?.phase === 'Succeeded' || status?.phase === 'Failed';
  return spec.nodeName === undefined || ended ? 0 : (asked ?? spec.terminationGracePeriodSeconds ?? 30);
}

/** Whether everything that counts for the generation is the same. */
function isSameSpec(a: KubeObject, b: KubeObject): boolean {
  const members = new Set([...Object.keys(a), ...Object.keys(b)]);
  // Most changes keep the spec as it is: then no look inside is needed.
  return [...members].every(
    (member) =>
      member === 'metadata' ||
      member === 'status' ||
      a[member] === b[member] ||
      isDeepStrictEqual(a[member], b[member]),
  );
}

/** Says that `owner` manages an object. */
export function controlledBy({ apiVersion, kind, metadata }: KubeObject): OwnerReference {
  return {
    apiVersion,
    kind,
    name: metadata.name,
    uid: metadata.uid ?? '',
    controller: true,
    blockOwnerDeletion: true,
  };
}

export function controllerOf(object: KubeObject): OwnerReference | undefined {
  return object.metadata.ownerReferences?.find(({ controller }) => controller === true);
}

export function isBeingDeleted({ metadata }: KubeObject): boolean {
  return metadata.deletionTimestamp !== undefined;
}

/** `NAMESPACE/NAME`, or the name alone: how controllers name what they look at. */
export function keyOf({ metadata }: KubeObject): string {
  return metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`;
}

export function splitKey(key: string): { readonly namespace: string | undefined; readonly name: string } {
  const slash = key.indexOf('/');
  return slash < 0
    ? { namespace: undefined, name: key }
    : { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}
