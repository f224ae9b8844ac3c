import type { Payload } from './subscription-answer.ts';

/** Where what a payload holds can be divided, it ends with what makes it larger than this, in bytes. */
export const MAX_PAYLOAD_BYTES = 256 * 1024;

/** Where a subscription's payloads come from. What ended it is told apart, and becomes the last payload. */
export interface PayloadSource {
  /** Called when something can be taken after `take` had answered undefined, and at the end. */
  onReady: () => void;
  readonly take: () => Payload | undefined;
  /** Where it can be resumed now, which moves on also while nothing is to be told. Absent where it cannot be resumed. */
  readonly cursor?: string | undefined;
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
