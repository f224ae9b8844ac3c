import { KubegraphError } from '../errors/kubegraph-error.ts';

/** Clients that were ended, or refused, come back spread over so many milliseconds. */
const RETRY_SPREAD_MS = 10_000;

const WORDS = {
  SLOW_CONSUMER: 'the subscriber reads slower than events arrive',
  SERVER_SHUTDOWN: 'the gateway is shutting down',
  LIFETIME_EXCEEDED: 'the subscription has reached its longest lifetime',
} as const;

/** Why the gateway ends a subscription that the API server would go on with. */
export type GatewaysReason = keyof typeof WORDS;

/** When to come back, in milliseconds: another time for each. `random` is uniform in [0, 1). */
export function retryAfterMs(random: () => number): number {
  return Math.floor(random() * RETRY_SPREAD_MS);
}

export interface ComeBack {
  /** Undefined where nothing can be resumed. */
  readonly cursor: string | undefined;
  readonly retryAfterMs: number;
}

export function endedByGateway(code: GatewaysReason, { cursor, retryAfterMs }: ComeBack): KubegraphError {
  const advice = cursor === undefined ? 'subscribe again' : 'resume from the cursor';
  return new KubegraphError(code, `${WORDS[code]}; ${advice}`, {
    extensions: { ...(cursor === undefined ? {} : { cursor }), retryAfterMs },
  });
}

/** `error` with the cursor to resume from, unless it names one. */
export function resumable(error: KubegraphError, cursor: string): KubegraphError {
  if ('cursor' in error.extensions) return error;
  const { kubernetes, extensions } = error;
  return new KubegraphError(error.code, error.message, {
    ...(kubernetes === undefined ? {} : { kubernetes }),
    extensions: { ...extensions, cursor },
    cause: error.cause,
  });
}

/** `cause` was thrown by what reads a subscription. */
export function defect(cause: unknown): KubegraphError {
  return new KubegraphError('INTERNAL_ERROR', 'the gateway failed to deliver', { cause });
}
