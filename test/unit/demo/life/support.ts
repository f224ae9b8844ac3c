import type { Random } from '../../../../demo/api/clock.ts';
import type { KubeObject } from '../../../../demo/api/object.ts';
import { hashOf } from '../../../../demo/life/chance.ts';
import type { Resource } from '../../../../demo/life/kinds.ts';
import { createLife, type Life } from '../../../../demo/life/life.ts';
import { createRegistry } from '../../../../demo/registry/registry.ts';
import { createStore } from '../../../../demo/storage/memory-store.ts';
import type { Store } from '../../../../demo/storage/store.ts';
import { TestClock } from '../support/test-clock.ts';

export const START = Date.parse('2026-03-02T12:00:00Z');

function seeded(seed: string): Random {
  let state = hashOf(seed);
  return {
    next() {
      state = (state + 0x6d2b79f5) | 0;
      let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
    },
    fork: (name) => seeded(`${seed}/${name}`),
  };
}

export interface Bench {
  readonly store: Store;
  readonly clock: TestClock;
  readonly life: Life;
  get<T extends KubeObject>(resource: Resource<T>, namespace: string | undefined, name: string): T;
  find<T extends KubeObject>(
    resource: Resource<T>,
    namespace: string | undefined,
    name: string,
  ): T | undefined;
  list<T extends KubeObject>(resource: Resource<T>, namespace?: string): readonly T[];
  /** Stores an object as a create request would. */
  create<T extends KubeObject>(resource: Resource<T>, object: Partial<T> & Pick<T, 'metadata'>): T;
  /** Stores a changed object as an update request would. */
  update<T extends KubeObject>(resource: Resource<T>, object: T): T;
}

/** A running life on a clock that stands. */
export function startLife({ quiet = true, seed = 'seed' } = {}): Bench {
  const clock = new TestClock(START);
  const store = createStore({ clock });
  const life = createLife({ store, registry: createRegistry(store), clock, random: seeded(seed) }, { quiet });
  life.start();
  let uids = 0;
  const find = <T extends KubeObject>(
    resource: Resource<T>,
    namespace: string | undefined,
    name: string,
  ): T | undefined => store.get(resource.key, namespace, name) as T | undefined;
  return {
    store,
    clock,
    life,
    find,
    get(resource, namespace, name) {
      const object = find(resource, namespace, name);
      if (object === undefined) throw new Error(`${resource.kind} ${name} is not there`);
      return object;
    },
    list: <T extends KubeObject>(resource: Resource<T>, namespace?: string) =>
      store.snapshot(resource.key, namespace).objects as unknown as readonly T[],
    create: <T extends KubeObject>(resource: Resource<T>, object: Partial<T> & Pick<T, 'metadata'>) =>
      store.insert(resource.key, {
        apiVersion: resource.apiVersion,
        kind: resource.kind,
        ...object,
        metadata: {
          generation: 1,
          uid: `uid-${++uids}`,
          creationTimestamp: new Date(clock.now()).toISOString(),
          ...object.metadata,
        },
      }) as unknown as T,
    update: <T extends KubeObject>(resource: Resource<T>, object: T) => {
      const generation = (object.metadata.generation ?? 0) + 1;
      return store.replace(resource.key, { ...object, metadata: { ...object.metadata, generation } }) as T;
    },
  };
}
