import type { Start } from '../record.ts';
import type { ScopeUnderTest } from '../scope.ts';

/** One event, as it came. */
export type Heard =
  | {
      readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
      readonly key: string;
      readonly uid: string | undefined;
      readonly version: number | undefined;
      readonly content: string | undefined;
      readonly isSnapshot: boolean;
      readonly cursor: string;
    }
  | { readonly type: 'SYNCED'; readonly isSnapshot: boolean; readonly cursor: string };

/** Why a subscription ended, as the gateway said it. */
export class SubscriptionEnded extends Error {
  readonly code: string;
  readonly isRetryable: boolean;
  readonly cursor: string | undefined;

  constructor(code: string, isRetryable: boolean, cursor: string | undefined) {
    super(`the subscription ended with ${code}`);
    this.code = code;
    this.isRetryable = isRetryable;
    this.cursor = cursor;
  }
}

/** A way to subscribe. */
export interface Client {
  /**
   * The events of one subscription, until the gateway ends it or `signal` does. Throws SubscriptionEnded for what the gateway
   * says, and whatever breaks for the rest.
   */
  subscribe(scope: ScopeUnderTest, start: Start, signal: AbortSignal): AsyncIterable<Heard>;
}
