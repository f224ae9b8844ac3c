import type { Identity } from '../../../../src/cluster/identity.ts';
import type { KubegraphError } from '../../../../src/errors/kubegraph-error.ts';
import type { EventReader, Watches } from '../../../../src/execution/event-reader.ts';
import type { ChangeEvent, WatchEvent } from '../../../../src/watch/event.ts';
import type { SubscribeOptions } from '../../../../src/watch/hub.ts';
import type { WatchScope } from '../../../../src/watch/scope.ts';

/** The events of a watch, put in by the test. */
export class FakeEvents implements EventReader {
  onReady: () => void = () => {};
  error: KubegraphError | undefined;
  cursor: string | undefined;
  isEnded = false;
  isClosed = false;
  readonly #waiting: WatchEvent[] = [];
  #isAwaited = true;

  get waiting(): number {
    return this.#waiting.length;
  }

  take(): WatchEvent | undefined {
    const event = this.#waiting.shift();
    this.#isAwaited ||= event === undefined;
    return event;
  }

  close(): void {
    this.isClosed = true;
    this.isEnded = true;
    this.#waiting.length = 0;
  }

  put(...events: readonly WatchEvent[]): void {
    this.#waiting.push(...events);
    if (this.#isAwaited) this.#announce();
  }

  end(error?: KubegraphError): void {
    this.isEnded = true;
    this.error = error;
    this.#announce();
  }

  #announce(): void {
    this.#isAwaited = false;
    this.onReady();
  }
}

let cursors = 0;

/** A change of the object `a/NAME`, which is made of `content`. */
export function change(
  type: ChangeEvent['type'],
  name: string,
  content?: object,
  more?: Partial<ChangeEvent>,
): ChangeEvent {
  cursors += 1;
  const object = { metadata: { namespace: 'a', name }, ...content };
  return {
    type,
    key: `a/${name}`,
    object: Buffer.from(JSON.stringify(object)),
    before: undefined,
    isSnapshot: false,
    cursor: `cursor-${cursors}`,
    receivedAt: cursors,
    ...more,
  };
}

export function synced(isSnapshot = true): WatchEvent {
  cursors += 1;
  return { type: 'SYNCED', isSnapshot, cursor: `cursor-${cursors}`, receivedAt: cursors };
}

interface Asked {
  readonly identity: Identity;
  readonly scope: WatchScope;
  readonly options: SubscribeOptions;
  readonly events: FakeEvents;
}

/** Watches whose events the test puts in. */
export class FakeWatches implements Watches {
  /** What has been asked for, the latest last. */
  readonly asked: Asked[] = [];
  /** The same of those who want to hear of the end only. */
  readonly silent: Asked[] = [];
  /** What those have who do without a watch. */
  readonly seats: FakeEvents[] = [];

  get latest(): FakeEvents {
    const latest = this.asked.at(-1);
    if (latest === undefined) throw new Error('nothing is watched');
    return latest.events;
  }

  subscribe(identity: Identity, scope: WatchScope, options: SubscribeOptions): EventReader {
    const events = new FakeEvents();
    const asked = options.isSilent === true ? this.silent : this.asked;
    asked.push({ identity, scope, options, events });
    return events;
  }

  takeSeat(): EventReader {
    const seat = new FakeEvents();
    this.seats.push(seat);
    return seat;
  }

  /** Gives events to everybody, as a hub does: MODIFIED only to those who accept it. */
  put(...all: readonly WatchEvent[]): void {
    for (const { options, events } of this.asked) {
      events.put(...all.filter((event) => event.type !== 'MODIFIED' || options.accepts?.(event) !== false));
    }
  }
}
