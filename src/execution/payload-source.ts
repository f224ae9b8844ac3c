import type { Payload } from './subscription-answer.ts';

/** Where a subscription's payloads come from. What ended it is told apart, and becomes the last payload. */
export interface PayloadSource {
  /** Called when something can be taken after `take` had answered undefined, and at the end. */
  onReady: () => void;
  readonly take: () => Payload | undefined;
  /** Whether nothing waits and nothing more will come. */
  readonly isDrained: boolean;
  /** Why it ended; undefined as long as it has not, and when it was closed. */
  readonly error: unknown;
  readonly close: () => void;
}

/** Of a subscription that could not begin. */
export function failedSource(error: unknown): PayloadSource {
  return { onReady: () => {}, take: () => undefined, isDrained: true, error, close: () => {} };
}
