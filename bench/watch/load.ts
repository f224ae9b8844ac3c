import type { KubeObject } from '../../demo/api/object.ts';
import type { Store } from '../../demo/storage/store.ts';
import { entry } from '../../test/faults/support/objects.ts';
import { microseconds } from './clock.ts';
import { SEQUENCE, WRITTEN_AT } from './documents.ts';

const CONFIG_MAPS = '/configmaps';

/** Numbers are as long as this, so that readers find them without parsing. */
const DIGITS = 9;

/** Config maps of one namespace, changed in the store itself, one after the other. */
export class Load {
  readonly #store: Store;
  readonly #namespace: string;
  readonly #names: string[] = [];
  #sequence = 0;
  #fillers = 0;

  constructor(store: Store, namespace: string) {
    this.#store = store;
    this.#namespace = namespace;
  }

  /** Makes there be so many, each with so many bytes of data. */
  fill(objects: number, bytes: number): void {
    while (this.#names.length < objects) {
      const name = `object-${String(this.#names.length).padStart(5, '0')}`;
      this.#store.insert(CONFIG_MAPS, objectOf(this.#namespace, name, bytes));
      this.#names.push(name);
    }
  }

  /** Changes the annotations of the next ones. Answers when it began, in microseconds. */
  change(times: number): number {
    const startedAt = microseconds();
    for (let left = times; left > 0; left--) {
      const known = this.#at(this.#sequence);
      const annotations = {
        [SEQUENCE]: String(++this.#sequence).padStart(DIGITS, '0'),
        [WRITTEN_AT]: String(microseconds()),
      };
      this.#store.replace(CONFIG_MAPS, { ...known, metadata: { ...known.metadata, annotations } });
    }
    return startedAt;
  }

  /** Changes data of the next ones: nothing to whoever selects annotations. */
  changeData(times: number): void {
    for (let left = times; left > 0; left--) {
      const known = this.#at(this.#fillers++);
      // Made by `objectOf`.
      const { filling } = known['data'] as { readonly filling: string };
      this.#store.replace(CONFIG_MAPS, { ...known, data: { filling, change: `${this.#fillers}` } });
    }
  }

  /** Which incarnation of each in which version. */
  get state(): readonly (readonly [string, string])[] {
    return this.#store
      .snapshot(CONFIG_MAPS, this.#namespace)
      .objects.map(({ metadata: { name, uid = '', resourceVersion = '' } }) => [
        name,
        entry(uid, resourceVersion),
      ]);
  }

  #at(index: number): KubeObject {
    const name = this.#names[index % this.#names.length];
    const known = name === undefined ? undefined : this.#store.get(CONFIG_MAPS, this.#namespace, name);
    if (known === undefined) throw new Error('there is nothing to change: fill first');
    return known;
  }
}

function objectOf(namespace: string, name: string, bytes: number): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace, uid: `uid-${name}`, creationTimestamp: '2026-01-01T00:00:00Z' },
    data: { filling: 'x'.repeat(bytes) },
  };
}
