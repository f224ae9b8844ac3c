import { createYoga, type Plugin, type YogaServerInstance } from 'graphql-yoga';
import type { Engine } from '../execution/engine.ts';
import { type DocumentRequest, namesDocument } from '../execution/document-name.ts';
import type { Answer, CompressedAnswer, StreamedAnswer } from '../execution/answer.ts';
import type { ReportDefect } from '../execution/graphql-errors.ts';
import type { OperationRequest } from '../execution/operation-request.ts';
import { acceptedJson } from './accepted-json.ts';
import { asCaller } from './as-caller.ts';
import { type AuthMode, GRAPHQL_PATH, MAX_BODY_BYTES } from './options.ts';
import {
  useCompressedAnswers,
  useKeptNowhere,
  useOwnErrors,
  useSentAnswers,
  useStreamedAnswers,
  useToldTypes,
} from './yoga-answers.ts';

export interface YogaOptions {
  readonly engine: Engine;
  readonly mode: AuthMode;
  readonly report: ReportDefect;
  /** Whether this way in can send bytes as they come, and compressed ones, as a function cannot. */
  readonly streams: boolean;
}

export type Yoga = YogaServerInstance<Record<string, unknown>, Record<string, unknown>>;

/**
 * GraphQL over HTTP. Yoga speaks the protocol; parsing, validation and execution are the engine's, which needs to load parts
 * of the schema first and answers bytes. Subscriptions are not for Yoga.
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
    graphiql: false,
    extraParamNames: ['documentId'],
    plugins: [
      useEngine(options),
      useOwnErrors(),
      useToldTypes(),
      useCompressedAnswers(),
      useStreamedAnswers(),
      useSentAnswers({ encodes: options.streams }),
      useKeptNowhere(),
    ],
  });
}

function useEngine(options: YogaOptions): Plugin {
  return {
    onParams({ request, params, setParams, setParamsHandler }) {
      const documentId = documentIdOf(request, params);
      // Yoga knows of no other way to ask for a document than by its text, and refuses what has none.
      if (params.query === undefined && namesDocument({ ...params, documentId }))
        setParams({ ...params, query: '' });
      setParamsHandler(async () => {
        const answer = await execute(options, request, { ...params, documentId });
        // Yoga takes execution results; an answer is one, with `stringify` for its bytes.
        return answer as never;
      });
    },
  };
}

interface Params extends DocumentRequest {
  readonly variables?: Record<string, unknown>;
  readonly operationName?: string;
}

/** Of a GET Yoga reads the four parameters that it knows. */
function documentIdOf({ method, url }: Request, params: object): unknown {
  if (method !== 'GET') return 'documentId' in params ? params.documentId : undefined;
  return new URL(url, 'http://localhost').searchParams.get('documentId') || undefined;
}

/** Whatever a link or an image tag can send must not change anything. */
function allowedOperations(method: string): OperationRequest['allow'] {
  return method === 'GET' ? ['query'] : ['query', 'mutation'];
}

function execute(
  options: YogaOptions,
  request: Request,
  params: Params,
): Promise<Answer | CompressedAnswer | StreamedAnswer> {
  const { signal } = request;
  const takesPieces = options.streams && acceptedJson(request.headers.get('accept')) !== undefined;
  const call = { authorization: request.headers.get('authorization'), signal };
  return asCaller(options, call, async (identity) => {
    const answer = await options.engine.execute({
      query: params.query,
      documentId: params.documentId,
      extensions: params.extensions,
      variables: params.variables,
      operationName: params.operationName,
      identity,
      signal,
      allow: allowedOperations(request.method),
      takesCompressed: takesPieces,
      takesStreamed: takesPieces,
    });
    if ('take' in answer) throw new Error('a query or mutation has one answer');
    return answer;
  });
}
