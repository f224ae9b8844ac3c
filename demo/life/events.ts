import type { Clock, Random } from '../api/clock.ts';
import type { KubeObject } from '../api/object.ts';
import type { Store } from '../storage/store.ts';
import { hexDigits } from './chance.ts';
import { type Draft, type Event, EVENTS } from './kinds.ts';
import { keyOf, type Objects, splitKey } from './objects.ts';
import { HOUR, microTime, timestamp } from './time.ts';

export interface Happening {
  readonly type?: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  /** Who says so: `kubelet`, `deployment-controller`. */
  readonly from: string;
  /** Where that runs; for the kubelet. */
  readonly host?: string;
  /** The part of the object: `spec.containers{web}`. */
  readonly fieldPath?: string;
  /** Written the way of events.k8s.io, as the scheduler does: with an action and no count. */
  readonly action?: string;
}

/** As the real server's: events live for an hour. */
const LIFETIME_MS = HOUR;
const MOST_EVENTS = 1000;

/** Tells what happens as Events. The same again is counted on the first one. Forgets after an hour, and the oldest first. */
export class Recorder {
  readonly #objects: Objects;
  readonly #clock: Clock;
  readonly #random: Random;
  /** When each event was last touched, by its key; the one touched longest ago first. */
  readonly #touched = new Map<string, number>();
  /** The key of the event that says the same. */
  readonly #same = new Map<string, string>();

  constructor(parts: { readonly objects: Objects; readonly clock: Clock; readonly random: Random }) {
    this.#objects = parts.objects;
    this.#clock = parts.clock;
    this.#random = parts.random.fork('events');
  }

  /** Also keeps the events of others within bounds. Answers how to stop that. */
  follow(store: Store): () => void {
    return store.onChange(EVENTS.key, ({ type, object }) => {
      const key = keyOf(object);
      this.#touched.delete(key);
      if (type !== 'DELETED') this.#touched.set(key, this.#clock.now());
    });
  }

  tell(about: KubeObject, happening: Happening): void {
    const sameAs = [
      about.metadata.uid,
      happening.from,
      happening.type,
      happening.reason,
      happening.message,
    ].join('\n');
    const before = this.#find(this.#same.get(sameAs));
    if (before !== undefined && happening.action === undefined) {
      const lastTimestamp = timestamp(this.#clock.now());
      this.#objects.update(EVENTS, { ...before, lastTimestamp, count: (before.count ?? 1) + 1 });
      return;
    }
    const event = this.#objects.create(EVENTS, this.#draft(about, happening));
    this.#same.set(sameAs, keyOf(event));
    this.forget();
  }

  /** Removes events that are too old or too many. */
  forget(): void {
    const oldest = this.#clock.now() - LIFETIME_MS;
    for (const [key, touched] of this.#touched) {
      if (touched > oldest && this.#touched.size <= MOST_EVENTS) break;
      const event = this.#find(key);
      if (event === undefined) this.#touched.delete(key);
      else this.#objects.remove(EVENTS, event);
    }
    if (this.#same.size <= 2 * MOST_EVENTS) return;
    for (const [same, key] of this.#same) if (!this.#touched.has(key)) this.#same.delete(same);
  }

  #find(key: string | undefined): Event | undefined {
    if (key === undefined) return undefined;
    const { namespace, name } = splitKey(key);
    return this.#objects.get(EVENTS, namespace, name);
  }

  #draft(
    about: KubeObject,
    { type = 'Normal', reason, message, from, host, fieldPath, action }: Happening,
  ): Draft<Event> {
    const now = this.#clock.now();
    const { name, namespace = 'default' } = about.metadata;
    return {
      metadata: { name: `${name}.${hexDigits(this.#random, 16)}`, namespace },
      involvedObject: {
        kind: about.kind,
        ...(about.metadata.namespace === undefined ? {} : { namespace }),
        name,
        uid: about.metadata.uid,
        apiVersion: about.apiVersion,
        resourceVersion: about.metadata.resourceVersion,
        ...(fieldPath === undefined ? {} : { fieldPath }),
      },
      reason,
      message,
      source: action === undefined ? { component: from, ...(host === undefined ? {} : { host }) } : {},
      firstTimestamp: action === undefined ? timestamp(now) : null,
      lastTimestamp: action === undefined ? timestamp(now) : null,
      ...(action === undefined ? { count: 1 } : {}),
      type,
      eventTime: action === undefined ? null : microTime(now),
      ...(action === undefined ? {} : { action }),
      reportingComponent: from,
      reportingInstance: action === undefined ? (host ?? '') : `${from}-demo`,
    };
  }
}
