import { GraphQLError, parse } from 'graphql';
import type { Context, SubscribePayload } from 'graphql-ws';
import type { Answer } from '../execution/answer.ts';
import type { DocumentRequest } from '../execution/document-name.ts';
import type { Engine } from '../execution/engine.ts';
import type { SubscriptionAnswer } from '../execution/subscription-answer.ts';
import type { Deliveries } from './deliveries.ts';
import { PayloadIterator } from './payload-iterator.ts';
import type { Connection } from './websocket-connection.ts';

export interface OperationOptions {
  readonly engine: Engine;
  readonly deliveries: Deliveries;
  /** Whether all connections are about to go. */
  readonly isLeaving: () => boolean;
}

/** With so much on its way to a client, in bytes, nothing more is taken for it. */
const MAX_BUFFERED_BYTES = 64 * 1024;

/** Operations at the same time on one connection. */
const MAX_OPERATIONS_PER_CONNECTION = 100;

/** What `runOperation` gets: graphql-ws hands it through, with the document to tell subscriptions from the rest. */
interface OperationArgs {
  readonly run: () => Promise<Answer | PayloadIterator>;
}

/** The errors of an operation that is not even tried, or what `runOperation` is to run. */
export function executionArgs(
  options: OperationOptions,
  { extra }: Context<Record<string, unknown>, Connection>,
  id: string,
  payload: SubscribePayload,
): readonly GraphQLError[] {
  const { identity, operations } = extra;
  if (identity === undefined) throw new Error('an operation before the connection was acknowledged');
  if (operations.size >= MAX_OPERATIONS_PER_CONNECTION) {
    return [
      new GraphQLError(`at most ${MAX_OPERATIONS_PER_CONNECTION} operations at a time on one connection`, {
        extensions: { code: 'TOO_MANY_REQUESTS' },
      }),
    ];
  }
  const controller = new AbortController();
  operations.set(id, { controller, payload, since: performance.now() });
  const run = async (): Promise<Answer | PayloadIterator> => {
    const answer = await options.engine.execute({
      ...documentOf(payload),
      variables: payload.variables,
      operationName: payload.operationName,
      identity,
      signal: controller.signal,
    });
    return 'take' in answer ? payloadsFor(extra, answer, controller.signal, options) : answer;
  };
  // graphql-ws wants execution arguments; ours is one function. The engine parses, so the document is a stand-in.
  const args = { run, document: ANY_OPERATION, schema: undefined };
  return args as never;
}

/** graphql-ws hands on what else is in a payload, without a type. */
function documentOf(payload: SubscribePayload & DocumentRequest): DocumentRequest {
  const { query, documentId, extensions } = payload;
  return { query, documentId, extensions };
}

/** @param leaving aborted when the client completes the operation, or goes. */
function payloadsFor(
  connection: Connection,
  answer: SubscriptionAnswer,
  leaving: AbortSignal,
  { deliveries: { open }, isLeaving }: OperationOptions,
): PayloadIterator {
  const room = (): Promise<void> | undefined =>
    connection.socket.bufferedAmount > MAX_BUFFERED_BYTES ? connection.flushed : undefined;
  const payloads = new PayloadIterator({ answer, room, lingers: isLeaving, onEnd: () => open.websocket-- });
  open.websocket++;
  if (leaving.aborted) payloads.close();
  else leaving.addEventListener('abort', () => payloads.close(), { once: true });
  return payloads;
}

const ANY_OPERATION = parse('{ operation }', { noLocation: true });

/** Whatever it is: the engine finds that out. */
export function runOperation(args: unknown): Promise<never> {
  return (args as OperationArgs).run() as Promise<never>;
}
