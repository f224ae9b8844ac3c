import type { Random } from '../../../demo/api/clock.ts';
import type { KubeObject } from '../../../demo/api/object.ts';
import type { Store } from '../../../demo/storage/store.ts';

const CONFIG_MAPS = '/configmaps';
export const NAMESPACE = 'bench';

/** Config maps by name: which incarnation in which version. */
export type State = ReadonlyMap<string, string>;

export function entry(uid: string, resourceVersion: string): string {
  return `${uid}@${resourceVersion}`;
}

/** The config maps that the tests are about, changed in the store itself: no fault can strike a change. */
export class Objects {
  readonly #store: Store;
  readonly #random: Random;
  #count = 0;

  constructor(store: Store, random: Random) {
    this.#store = store;
    this.#random = random;
  }

  get state(): State {
    return new Map(
      this.all.map(({ metadata }) => [
        metadata.name,
        entry(metadata.uid ?? '', metadata.resourceVersion ?? ''),
      ]),
    );
  }

  get all(): readonly KubeObject[] {
    return this.#store.snapshot(CONFIG_MAPS, NAMESPACE).objects;
  }

  /** Creates or updates one. */
  put(name: string): void {
    const known = this.#store.get(CONFIG_MAPS, NAMESPACE, name);
    const data = { value: `${++this.#count}` };
    if (known !== undefined) this.#store.replace(CONFIG_MAPS, { ...known, data });
    else this.#store.insert(CONFIG_MAPS, { ...object(name, `uid-${this.#count}`), data });
  }

  remove(name: string): void {
    this.#store.remove(CONFIG_MAPS, NAMESPACE, name);
  }

  /** So many random creations, updates, deletions and replacements. */
  change(times = 1): void {
    for (let left = times; left > 0; left--) {
      const name = `object-${Math.floor(this.#random.next() * 20)}`;
      const choice = this.#random.next();
      if (choice < 0.3) this.remove(name);
      if (choice < 0.15 || choice >= 0.3) this.put(name);
    }
  }

  /** Forgets all positions but the present one: whoever was away gets a 410. */
  compact(): void {
    this.#store.compact();
  }
}

function object(name: string, uid: string): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: NAMESPACE, uid, creationTimestamp: '2026-01-01T00:00:00Z' },
  };
}
