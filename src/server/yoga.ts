import { type ExecutionResult, GraphQLError } from 'graphql';
import { createYoga, isAsyncIterable, type Plugin, type YogaServerInstance } from 'graphql-yoga';
import type { Engine, OperationAnswer, OperationRequest } from '../execution/engine.ts';
import { refusal } from '../execution/answer.ts';
import { requestError, type ReportDefect } from '../execution/graphql-errors.ts';
import { callerOf } from './caller.ts';
import { renderGraphiQL, startingQuery } from './graphiql.ts';
import { type AuthMode, GRAPHQL_PATH, MAX_BODY_BYTES } from './options.ts';

export interface YogaOptions {
  readonly engine: Engine;
  readonly mode: AuthMode;
  readonly report: ReportDefect;
  /** Whether browsers get GraphiQL. Its page is 9 MB, so functions leave it out. */
  readonly graphiql: boolean;
  /** Whether this way in can send one answer after the other. Without it subscriptions are refused. */
  readonly subscriptions: boolean;
}

export type Yoga = YogaServerInstance<Record<string, unknown>, Record<string, unknown>>;

/**
 * GraphQL over HTTP and SSE. Yoga speaks the protocols; parsing, validation and execution are the engine's, which needs
 * to load parts of the schema first and answers bytes.
 */
export function createGraphQLHandler(options: YogaOptions): Yoga {
  return createYoga({
    graphqlEndpoint: GRAPHQL_PATH,
    landingPage: false,
    logging: false,
    cors: false,
    multipart: false,
    batching: false,
    maxRequestBodySize: MAX_BODY_BYTES,
    parserAndValidationCache: false,
    maskedErrors: false,
    graphiql: options.graphiql ? () => graphiqlOptions(options) : false,
    renderGraphiQL,
    plugins: [useEngine(options), useOwnErrors()],
  });
}

async function graphiqlOptions(options: YogaOptions): Promise<{ title: string; defaultQuery: string }> {
  return { title: 'Kubegraph', defaultQuery: await startingQuery(options.engine, options.mode) };
}

function useEngine(options: YogaOptions): Plugin {
  return {
    onParams({ request, params, setParamsHandler }) {
      setParamsHandler(async () => {
        const answer = await execute(options, request, params);
        // Yoga takes execution results and iterables of them; an answer is one, with `stringify` for its bytes.
        return answer as never;
      });
    },
  };
}

/** What Yoga itself refuses (bad JSON, no query) in the words of our table, and without what a parser threw. */
function useOwnErrors(): Plugin {
  return {
    onResultProcess(payload) {
      const { result } = payload;
      if (Array.isArray(result) || isAsyncIterable(result) || 'stringify' in result) return;
      const errors = (result as ExecutionResult).errors?.map(
        ({ message, extensions }) =>
          new GraphQLError(message, {
            extensions: { ...extensions, code: 'BAD_USER_INPUT', originalError: undefined },
          }),
      );
      payload.setResult({ errors: errors ?? [] });
    },
  };
}

interface Params {
  readonly query?: string;
  readonly variables?: Record<string, unknown>;
  readonly operationName?: string;
}

function allowedOperations(options: YogaOptions, method: string): OperationRequest['allow'] {
  return [
    'query',
    // Whatever a link or an image tag can send must not change anything.
    ...(method === 'GET' ? [] : ['mutation' as const]),
    ...(options.subscriptions ? ['subscription' as const] : []),
  ];
}

async function execute(options: YogaOptions, request: Request, params: Params): Promise<OperationAnswer> {
  try {
    const identity = callerOf(options.mode, request.headers.get('authorization'));
    return await options.engine.execute({
      query: params.query ?? '',
      variables: params.variables,
      operationName: params.operationName,
      identity,
      signal: request.signal,
      allow: allowedOperations(options, request.method),
    });
  } catch (error) {
    return refusal([requestError(error, request.signal, options.report)]);
  }
}
