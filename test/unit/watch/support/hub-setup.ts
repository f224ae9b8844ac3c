import { expect, onTestFinished } from 'vitest';
import { KUBECONFIG_IDENTITY, type Identity } from '../../../../src/cluster/identity.ts';
import { WatchHub, type SubscribeOptions, type WatchHubOptions } from '../../../../src/watch/hub.ts';
import type { WatchScope } from '../../../../src/watch/scope.ts';
import type { Subscription } from '../../../../src/watch/subscription.ts';
import type { FakeBody } from './fake-body.ts';
import { FakeUpstream, type FakeCall } from './fake-upstream.ts';
import { ManualClock } from './manual-clock.ts';
import { added, listEnd } from './objects.ts';
import { Reader } from './reader.ts';

export const SCOPE: WatchScope = { path: '/api/v1/namespaces/default/configmaps' };

export interface TestSubscribeOptions extends SubscribeOptions {
  readonly identity?: Identity;
  readonly scope?: WatchScope;
}

export interface HubSetup {
  readonly hub: WatchHub;
  readonly upstream: FakeUpstream;
  readonly clock: ManualClock;
  /** A subscription that is read only when the test does so. */
  readonly subscribe: (options?: TestSubscribeOptions) => Subscription;
  /** A subscription that is read all the time. */
  readonly read: (options?: TestSubscribeOptions) => Reader;
}

/** A hub in front of an API server that the test plays. Afterwards nothing of it may be left. */
export function setupHub(options: Omit<WatchHubOptions, 'upstream'> = {}): HubSetup {
  const upstream = new FakeUpstream();
  const clock = new ManualClock();
  const hub = new WatchHub({ upstream, clock, random: () => 0, lingerMs: 0, ...options });
  onTestFinished(async () => {
    await hub.close();
    expect(hub.size, 'watches left').toBe(0);
    expect(clock.pendingMs, 'timers left').toEqual([]);
    expect(
      [...upstream.calls, ...upstream.questions].filter((call) => call.isOpen).map((call) => call.summary),
      'calls left',
    ).toEqual([]);
  });
  const subscribe = (given: TestSubscribeOptions = {}): Subscription =>
    hub.subscribe(given.identity ?? KUBECONFIG_IDENTITY, given.scope ?? SCOPE, given);
  return { hub, upstream, clock, subscribe, read: (given) => new Reader(subscribe(given)) };
}

/** Plays a streaming list of `a@1` and `b@2` at position 10, and hands over the stream for what follows. */
export async function playList({
  upstream,
}: Pick<HubSetup, 'upstream'>): Promise<{ call: FakeCall; stream: FakeBody }> {
  const call = await upstream.nextCall();
  const stream = call.open();
  stream.write(added('a', 1), added('b', 2), listEnd(10));
  return { call, stream };
}
