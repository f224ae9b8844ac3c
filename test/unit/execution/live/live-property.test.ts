import * as fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import { KubegraphError } from '../../../../src/errors/kubegraph-error.ts';
import type { Payload } from '../../../../src/execution/subscription-answer.ts';
import { testEngine, type TestEngine } from '../../support/test-engine.ts';
import { ManualClock } from '../../watch/support/manual-clock.ts';
import { change, type FakeEvents, FakeWatches, synced } from '../support/fake-events.ts';
import { BY_NODE, liveJson, NODES, shown, sortedByNode } from '../support/live-list.ts';
import { subscribe, type Subscriber } from '../support/subscriber.ts';

/** Pages of three pods, patches of two or three steps; who has not taken four or five, or is nine behind, begins again. */
vi.mock(import('../../../../src/execution/live/live-bounds.ts'), () => ({
  LIVE_BOUNDS: { page: 100, patch: 700, untaken: 1_500, behind: 3_000 },
}));
const MAX_STEPS = 3;

const FIRST = 5;
const QUERY = `subscription {
  podsLive(first: ${FIRST}, orderBy: [{ path: "spec.nodeName" }]) {
    items ${BY_NODE} patches { op index object ${BY_NODE} } total
  }
}`;

/** Two clients who do the same at the same moments, and so have to get the same payloads. */
class Twins {
  readonly #twins: readonly [Subscriber, Subscriber];
  list: readonly unknown[] = [];
  total: number | undefined;

  constructor(twins: readonly [Subscriber, Subscriber]) {
    this.#twins = twins;
  }

  /** Takes as soon as there is something. */
  becomeEager(): void {
    for (const { answer } of this.#twins) answer.onReady = () => this.take(Infinity);
    this.take(Infinity);
  }

  /** So many payloads at most. */
  take(count: number): void {
    for (let left = count; left > 0; left--) {
      const [payload, other] = this.#twins.map(({ answer }) => answer.take());
      expect(other).toBe(payload);
      if (payload === undefined) return;
      this.#show(payload);
    }
  }

  leave(): void {
    for (const { answer } of this.#twins) answer.close();
  }

  #show({ json }: Payload): void {
    const answer = liveJson(json);
    expect(Math.max(answer.items?.length ?? 0, answer.patches?.length ?? 0)).toBeLessThanOrEqual(MAX_STEPS);
    this.list = shown(this.list, answer);
    this.total = answer.total;
  }
}

/** A collection, its watch, and who looks at it. */
class Scene {
  readonly #engine: TestEngine;
  readonly #watches: FakeWatches;
  readonly #clock: ManualClock;
  readonly #present = new Map<string, string>();
  #served: FakeEvents | undefined;
  #readers: readonly Twins[] = [];

  constructor(engine: TestEngine, watches: FakeWatches, clock: ManualClock) {
    this.#engine = engine;
    this.#watches = watches;
    this.#clock = clock;
  }

  change(name: string, nodeName: string | undefined): void {
    const type = nodeName === undefined ? 'DELETED' : this.#present.has(name) ? 'MODIFIED' : 'ADDED';
    if (nodeName === undefined) this.#present.delete(name);
    else this.#present.set(name, nodeName);
    if (this.#isServed) this.#watches.latest.put(change(type, name, { spec: { nodeName } }));
  }

  async join(isEager: boolean): Promise<void> {
    const twins = new Twins([await subscribe(this.#engine, QUERY), await subscribe(this.#engine, QUERY)]);
    if (isEager) twins.becomeEager();
    this.#readers = [...this.#readers, twins];
  }

  leave(index: number): void {
    const leaving = this.#reader(index);
    leaving?.leave();
    this.#readers = this.#readers.filter((reader) => reader !== leaving);
  }

  take(index: number, count: number): void {
    this.#reader(index)?.take(count);
  }

  /** Ends the watch; what comes of the next one comes with the next tick. */
  breakOff(): void {
    if (this.#isServed) this.#watches.latest.end(new KubegraphError('EXPIRED', 'over'));
  }

  /** Until what has been collected is due. */
  async tick(): Promise<void> {
    if (this.#readers.length > 0 && !this.#isServed) {
      this.#served = this.#watches.latest;
      const snapshot = [...this.#present].map(([name, nodeName]) =>
        change('ADDED', name, { spec: { nodeName } }, { isSnapshot: true }),
      );
      this.#watches.latest.put(...snapshot, synced());
    }
    await this.#clock.advance(100);
  }

  /** All who look see what is there. */
  async end(): Promise<void> {
    await this.tick();
    await this.tick();
    const expected = [sortedByNode(this.#present).slice(0, FIRST), this.#present.size];
    for (const reader of this.#readers) {
      reader.take(Infinity);
      expect([reader.list, reader.total]).toEqual(expected);
    }
  }

  /** All leave. */
  clear(): void {
    for (const reader of this.#readers) reader.leave();
  }

  get #isServed(): boolean {
    return this.#served?.isEnded === false;
  }

  #reader(index: number): Twins | undefined {
    return this.#readers[index % this.#readers.length];
  }
}

type Deed = (scene: Scene) => unknown;
const READER = fc.nat(9);
const NAME = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h');
const NODE = fc.option(fc.constantFrom(...NODES), { nil: undefined });
const DEED = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.tuple(NAME, NODE).map(
      ([name, node]): Deed =>
        (scene) =>
          scene.change(name, node),
    ),
  },
  { weight: 4, arbitrary: fc.constant<Deed>((scene) => scene.tick()) },
  {
    weight: 4,
    arbitrary: fc.tuple(READER, fc.integer({ min: 1, max: 3 })).map(
      ([index, count]): Deed =>
        (scene) =>
          scene.take(index, count),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.boolean().map(
      (isEager): Deed =>
        (scene) =>
          scene.join(isEager),
    ),
  },
  {
    weight: 1,
    arbitrary: READER.map(
      (index): Deed =>
        (scene) =>
          scene.leave(index),
    ),
  },
  { weight: 1, arbitrary: fc.constant<Deed>((scene) => scene.breakOff()) },
);

it('shows each of its readers the list as it is, whenever they join, take, stall or leave', async () => {
  const watches = new FakeWatches();
  const clock = new ManualClock();
  const engine = await testEngine({ watches, clock });
  await fc.assert(
    fc.asyncProperty(fc.array(DEED, { minLength: 10, maxLength: 80, size: 'max' }), async (deeds) => {
      const scene = new Scene(engine, watches, clock);
      try {
        for (const deed of deeds) await deed(scene);
        await scene.end();
      } finally {
        scene.clear();
      }
      expect(watches.asked.every(({ events }) => events.isEnded)).toBe(true);
    }),
    { numRuns: 200 },
  );
});
