import { type ExecutionResult, GraphQLError, type GraphQLErrorExtensions } from 'graphql';
import { type FetchAPI, isAsyncIterable, type Plugin } from 'graphql-yoga';
import type { Code } from '../errors/codes.ts';
import type { Answer, CompressedAnswer } from '../execution/answer.ts';
import { acceptedJson } from './accepted-json.ts';
import { encodedAnswer } from './answer-encoding.ts';
import { compressedResponse } from './compressed-response.ts';

type Payload = Parameters<NonNullable<Plugin['onResultProcess']>>[0];

/** What Yoga itself refuses (bad JSON, no query) in the words of our table, and without what a parser threw. */
export function useOwnErrors(): Plugin {
  return {
    onResultProcess(payload) {
      const { result } = payload;
      if (Array.isArray(result) || isAsyncIterable(result) || isAnswer(result) || isCompressed(result))
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

function codeOf({ http }: GraphQLErrorExtensions): Code {
  return http?.status === 413 ? 'REQUEST_TOO_LARGE' : 'BAD_USER_INPUT';
}

/** Says to clients that take one answer only why they do not get a subscription. Yoga would answer them nothing. */
export function useRefusedStreams(): Plugin {
  return {
    onResultProcess(payload) {
      const { request, result, resultProcessor } = payload;
      if (!isAsyncIterable(result) || resultProcessor !== undefined) return;
      const contentType = acceptedJson(request.headers.get('accept')) ?? 'application/json';
      // Nothing has been asked of it, so there is nothing to end but itself.
      void result[Symbol.asyncIterator]().return?.();
      const process = (_: unknown, { Response }: FetchAPI): Response =>
        new Response(STREAM_REFUSAL, {
          status: 406,
          headers: { 'content-type': `${contentType}; charset=utf-8` },
        });
      payload.setResultProcessor(process, contentType);
    },
  };
}

const STREAM_REFUSAL = JSON.stringify({
  errors: [
    {
      message:
        'a subscription answers more than once: send "Accept: text/event-stream", or use a WebSocket (graphql-transport-ws)',
      extensions: { code: 'BAD_USER_INPUT' satisfies Code },
    },
  ],
});

/** Sends what the engine answers compressed as it is, which is not for Yoga to print. */
export function useCompressedAnswers(): Plugin {
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

/** Compresses large answers for clients that ask for it, after Yoga has printed them. */
export function useEncodedAnswers(): Plugin {
  return {
    onResultProcess(payload) {
      const { request, result, resultProcessor } = payload;
      // Whoever takes JSON gets it, whatever else it takes: only for others is a single answer an event.
      const contentType = acceptedJson(request.headers.get('accept'));
      if (contentType === undefined || resultProcessor === undefined || !isAnswer(result)) return;
      const process: Payload['resultProcessor'] = async (...args) => {
        const printed = await resultProcessor(...args);
        const text = Buffer.from(await printed.arrayBuffer());
        const { body, headers } = await encodedAnswer(text, request.headers.get('accept-encoding'));
        const [, { Response }] = args;
        const head = {
          ...Object.fromEntries(printed.headers),
          ...headers,
          'content-length': String(body.length),
        };
        // Yoga's Response takes Node's buffers, whichever memory they are in.
        return new Response(body as never, { status: printed.status, headers: head });
      };
      payload.setResultProcessor(process, contentType);
    },
  };
}

function isAnswer(result: object): result is Answer {
  return 'stringify' in result;
}

function isCompressed(result: object): result is CompressedAnswer {
  return 'compressed' in result;
}
