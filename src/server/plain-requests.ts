import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { GraphQLError } from 'graphql';
import type { Answer } from '../execution/answer.ts';
import { isJsonObject, tryParseJson } from '../util/json.ts';
import { acceptedJson } from './accepted-json.ts';
import { encodedAnswer } from './answer-encoding.ts';
import { MAX_BODY_BYTES } from './options.ts';

/** The parameters of GraphQL over HTTP, as they come when nothing is wrong with them. */
export interface PlainParams {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>> | undefined;
  readonly operationName: string | undefined;
}

export interface PlainRequestOptions {
  /** Executes a query or mutation. Never rejects. */
  readonly execute: (
    params: PlainParams,
    authorization: string | null,
    signal: AbortSignal,
  ) => Promise<Answer>;
  /** Answers everything else. */
  readonly otherwise: () => Promise<void>;
}

/**
 * Answers what nearly all requests are, a POST of one query or mutation as JSON, without a GraphQL server in between: half
 * of what a small query costs is turning the request into a Fetch API's and the answer back. Whatever is not plainly that,
 * and all that might be wrong, is answered by Yoga; a test compares the two.
 */
export async function answerPlainly(
  request: IncomingMessage,
  response: ServerResponse,
  { execute, otherwise }: PlainRequestOptions,
): Promise<void> {
  const contentType = isPlain(request) ? acceptedJson(request.headers.accept) : undefined;
  if (contentType === undefined) return otherwise();
  const body = await bodyOf(request);
  if (body === undefined) return;
  const params = plainParams(body);
  if (params === undefined) {
    // What has been read is there to be read again.
    Object.assign(request, { body: Readable.from([body]) });
    return otherwise();
  }
  const leaving = new AbortController();
  response.once('close', () => leaving.abort());
  const answer = await execute(params, request.headers.authorization ?? null, leaving.signal);
  if (leaving.signal.aborted) return;
  const { status, headers, text } = printed(answer, contentType);
  const encoded = await encodedAnswer(text, request.headers['accept-encoding']);
  if (leaving.signal.aborted) return;
  response.writeHead(status, { ...headers, ...encoded.headers, 'content-length': encoded.body.length });
  response.end(encoded.body);
}

/** Whether the head announces a JSON body that may be read, and wants one answer. */
function isPlain({ method, url, headers }: IncomingMessage): boolean {
  return (
    method === 'POST' &&
    url !== undefined &&
    !url.includes('?') &&
    /^application\/json\s*(?:;\s*charset="?utf-8"?\s*)?$/i.test(headers['content-type'] ?? '') &&
    /^\d{1,7}$/.test(headers['content-length'] ?? '') &&
    Number(headers['content-length']) <= MAX_BODY_BYTES &&
    headers['content-encoding'] === undefined &&
    !/event-stream|multipart/i.test(headers.accept ?? '')
  );
}

/** Undefined when the client goes away in the middle of it, or is too slow: then nobody waits for an answer. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of request) chunks.push(chunk as Buffer);
  } catch (error) {
    if (request.complete) throw error;
    return undefined;
  }
  return chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
}

function plainParams(body: Buffer): PlainParams | undefined {
  const params = tryParseJson(body.toString('utf8'));
  if (!isJsonObject(params) || !Object.keys(params).every((name) => PARAMETERS.has(name))) return undefined;
  const { query, variables, operationName, extensions } = params;
  if (typeof query !== 'string' || SPECIAL.test(query)) return undefined;
  if (!isObjectOrAbsent(variables) || !isObjectOrAbsent(extensions)) return undefined;
  if (typeof operationName !== 'string' && operationName !== undefined && operationName !== null)
    return undefined;
  return { query, variables: variables ?? undefined, operationName: operationName ?? undefined };
}

const PARAMETERS: ReadonlySet<string> = new Set(['query', 'variables', 'operationName', 'extensions']);

/** What may have an answer of another form: several ones, or a compressed one. */
const SPECIAL = /\bsubscription\b|\b__(?:schema|type)\b/;

function isObjectOrAbsent(value: unknown): value is Readonly<Record<string, unknown>> | null | undefined {
  return value === undefined || value === null || isJsonObject(value);
}

interface PrintedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: Buffer;
}

function printed(answer: Answer, contentType: string): PrintedAnswer {
  const { status, headers } = headOf(answer, contentType === 'application/json');
  const errors = answer.errors?.map(withoutHttp);
  const text = answer.stringify({ ...answer, ...(errors === undefined ? {} : { errors }) });
  return { status, headers: { ...headers, 'content-type': `${contentType}; charset=utf-8` }, text };
}

/**
 * What the errors say of the HTTP response. Clients that only know JSON get 200 for what is wrong with a document, by
 * GraphQL over HTTP.
 */
function headOf({ errors = [] }: Answer, isOnlyJson: boolean): Pick<PrintedAnswer, 'status' | 'headers'> {
  let status: number | undefined;
  const headers: Record<string, string> = {};
  for (const { extensions } of errors) {
    const { http } = extensions;
    if (http === undefined) continue;
    Object.assign(headers, http.headers);
    if (isOnlyJson && http.spec === true) continue;
    if (http.status !== undefined) status = Math.max(status ?? 0, http.status);
  }
  return { status: status ?? 200, headers };
}

/** The error as clients see it. */
function withoutHttp(error: GraphQLError): GraphQLError {
  const { http, ...extensions } = error.extensions;
  if (http === undefined) return error;
  return new GraphQLError(error.message, {
    nodes: error.nodes ?? null,
    source: error.source ?? null,
    positions: error.positions ?? null,
    ...(error.path === undefined ? {} : { path: error.path }),
    extensions,
  });
}
