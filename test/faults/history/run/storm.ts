import type { Random } from '../../../../demo/api/clock.ts';
import type { Armed, Faults } from '../../../../demo/faults/faults.ts';
import type { Fault, Rule } from '../../../../demo/faults/rule.ts';

/** Every fault that trust.md R1 names, and some more. */
const FAULTS: readonly Fault[] = [
  { kind: 'reset', after: [0, 12] },
  { kind: 'reset', at: 'request' },
  { kind: 'end', after: [0, 12] },
  { kind: 'cut', after: [0, 12] },
  { kind: 'cut', after: [0, 12], end: 'clean' },
  { kind: 'slice' },
  { kind: 'halfOpen', after: [0, 12] },
  { kind: 'errorEvent', code: 410, after: [0, 12] },
  { kind: 'errorEvent', code: 410, after: [0, 12] },
  { kind: 'errorEvent', code: 500, after: [0, 12] },
  { kind: 'refuse', code: 410 },
  { kind: 'refuse', code: 429, retryAfterSeconds: 1 },
  { kind: 'refuse', code: 500 },
  { kind: 'refuse', code: 503, as: 'text' },
  { kind: 'stale' },
  { kind: 'replay', events: [1, 20], after: [0, 12] },
  { kind: 'replay', events: [10, 60], after: [15, 70] },
  { kind: 'noBookmarks' },
  { kind: 'slow', pauseMs: [0, 1] },
  { kind: 'restart', after: [0, 12], pauseMs: [0, 10] },
  { kind: 'rotate', after: [0, 12] },
];

/** What is rare in the world is rare here: with a restart at every turn, nothing else would ever happen. */
const DISRUPTIONS = new Set(['restart', 'rotate']);

const MAX_ARMED = 3;

/** Silent lists end with a deadline, which is for other tests; and the gateway's lists are consistent, so never stale. */
const WATCHES_ONLY = new Set(['halfOpen', 'stale']);

/** Something that goes wrong with the watches of secrets. @param mostly what it is every other time. */
function randomRule(random: Random, mostly: readonly Fault['kind'][]): Rule {
  const favourites = FAULTS.filter(({ kind }) => mostly.includes(kind));
  const pick = (): Fault => {
    const choice = favourites.length > 0 && random.next() < 0.5 ? favourites : FAULTS;
    return choice[Math.floor(random.next() * choice.length)] as Fault;
  };
  let fault = pick();
  if (DISRUPTIONS.has(fault.kind) && random.next() < 0.5) fault = pick();
  const verb = WATCHES_ONLY.has(fault.kind) ? 'watch' : ['watch', 'list'];
  return { on: { verb, resource: 'secrets' }, when: { chance: 0.7, times: 1 }, fault };
}

/** Arms rules, few at a time: with several for each request, only the worst would ever be seen. */
export class Storm {
  readonly #faults: Faults;
  readonly #random: Random;
  readonly #armed: Armed[] = [];

  readonly #mostly: readonly Fault['kind'][];

  constructor(faults: Faults, random: Random, mostly: readonly Fault['kind'][] = []) {
    this.#faults = faults;
    this.#random = random;
    this.#mostly = mostly;
  }

  blow(): void {
    this.#armed.push(this.#faults.arm(randomRule(this.#random, this.#mostly)));
    if (this.#armed.length > MAX_ARMED) this.#armed.shift()?.disarm();
  }
}
