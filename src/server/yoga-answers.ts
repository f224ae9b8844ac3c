import { type ExecutionResult, GraphQLError, type GraphQLErrorExtensions } from 'graphql';
import type { FetchAPI, Plugin } from 'graphql-yoga';
import type { Code } from '../errors/codes.ts';
import type { Answer, CompressedAnswer, StreamedAnswer } from '../execution/answer.ts';
import { acceptedJson } from './accepted-json.ts';
import { compressedResponse } from './compressed-response.ts';
import { headOf, printedAnswer } from './printed-answer.ts';
import { streamedBody } from './streamed-body.ts';
import { KEEP_NOTHING, sentAnswer } from './whole-answer.ts';

type Payload = Parameters<NonNullable<Plugin['onResultProcess']>>[0];

/** What Yoga itself refuses (bad JSON, no query) in the words of our table, and without what a parser threw. */
export function useOwnErrors(): Plugin {
  return {
    onResultProcess(payload) {
      const { result } = payload;
      if (Array.isArray(result) || isOurs(result)) return;
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

/** Says what to ask for to clients that take none of our types either. Yoga would answer them nothing. */
export function useToldTypes(): Plugin {
  return {
    onResultProcess(payload) {
      const { result, resultProcessor } = payload;
      if (resultProcessor !== undefined || !isAnswer(result) || headOf(result, false).status !== 406) return;
      const headers = { 'content-type': 'application/json; charset=utf-8' };
      const process = (_: unknown, { Response }: FetchAPI): Response =>
        // Yoga's Response takes Node's buffers, whichever memory they are in.
        new Response(printedAnswer(result) as never, { status: 406, headers });
      payload.setResultProcessor(process, 'application/json');
    },
  };
}

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

/** Sends on what the engine is still reading. */
export function useStreamedAnswers(): Plugin {
  return {
    onResultProcess(payload) {
      const { request, result } = payload;
      const contentType = acceptedJson(request.headers.get('accept'));
      if (contentType === undefined || !isStreamed(result)) return;
      const process = (_: unknown, { Response }: FetchAPI): Response => {
        const { body, headers } = streamedBody(result, request.headers.get('accept-encoding'));
        const head = { ...headers, 'content-type': `${contentType}; charset=utf-8` };
        // Yoga's Response takes Node's streams, which the type of its bodies does not say.
        return new Response(body as never, { headers: head });
      };
      payload.setResultProcessor(process, contentType);
    },
  };
}

/**
 * Sends answers that are in memory, after Yoga has printed them.
 *
 * @param encodes whether this way in can send what is compressed.
 */
export function useSentAnswers({ encodes }: { readonly encodes: boolean }): Plugin {
  return {
    onResultProcess(payload) {
      const { request, result, resultProcessor } = payload;
      // Whoever takes JSON gets it, whatever else it takes: only for others is a single answer an event.
      const contentType = acceptedJson(request.headers.get('accept'));
      if (contentType === undefined || resultProcessor === undefined || !isAnswer(result)) return;
      const header = (name: string): string | null =>
        name === 'accept-encoding' && !encodes ? null : request.headers.get(name);
      const process: Payload['resultProcessor'] = async (...args) => {
        const printed = await resultProcessor(...args);
        const text = Buffer.from(await printed.arrayBuffer());
        const sent = await sentAnswer({ method: request.method, header }, result, text, contentType);
        const [, { Response }] = args;
        if (sent.body === undefined) return new Response(null, { status: 304, headers: sent.headers });
        const head = {
          ...Object.fromEntries(printed.headers),
          ...sent.headers,
          'content-length': String(sent.body.length),
        };
        // Yoga's Response takes Node's buffers, whichever memory they are in.
        return new Response(sent.body as never, { status: printed.status, headers: head });
      };
      payload.setResultProcessor(process, contentType);
    },
  };
}

/** Whatever else a GET is answered, errors and lists that are still being read: no cache keeps it. */
export function useKeptNowhere(): Plugin {
  return {
    onResponse({ request, response }) {
      if (request.method === 'GET' && !response.headers.has('cache-control'))
        response.headers.set('cache-control', KEEP_NOTHING);
    },
  };
}

function isOurs(result: object): boolean {
  return isAnswer(result) || isCompressed(result) || isStreamed(result);
}

function isAnswer(result: object): result is Answer {
  return 'stringify' in result;
}

function isStreamed(result: object): result is StreamedAnswer {
  return 'pieces' in result;
}

function isCompressed(result: object): result is CompressedAnswer {
  return 'compressed' in result;
}
