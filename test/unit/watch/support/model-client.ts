import { KUBECONFIG_IDENTITY } from '../../../../src/cluster/identity.ts';
import { KubegraphError } from '../../../../src/errors/kubegraph-error.ts';
import { CursorCodec } from '../../../../src/watch/cursor.ts';
import type { WatchEvent } from '../../../../src/watch/event.ts';
import type { WatchHub } from '../../../../src/watch/hub.ts';
import { SCOPE } from './hub-setup.ts';
import { parseObject } from './objects.ts';
import type { Random } from './random.ts';

interface Held {
  readonly uid: string;
  readonly version: number;
}

const INITIAL = new CursorCodec(SCOPE, 'kubeconfig').initial;

/**
 * A subscriber of the model that folds what it gets into a state, leaves now and then, and comes back with its cursor.
 * It checks on the way that no object goes back in time and that SYNCED comes once per subscription.
 */
export class ModelClient {
  /** Makes a sluggish one read whatever comes. */
  isHurried = false;
  readonly state = new Map<string, Held>();
  readonly #hub: WatchHub;
  readonly #random: Random;
  readonly #isSluggish: boolean;
  #leaving = new AbortController();
  #subscription: AsyncIterator<WatchEvent> | undefined;
  #reading: Promise<void> | undefined;
  #cursor: string | undefined;
  /** Whether the events so far continue the state. A snapshot replaces it. */
  #isContinuing = false;
  #syncedCount = 0;
  /** Versions by uid, of this subscription: a resumed one may repeat what was delivered before. */
  readonly #seen = new Map<string, number>();
  /** What went wrong, for the test. */
  readonly violations: string[] = [];

  constructor(hub: WatchHub, random: Random, isSluggish: boolean) {
    this.#hub = hub;
    this.#random = random;
    this.#isSluggish = isSluggish;
  }

  /** Subscribes when it is not, leaves at times, and reads if it feels like it. */
  act(): void {
    if (this.#subscription === undefined) this.#subscribe();
    else if (this.#random.chance(0.03)) this.#leave();
    else if (!this.#isSluggish || this.#random.chance(0.2)) this.read();
  }

  /** Reads a few events when it is sluggish, else whatever comes. */
  read(): void {
    if (this.#subscription === undefined) this.#subscribe();
    if (this.#reading !== undefined) return;
    const reading = this.#readOn().finally(() => {
      if (this.#reading === reading) this.#reading = undefined;
    });
    this.#reading = reading;
  }

  stop(): void {
    this.#leaving.abort();
  }

  #subscribe(): void {
    const isKnowing = this.#random.chance(0.3);
    const isFresh = this.#cursor === undefined || this.#cursor === INITIAL || this.#random.chance(0.1);
    if (isFresh) this.#cursor = undefined;
    if (isFresh && !isKnowing) this.state.clear();
    this.#isContinuing = isKnowing || !isFresh;
    this.#syncedCount = 0;
    this.#seen.clear();
    this.#leaving = new AbortController();
    this.#subscription = this.#hub.subscribe(KUBECONFIG_IDENTITY, SCOPE, {
      signal: this.#leaving.signal,
      ...(this.#cursor === undefined ? {} : { resumeFrom: this.#cursor }),
      ...(isKnowing ? { known: this.#known() } : {}),
    });
  }

  #known(): ReadonlyMap<string, string> {
    return new Map(Array.from(this.state, ([name, { version }]) => [`default/${name}`, String(version)]));
  }

  #leave(): void {
    this.#ended();
    this.#leaving.abort();
  }

  async #readOn(): Promise<void> {
    const subscription = this.#subscription;
    if (subscription === undefined) return;
    try {
      for (let left = this.#appetite(); this.isHurried || left > 0; left -= 1) {
        const result = await subscription.next();
        if (subscription !== this.#subscription || result.done === true) return;
        this.#fold(result.value);
      }
    } catch (error) {
      if (!(error instanceof KubegraphError)) throw error;
      if (subscription !== this.#subscription) return;
      this.#cursor = errorCursor(error) ?? this.#cursor;
      this.#ended();
    }
  }

  /** How many events it reads in a row. */
  #appetite(): number {
    return this.#isSluggish ? this.#random.below(10) : Number.POSITIVE_INFINITY;
  }

  #ended(): void {
    this.#subscription = undefined;
    this.#reading = undefined;
  }

  #fold(event: WatchEvent): void {
    this.#cursor = event.cursor;
    if (event.type === 'SYNCED') {
      this.#syncedCount += 1;
      this.#check(this.#syncedCount === 1, 'SYNCED came twice');
      return;
    }
    if (this.#isContinuing && event.isSnapshot) {
      // The position was forgotten: a snapshot replaces the state.
      this.state.clear();
      this.#isContinuing = false;
    }
    if (event.object === undefined) {
      this.state.delete(event.key.slice('default/'.length));
      return;
    }
    const { name, uid, resourceVersion } = parseObject(event.object);
    const version = Number(resourceVersion);
    const seen = this.#seen.get(uid) ?? 0;
    this.#check(version >= seen, `${name} went from ${seen} to ${version}`);
    this.#seen.set(uid, version);
    if (event.type !== 'DELETED') this.state.set(name, { uid, version });
    // Differences are to versions, and may tell the end of an incarnation that was never seen here.
    else if (this.#syncedCount === 0 || this.state.get(name)?.uid === uid) this.state.delete(name);
  }

  #check(isRight: boolean, violation: string): void {
    if (!isRight) this.violations.push(violation);
  }
}

function errorCursor(error: KubegraphError): string | undefined {
  const cursor = error.extensions['cursor'];
  return typeof cursor === 'string' ? cursor : undefined;
}

/** States as text, so that a difference can be read. */
export function describeState(state: ReadonlyMap<string, { uid: string; version: number }>): string[] {
  return Array.from(state, ([name, { uid, version }]) => `${name} ${uid}@${version}`).toSorted();
}
