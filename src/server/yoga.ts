import { type ExecutionResult, GraphQLError, type GraphQLErrorExtensions } from 'graphql';
import {
  createYoga,
  type FetchAPI,
  isAsyncIterable,
  type Plugin,
  type YogaServerInstance,
} from 'graphql-yoga';
import type { Code } from '../errors/codes.ts';
import type { Engine, OperationAnswer, OperationRequest } from '../execution/engine.ts';
import type { CompressedAnswer } from '../execution/answer.ts';
import type { ReportDefect } from '../execution/graphql-errors.ts';
import { acceptedJson } from './accepted-json.ts';
import { asCaller } from './as-caller.ts';
import { compressedResponse } from './compressed-response.ts';
import { type AuthMode, GRAPHQL_PATH, MAX_BODY_BYTES } from './options.ts';

export interface YogaOptions {
  readonly engine: Engine;
  readonly mode: AuthMode;
  readonly report: ReportDefect;
  /** What browsers get. */
  readonly graphiql: Editor | false;
  /** Whether this way in can send one answer after the other. Without it subscriptions are refused. */
  readonly subscriptions: boolean;
}

/** A page to write queries in. It comes from outside, because functions would carry it for nobody. */
export interface Editor {
  readonly render: (options?: object) => Promise<string>;
  /** What an empty editor shows. */
  readonly startingQuery: (engine: Engine, mode: AuthMode) => Promise<string>;
}

export type Yoga = YogaServerInstance<Record<string, unknown>, Record<string, unknown>>;

/**
 * GraphQL over HTTP and SSE. Yoga speaks the protocols; parsing, validation and execution are the engine's, which needs
 * to load parts of the schema first and answers bytes.
 */
export function createGraphQLHandler(options: YogaOptions): Yoga {
  const { engine, mode, graphiql } = options;
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
    graphiql:
      graphiql !== false &&
      (async () => ({ title: 'Kubegraph', defaultQuery: await graphiql.startingQuery(engine, mode) })),
    ...(graphiql === false ? {} : { renderGraphiQL: graphiql.render }),
    plugins: [useEngine(options), useOwnErrors(), useCompressedAnswers()],
  });
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
      if (Array.isArray(result) || isAsyncIterable(result) || 'stringify' in result || isCompressed(result))
        return;
      const errors = (result as ExecutionResult).errors?.map(
        ({ message, extensions }) =>
          new GraphQLError(message, {
            // By `spec` clients that only know JSON would get 200 for what is no request at all.
            extensions: {
              ...extensions,
              http: { ...extensions.http, spec: false },
              code: codeOf(extensions),
              originalError: undefined,
            },
          }),
      );
      payload.setResult({ errors: errors ?? [] });
    },
  };
}

/** Sends what the engine answers compressed as it is, which is not for Yoga to print. */
function useCompressedAnswers(): Plugin {
  return {
    onResultProcess(payload) {
      const { request, result } = payload;
      const contentType = acceptedJson(request.headers.get('accept'));
      if (contentType === undefined || !isCompressed(result)) return;
      const process = (_: unknown, fetchAPI: FetchAPI): Response =>
        compressedResponse(request, result, contentType, fetchAPI);
      payload.setResultProcessor(process, contentType);
    },
  };
}

function isCompressed(result: object): result is CompressedAnswer {
  return 'compressed' in result;
}

function codeOf({ http }: GraphQLErrorExtensions): Code {
  return http?.status === 413 ? 'REQUEST_TOO_LARGE' : 'BAD_USER_INPUT';
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

function execute(
  options: YogaOptions,
  request: Request,
  params: Params,
): Promise<OperationAnswer | CompressedAnswer> {
  const { signal } = request;
  return asCaller(options, { authorization: request.headers.get('authorization'), signal }, (identity) =>
    options.engine.execute({
      query: params.query ?? '',
      variables: params.variables,
      operationName: params.operationName,
      identity,
      signal,
      allow: allowedOperations(options, request.method),
      takesCompressed: options.subscriptions && acceptedJson(request.headers.get('accept')) !== undefined,
    }),
  );
}
