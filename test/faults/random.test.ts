import { describe, expect, test } from 'vitest';
import type { Fault, Rule } from '../../demo/faults/rule.ts';
import { bench, type Bench } from './support/bench.ts';
import { convergeInTime, LONGEST_WATCH_MS } from './support/converge.ts';
import { entry, type State } from './support/objects.ts';
import type { Subscriber } from './support/subscriber.ts';

/** More of them take longer and find more: `FAULT_SEEDS=200`. */
const SEED_COUNT = Number(process.env['FAULT_SEEDS'] ?? 8);
const SEEDS = Array.from({ length: SEED_COUNT }, (_, index) => index + 1);
const CHANGES = 300;

/** How long an answer may take to begin: a watch can be silenced before it does. In milliseconds of the machine's time. */
const DEADLINE_MS = 1_500;

const FAULTS: readonly Fault[] = [
  { kind: 'refuse', code: 410 },
  { kind: 'refuse', code: 429, retryAfterSeconds: 1 },
  { kind: 'refuse', code: 500 },
  { kind: 'refuse', code: 503, as: 'text' },
  { kind: 'errorEvent', code: 410, after: [0, 30] },
  { kind: 'errorEvent', code: 500, after: [0, 30] },
  { kind: 'cut', after: [0, 30] },
  { kind: 'cut', after: [0, 30], end: 'clean' },
  { kind: 'end', after: [0, 30] },
  { kind: 'slice' },
  { kind: 'reset', after: [0, 30] },
  { kind: 'reset', at: 'request' },
  { kind: 'halfOpen', after: [0, 30] },
  { kind: 'stale' },
  { kind: 'replay', events: [1, 20], after: [0, 30] },
  { kind: 'noBookmarks' },
  { kind: 'slow', pauseMs: [0, 1] },
  { kind: 'oversize', bytes: 200_000, after: [0, 30] },
  { kind: 'restart', after: [0, 30], pauseMs: [0, 10] },
  { kind: 'rotate', after: [0, 30] },
];

/** What is rare in the world is rare here: with a restart at every turn, nothing else would ever happen. */
const DISRUPTIONS = new Set(['restart', 'rotate']);

/**
 * A silence ends a query only with its deadline, which is for other tests. And the gateway relists with consistent reads,
 * which are never stale.
 */
const WATCHES_ONLY = new Set(['halfOpen', 'stale']);

function randomRule({ random }: Bench): Rule {
  const fault = FAULTS[Math.floor(random.next() * FAULTS.length)] as Fault;
  const times = DISRUPTIONS.has(fault.kind) ? 1 : 1 + Math.floor(random.next() * 4);
  const verb = WATCHES_ONLY.has(fault.kind) ? 'watch' : ['watch', 'list'];
  return { on: { verb, resource: 'configmaps' }, when: { chance: 0.7, times }, fault };
}

/** The state at each revision, to compare lists with. */
class Past {
  readonly #states: { readonly revision: number; readonly state: State }[] = [];

  note({ demo, objects }: Bench): void {
    this.#states.push({ revision: demo.store.revision, state: objects.state });
  }

  at(revision: number): State | undefined {
    return this.#states.findLast((known) => known.revision <= revision)?.state;
  }
}

interface Listed {
  readonly resourceVersion: string;
  readonly items: readonly {
    readonly metadata: Readonly<Record<'name' | 'uid' | 'resourceVersion', string>>;
  }[];
}

/** A list is the whole state at its revision, or it is an error. */
async function checkList({ ask, report }: Bench, past: Past): Promise<void> {
  const { data, errors } = await ask(
    '{ configMaps(namespace: "bench") { resourceVersion items { metadata { name uid resourceVersion } } } }',
  );
  const list = data?.['configMaps'] as Listed | null | undefined;
  expect(errors.length > 0, report()).toBe(list === null || list === undefined);
  if (list === null || list === undefined) return;
  const state = list.items.map(
    ({ metadata }) => [metadata.name, entry(metadata.uid, metadata.resourceVersion)] as const,
  );
  expect(new Map(state), report()).toEqual(past.at(Number(list.resourceVersion)));
}

async function disturb(all: Bench, past: Past, subscribers: Subscriber[]): Promise<void> {
  const { clock, faults, objects, random } = all;
  const lists: Promise<void>[] = [];
  for (let change = 0; change < CHANGES; change++) {
    objects.change();
    past.note(all);
    if (random.next() < 0.1) faults.arm(randomRule(all));
    if (random.next() < 0.02) subscribers.push(all.subscribe());
    if (random.next() < 0.02) objects.compact();
    if (random.next() < 0.05) lists.push(checkList(all, past));
    if (random.next() < 0.02) clock.skip(LONGEST_WATCH_MS);
    if (random.next() < 0.3) await clock.sleep(random.next() * 400);
  }
  await Promise.all(lists);
}

describe(`${CHANGES} changes under every fault at random`, () => {
  test.each(SEEDS)(
    'leave every subscriber with the right state, and no list with a wrong one, seed %i',
    async (seed) => {
      const all = await bench({ seed, deadlineMs: DEADLINE_MS });
      all.objects.change(20);
      const past = new Past();
      past.note(all);
      const subscribers = [all.subscribe(), all.subscribe()];
      await disturb(all, past, subscribers);
      all.faults.disarm();
      await all.faults.settled();
      await convergeInTime(subscribers, all.clock);
      expect(all.defects.slice(0, 1), all.report()).toEqual([]);
      expect(all.faults.log.length, all.report()).toBeGreaterThan(0);
    },
  );
});
