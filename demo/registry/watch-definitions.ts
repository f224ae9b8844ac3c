import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../api/clock.ts';
import type { KubeObject } from '../api/object.ts';
import type { Definition } from '../schema/definition.ts';
import type { Store } from '../storage/store.ts';
import { DEFINITIONS } from './custom.ts';
import { CLEANUP_FINALIZER, terminating } from './lifecycle.ts';
import { namedStatus } from './naming.ts';

/** How long a new definition waits before it is looked at: about what the real server takes. */
const REACTION_MS = 40;

/**
 * Does what the real server's controllers do for CustomResourceDefinitions: accepts names, establishes, and cleans up
 * behind a deleted one.
 *
 * @returns a function that ends it.
 */
export function watchDefinitions(store: Store, clock: Clock): () => void {
  const controller = new DefinitionController(store, clock);
  return () => controller.stop();
}

class DefinitionController {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #stopWatching: () => void;
  /** What awaits the last object of a definition on its way out, by the definition's name. */
  readonly #cleanups = new Map<string, () => void>();
  /** Calls off the look that is to come. */
  #callOff: (() => void) | undefined;

  constructor(store: Store, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
    this.#stopWatching = store.onChange(DEFINITIONS, ({ type, object }) => {
      if (type === 'DELETED') this.#forget(object as Definition);
      this.#schedule();
    });
    this.#schedule();
  }

  stop(): void {
    this.#stopWatching();
    this.#callOff?.();
    for (const stop of this.#cleanups.values()) stop();
    this.#cleanups.clear();
  }

  /** One look at all definitions, for any number of changes. */
  #schedule(): void {
    this.#callOff ??= this.#clock.after(REACTION_MS, () => {
      this.#callOff = undefined;
      this.#reconcile();
    });
  }

  #reconcile(): void {
    for (const { metadata } of this.#definitions()) {
      // Names depend on what the ones before have just been given.
      const definition = this.#store.get(DEFINITIONS, undefined, metadata.name) as Definition | undefined;
      if (definition === undefined) continue;
      if (definition.metadata.deletionTimestamp === undefined) this.#name(definition);
      else this.#cleanUp(definition);
    }
  }

  #definitions(): readonly Definition[] {
    return this.#store.snapshot(DEFINITIONS).objects as readonly Definition[];
  }

  #name(definition: Definition): void {
    const { group } = definition.spec;
    const { name } = definition.metadata;
    const others = this.#definitions().filter(
      (other) => other.spec.group === group && other.metadata.name !== name,
    );
    const status = { ...definition.status, ...namedStatus(definition, others, this.#now()) };
    if (!isDeepStrictEqual(status, definition.status))
      this.#store.replace(DEFINITIONS, { ...definition, status });
  }

  #cleanUp(definition: Definition): void {
    const { finalizers = [], name } = definition.metadata;
    if (!finalizers.includes(CLEANUP_FINALIZER)) return;
    const why = { reason: 'InstanceDeletionInProgress', message: 'CustomResource deletion is in progress' };
    const stored = this.#store.replace(DEFINITIONS, terminating(definition, why, this.#now())) as Definition;
    const key = storageKeyOf(definition);
    for (const object of this.#store.snapshot(key).objects) this.#deleteInstance(key, object);
    if (this.#store.snapshot(key).objects.length > 0) this.#awaitInstances(definition);
    else
      this.#finish(
        stored,
        finalizers.filter((finalizer) => finalizer !== CLEANUP_FINALIZER),
        name,
      );
  }

  #deleteInstance(key: string, object: KubeObject): void {
    const { metadata } = object;
    if (metadata.finalizers === undefined || metadata.finalizers.length === 0) {
      this.#store.remove(key, metadata.namespace, metadata.name);
    } else if (metadata.deletionTimestamp === undefined) {
      const generation = (metadata.generation ?? 0) + 1;
      const deleted = { deletionTimestamp: this.#now(), deletionGracePeriodSeconds: 0, generation };
      this.#store.replace(key, { ...object, metadata: { ...metadata, ...deleted } });
    }
  }

  #finish(definition: Definition, finalizers: readonly string[], name: string): void {
    if (finalizers.length === 0) this.#store.remove(DEFINITIONS, undefined, name);
    else
      this.#store.replace(DEFINITIONS, { ...definition, metadata: { ...definition.metadata, finalizers } });
  }

  /** Objects with finalizers go when their owners say so. */
  #awaitInstances(definition: Definition): void {
    const { name } = definition.metadata;
    if (this.#cleanups.has(name)) return;
    const stop = this.#store.onChange(storageKeyOf(definition), ({ type }) => {
      if (type === 'DELETED') this.#schedule();
    });
    this.#cleanups.set(name, stop);
  }

  /** Whoever removed it without waiting for its objects: they are of no kind any more. */
  #forget(definition: Definition): void {
    this.#cleanups.get(definition.metadata.name)?.();
    this.#cleanups.delete(definition.metadata.name);
    const key = storageKeyOf(definition);
    for (const { metadata } of this.#store.snapshot(key).objects) {
      this.#store.remove(key, metadata.namespace, metadata.name);
    }
  }

  #now(): string {
    return `${new Date(this.#clock.now()).toISOString().slice(0, 19)}Z`;
  }
}

function storageKeyOf({ spec }: Definition): string {
  return `${spec.group}/${spec.names.plural}`;
}
