import type { Random } from '../../../../demo/api/clock.ts';
import type { KubeObject } from '../../../../demo/api/object.ts';
import type { Store } from '../../../../demo/storage/store.ts';
import { Truth } from '../truth.ts';
import { LAST_WRITES, NAMESPACES, TIERS, TYPES } from './demo-scopes.ts';
import { versionOf } from './objects.ts';

const SECRETS = '/secrets';
/** In each namespace. */
const NAMES = 12;

interface Wanted {
  readonly namespace: string;
  readonly name: string;
  readonly tier: string | undefined;
  readonly type: string;
}

/** Writes secrets at random, in the store itself so that no fault strikes, and keeps the truth about them. */
export class Churn {
  readonly truth = new Truth();
  readonly #store: Store;
  readonly #random: Random;
  readonly #stop: () => void;
  #count = 0;

  constructor(store: Store, random: Random) {
    this.#store = store;
    this.#random = random;
    // The cluster begins with some.
    const before = store
      .snapshot(SECRETS)
      .objects.map((object) => ({ object, revision: revisionOf(object) }));
    for (const { object, revision } of before.toSorted((a, b) => a.revision - b.revision))
      this.#note(object, revision);
    this.#stop = store.onChange(SECRETS, ({ type, object, revision }) =>
      this.#note(object, revision, type === 'DELETED'),
    );
  }

  /** The newest revision of anything. */
  get revision(): number {
    return this.#store.revision;
  }

  /** One creation, update, deletion or replacement, or two of them. */
  write(): void {
    const wanted = this.#wanted();
    const choice = this.#random.next();
    if (choice < 0.3) this.#store.remove(SECRETS, wanted.namespace, wanted.name);
    if (choice < 0.15 || choice >= 0.3) this.#put(wanted);
  }

  writeLast(): void {
    for (const wanted of LAST_WRITES) this.#put(wanted);
  }

  /** Forgets all positions, or all but the latest few: whoever was away gets a 410. */
  compact(): void {
    const kept = this.#random.next() < 0.5 ? 0 : Math.floor(this.#random.next() * 20);
    this.#store.compact(this.#store.revision - kept);
  }

  stop(): void {
    this.#stop();
  }

  #note(object: KubeObject, revision: number, isDeletion = false): void {
    const version = versionOf(object, revision, { type: String(object['type']) });
    this.truth.note({ resource: 'secrets', isDeletion, version });
  }

  #wanted(): Wanted {
    const pick = <T>(values: readonly T[]): T => values[Math.floor(this.#random.next() * values.length)] as T;
    return {
      namespace: pick(NAMESPACES),
      name: `object-${Math.floor(this.#random.next() * NAMES)}`,
      tier: pick([...TIERS, undefined]),
      type: pick(TYPES),
    };
  }

  #put({ namespace, name, tier, type }: Wanted): void {
    const known = this.#store.get(SECRETS, namespace, name);
    const labels = { count: `${++this.#count}`, ...(tier === undefined ? {} : { tier }) };
    if (known === undefined) {
      this.#store.insert(SECRETS, secret({ namespace, name, labels, uid: `uid-${this.#count}` }, type));
    } else {
      this.#store.replace(SECRETS, { ...known, type, metadata: { ...known.metadata, labels } });
    }
  }
}

function revisionOf({ metadata }: KubeObject): number {
  return Number(metadata.resourceVersion);
}

function secret(metadata: KubeObject['metadata'], type: string): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { ...metadata, creationTimestamp: '2026-01-01T00:00:00Z' },
    type,
  };
}
