import type { Clock, Random } from '../api/clock.ts';
import type { Answer } from '../http/answer.ts';
import type { InterceptedRequest } from '../http/interceptor.ts';
import type { Memory } from './memory.ts';
import type { Amount } from './rule.ts';

/** What a fault can do to the server as a whole. */
export interface ServerActions {
  restart(options: { readonly pauseMs: number }): Promise<void>;
  rotate(): Promise<void>;
}

/** One request that is struck, and what faults work with. */
export interface Strike {
  readonly request: InterceptedRequest;
  /** The answer that would have been. */
  readonly next: () => Promise<Answer>;
  readonly random: Random;
  readonly clock: Clock;
  readonly memory: Memory;
  /** Starts something that ends all connections, this one included, and so must not be awaited. */
  readonly disrupt: (action: (server: ServerActions) => Promise<void>) => void;
  /** Writes down that the fault has taken effect. */
  readonly hit: (detail?: string) => void;
}

export function amountOf(amount: Amount | undefined, fallback: number, { random }: Strike): number {
  if (amount === undefined) return fallback;
  if (typeof amount === 'number') return amount;
  const [from, to] = amount;
  return from + Math.floor(random.next() * (to - from + 1));
}

export async function pause(ms: number, { clock }: Strike): Promise<void> {
  await new Promise<void>((resolve) => {
    clock.after(ms, resolve);
  });
}

/** Resolves when the client has gone. */
export async function clientGone({ request: { signal } }: Strike): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/**
 * Ends the connection, once what was written before is on its way: it is the connection that breaks, not the past. Inside
 * of a read, which this may be, Node's HTTP/1.1 server would lose count of its connections.
 */
export async function resetConnection({ request: { connection } }: Strike): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  connection.reset();
}
