import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/cli/command.ts';
import { readSubscriptionFlags } from '../../../src/cli/subscription-flags.ts';

describe('the limits of subscriptions', () => {
  it('are those of the hub unless a flag says so', () => {
    const limits = Object.values(readSubscriptionFlags({}));
    expect(limits).toHaveLength(4);
    expect(new Set(limits)).toEqual(new Set([undefined]));
  });

  it('are what the flags say', () => {
    const flags = {
      'max-subscription-age': '12h',
      'max-subscriptions': '100',
      'max-subscriptions-per-caller': '10',
      'max-watches-per-identity': '5',
    };
    expect(readSubscriptionFlags(flags)).toEqual({
      maxLifetimeMs: 43_200_000,
      maxSubscriptions: 100,
      maxSubscriptionsPerCaller: 10,
      maxWatchesPerIdentity: 5,
    });
  });

  it.each(['0', '-1', '1.5', '1e3', 'many', '', ' 5', '1234567890'])('are no such number: %j', (value) => {
    for (const flag of ['max-subscriptions', 'max-subscriptions-per-caller', 'max-watches-per-identity']) {
      const read = () => readSubscriptionFlags({ [flag]: value });
      expect(read).toThrow(UsageError);
      expect(read).toThrow(`--${flag} is a number from 1 to 999999999, not ${JSON.stringify(value)}`);
    }
  });
});
