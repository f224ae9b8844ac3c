import type { Random } from '../../../../demo/api/clock.ts';
import type { Client } from './client.ts';
import type { ScopesUnderTest } from './scopes.ts';
import { type Comeback, HistorySubscriber, type SubscriberOptions } from './subscriber.ts';

/** The ways in. */
export interface Doors {
  /** Two replicas of the gateway's watches, in this process. */
  readonly replicas: readonly Client[];
  /** The first of them, where only the latest states are asked for. */
  readonly coalescing: Client;
  /** One that has little room for those who read slowly. */
  readonly narrow: Client;
  /** A whole gateway, over server-sent events. Undefined: leave it out. */
  readonly sse: Client | undefined;
}

export interface AudienceOptions {
  readonly scopes: ScopesUnderTest;
  readonly doors: Doors;
  readonly random: Random;
  readonly sleep: (ms: number) => Promise<void>;
  readonly revision: () => number;
}

type Part = Pick<SubscriberOptions, 'scope' | 'clients' | 'comeback'> & {
  readonly reads?: 'as it comes' | 'slowly' | 'the latest';
};

/** Subscribers of all scopes that come back in all ways. */
export function audience(options: AudienceOptions): readonly HistorySubscriber[] {
  return partsOf(options).map((part, index) => subscriber(part, `subscriber ${index + 1}`, options));
}

function partsOf({ scopes, doors }: AudienceOptions): readonly Part[] {
  const { replicas, coalescing, narrow, sse } = doors;
  const of = (scope: keyof ScopesUnderTest, comeback: Comeback, clients = replicas): Part => ({
    scope: scopes[scope],
    comeback,
    clients,
  });
  return [
    of('all', 'cursor'),
    of('all', 'known'),
    of('namespace', 'cursor and known'),
    of('namespace', 'fresh'),
    of('label', 'cursor'),
    of('labels', 'cursor'),
    of('field', 'known'),
    of('both', 'cursor'),
    of('name', 'cursor'),
    of('label', 'changes'),
    { ...of('all', 'cursor', [narrow]), reads: 'slowly' },
    { ...of('label', 'cursor', [coalescing]), reads: 'the latest' },
    ...(sse === undefined ? [] : [of('field', 'cursor', [sse]), of('name', 'cursor', [sse])]),
  ];
}

function subscriber(
  part: Part,
  name: string,
  { random, sleep, revision }: AudienceOptions,
): HistorySubscriber {
  const own = random.fork(name);
  const { reads = 'as it comes' } = part;
  const below = (bound: number): number => Math.floor(own.next() * bound);
  return new HistorySubscriber({
    ...part,
    name: `${name} (${part.comeback})`,
    mayCoalesce: reads !== 'as it comes',
    paceMs: () => (reads === 'as it comes' ? 0 : below(600)),
    patience: () => below(own.next() < 0.3 ? 15 : 100),
    pick: (values) => values[below(values.length)] as (typeof values)[number],
    revision,
    sleep,
  });
}
