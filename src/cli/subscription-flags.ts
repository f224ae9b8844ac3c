import type { WatchHubOptions } from '../watch/hub.ts';
import { type Flags, type FlagSpec, UsageError } from './command.ts';
import { readDuration } from './duration.ts';

/** How many subscriptions there may be, and for how long. Undefined: as the hub has it. */
export type SubscriptionLimits = Pick<
  WatchHubOptions,
  'maxLifetimeMs' | 'maxSubscriptions' | 'maxSubscriptionsPerCaller' | 'maxWatchesPerIdentity'
>;

/** The flags that limit subscriptions. */
export const SUBSCRIPTION_FLAGS: Readonly<Record<string, FlagSpec>> = {
  'max-subscription-age': {
    type: 'string',
    value: 'DURATION',
    description:
      'End subscriptions after so long (90s, 30m, 12h, 7d), with a cursor to resume from. Default: never.',
  },
  'max-subscriptions': {
    type: 'string',
    value: 'NUMBER',
    description: 'Refuse more subscriptions than this at a time. Default: 20000.',
  },
  'max-subscriptions-per-caller': {
    type: 'string',
    value: 'NUMBER',
    description: 'With --auth passthrough: refuse more than this of one token at a time. Default: 200.',
  },
  'max-watches-per-identity': {
    type: 'string',
    value: 'NUMBER',
    description:
      'Refuse subscriptions for which one identity would need more watches on the API server than this. Equal ones share a watch. Default: 500.',
  },
};

/** Throws UsageError. */
export function readSubscriptionFlags(flags: Flags): SubscriptionLimits {
  const age = flags['max-subscription-age'];
  return {
    maxLifetimeMs: typeof age === 'string' ? readDuration('--max-subscription-age', age) : undefined,
    maxSubscriptions: readCount(flags, 'max-subscriptions'),
    maxSubscriptionsPerCaller: readCount(flags, 'max-subscriptions-per-caller'),
    maxWatchesPerIdentity: readCount(flags, 'max-watches-per-identity'),
  };
}

function readCount(flags: Flags, name: string): number | undefined {
  const value = flags[name];
  if (typeof value !== 'string') return undefined;
  if (/^[1-9]\d{0,8}$/.test(value)) return Number(value);
  throw new UsageError(`--${name} is a number from 1 to 999999999, not ${JSON.stringify(value)}`);
}
