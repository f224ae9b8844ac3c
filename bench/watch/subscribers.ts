/** A program of its own: clients that subscribe over server-sent events, as many as it is told. */
import { forEachConcurrently } from '../../test/cluster/concurrency.ts';
import { Audience, type AudienceOptions, type Received } from './audience.ts';
import { eventsDocument } from './documents.ts';
import { EventStream } from './event-stream.ts';
import { Follower, type FollowerOptions } from './follower.ts';
import { answerMessages } from './messages.ts';
import { whenQuiet } from './patience.ts';

/** What it can be told. */
export interface SubscriberCommands {
  /** Subscribers that count, until `close`. Answers when all are there. */
  readonly open: (options: AudienceOptions) => Promise<object>;
  readonly expect: (what: { events: number }) => object;
  readonly received: () => Promise<Received>;
  /** Clients that fold events into states, until `close`. Answers when all have their SYNCED. */
  readonly follow: (options: FollowerOptions & { readonly count: number }) => Promise<object>;
  /** So many of them lose their connection with their next event, if there are so many. */
  readonly drop: (what: { times: number }) => object;
  /** They stop reading, or go on. */
  readonly pause: () => object;
  readonly resume: () => object;
  /** Answers when all have this state, or nothing has come for long. */
  readonly converge: (to: { state: readonly (readonly [string, string])[] }) => Promise<Converged>;
  /** Answers when each of them has been ended by the gateway, or nothing has come for long. */
  readonly ended: () => Promise<Converged>;
  readonly close: () => object;
  /** Subscribes, waits for SYNCED and leaves, over and over. */
  readonly comeAndGo: (how: ComeAndGo) => Promise<object>;
}

export interface Converged {
  /** How many have not got there. */
  readonly lost: number;
  /** How many connections they have lost so far because of `drop`. */
  readonly drops: number;
  /** Codes of all that have been ended, with their numbers. */
  readonly endings: Readonly<Record<string, number>>;
  /** What went wrong, and what one of the lost knows otherwise, if they were to have a state. */
  readonly defects: readonly string[];
}

interface ComeAndGo {
  readonly url: string;
  readonly namespace: string;
  readonly times: number;
  readonly atOnce: number;
}

let audience: Audience | undefined;
let followers: Follower[] = [];

answerMessages<SubscriberCommands>({
  open: async (options) => {
    audience = new Audience(options);
    await audience.open();
    return {};
  },
  expect: ({ events }) => {
    audience?.expect(events);
    return {};
  },
  received: async () => {
    if (audience === undefined) throw new Error('there are no subscribers');
    return audience.received();
  },
  follow: async ({ count, ...options }) => {
    followers = [];
    await forEachConcurrently(Array.from({ length: count }), 64, async () => {
      const follower = new Follower(options);
      followers.push(follower);
      await until([follower], ({ isSynced }) => isSynced);
    });
    return {};
  },
  drop: ({ times }) => {
    const chosen = new Set<Follower>();
    while (chosen.size < Math.min(times, followers.length)) {
      const follower = followers[Math.floor(Math.random() * followers.length)] as Follower;
      if (chosen.has(follower)) continue;
      follower.dropWithNext(chosen.size % 2 === 0 ? 'before' : 'after');
      chosen.add(follower);
    }
    return {};
  },
  pause: () => {
    for (const follower of followers) follower.pause();
    return {};
  },
  resume: () => {
    for (const follower of followers) follower.resume();
    return {};
  },
  converge: async ({ state }) => {
    const wanted = new Map(state);
    const converged = await until(followers, (follower) => hasState(follower, wanted));
    const one = followers.find((follower) => !hasState(follower, wanted));
    const { defects, lost } = converged;
    return lost === 0 || one === undefined
      ? converged
      : { ...converged, defects: [...defects, difference(one, wanted)] };
  },
  ended: () => until(followers, ({ endings }) => endings.length > 0),
  close: () => {
    audience?.close();
    for (const follower of followers.splice(0)) follower.leave();
    return {};
  },
  comeAndGo: async ({ times, atOnce, ...to }) => {
    await forEachConcurrently(Array.from({ length: times }), atOnce, () => comeAndGo(to));
    return {};
  },
});

/** Resolves when `isThere` holds for each, looked at whenever it has got an event. */
async function until(all: readonly Follower[], isThere: (each: Follower) => boolean): Promise<Converged> {
  const missing = new Set(all.filter((follower) => !isThere(follower)));
  for (const follower of missing) {
    follower.onEvent = () => {
      if (!isThere(follower)) return;
      follower.onEvent = () => undefined;
      missing.delete(follower);
    };
  }
  const events = (): number => all.reduce((sum, follower) => sum + follower.events, 0);
  await whenQuiet(events, () => missing.size === 0 || all.some(({ defect }) => defect !== undefined));
  const endings: Record<string, number> = {};
  for (const code of all.flatMap((follower) => follower.endings)) endings[code] = (endings[code] ?? 0) + 1;
  const defects = all.flatMap(({ defect }) => (defect === undefined ? [] : [defect]));
  const drops = all.reduce((sum, follower) => sum + follower.drops, 0);
  return { lost: missing.size, drops, endings, defects: defects.slice(0, 5) };
}

function hasState({ state }: Follower, wanted: ReadonlyMap<string, string>): boolean {
  if (state.size !== wanted.size) return false;
  // The marker is written last and so comes last, mostly: whoever does not have it need not be looked at further.
  if (state.get('marker') !== wanted.get('marker')) return false;
  return [...wanted].every(([name, version]) => state.get(name) === version);
}

function difference({ state, endings }: Follower, wanted: ReadonlyMap<string, string>): string {
  const names = new Set([...wanted.keys(), ...state.keys()]);
  const different = [...names].filter((name) => state.get(name) !== wanted.get(name));
  const texts = different.slice(0, 3).map((name) => `${name} is ${wanted.get(name)}, not ${state.get(name)}`);
  return `${different.length} differ: ${texts.join('; ')}; ended with ${endings.join(', ') || 'nothing'}`;
}

function comeAndGo({ url, namespace }: Pick<ComeAndGo, 'url' | 'namespace'>): Promise<void> {
  return new Promise((resolve, reject) => {
    let isSynced = false;
    const stream = new EventStream(
      { url, document: eventsDocument(namespace, 'identical', 0) },
      {
        onFrame: (frame) => {
          if (!frame.includes('"type":"SYNCED"')) return;
          isSynced = true;
          stream.destroy();
        },
        onClose: (error) => {
          if (isSynced) resolve();
          else reject(error ?? new Error('a subscription ended before its SYNCED'));
        },
      },
    );
  });
}
