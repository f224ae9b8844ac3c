import type { Identity } from '../cluster/identity.ts';
import type { SubscribeOptions } from '../watch/hub.ts';
import type { WatchScope } from '../watch/scope.ts';
import type { Subscription } from '../watch/subscription.ts';

/** What reading a watch takes. */
export type EventReader = Pick<
  Subscription,
  'onReady' | 'take' | 'waiting' | 'cursor' | 'isEnded' | 'error' | 'close'
>;

/** What watches are asked of: see WatchHub. */
export interface Watches {
  subscribe(identity: Identity, scope: WatchScope, options: SubscribeOptions): EventReader;
  takeSeat(identity: Identity, signal: AbortSignal): EventReader;
}
