import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline, Readable } from 'node:stream';
import { GraphQLError } from 'graphql';
import type { Answer, StreamedAnswer } from '../execution/answer.ts';
import { acceptedJson } from './accepted-json.ts';
import type { BodyRequest } from './entity-tag.ts';
import { GRAPHQL_PATH, MAX_BODY_BYTES } from './options.ts';
import { bodyParams, type PlainParams, queryParams } from './plain-params.ts';
import { streamedBody } from './streamed-body.ts';
import { KEEP_NOTHING, sentAnswer } from './whole-answer.ts';

export interface PlainRequestOptions {
  /** Executes a query or mutation; undefined for what may have an answer of another form. Never rejects. */
  readonly execute: (
    params: PlainParams,
    authorization: string | null,
    signal: AbortSignal,
  ) => Promise<Answer | StreamedAnswer | undefined>;
  /** Answers everything else. */
  readonly otherwise: () => Promise<void>;
}

/**
 * Answers what nearly all requests are, a POST of one query or mutation as JSON or a GET of one query, without a GraphQL server
 * in between: half of what a small query costs is turning the request into a Fetch API's and the answer back. Whatever is not
 * plainly that, and all that might be wrong, is answered by Yoga; a test compares the two.
 */
export async function answerPlainly(
  request: IncomingMessage,
  response: ServerResponse,
  { execute, otherwise }: PlainRequestOptions,
): Promise<void> {
  const contentType = acceptedJson(request.headers.accept);
  if (contentType === undefined || !isPlain(request)) return otherwise();
  const read: ReadRequest | undefined =
    request.method === 'GET' ? { params: queryParams(searchOf(request)) } : await readBody(request);
  if (read === undefined) return;
  const { params } = read;
  const leaveIt = (): Promise<void> => {
    // What has been read is there to be read again.
    if (read.body !== undefined) Object.assign(request, { body: Readable.from([read.body]) });
    return otherwise();
  };
  if (params === undefined) return leaveIt();
  const leaving = new AbortController();
  response.once('close', () => {
    // Every response is closed at last; only to be told so costs more than to ask.
    if (!response.writableFinished) leaving.abort();
  });
  const answer = await execute(params, request.headers.authorization ?? null, leaving.signal);
  if (answer === undefined) return leaveIt();
  if (leaving.signal.aborted) return;
  if ('pieces' in answer) return stream(answer, contentType, request, response);
  const { status, headers, text } = printed(answer, contentType);
  const sent = await sentAnswer(bodyRequestOf(request), answer, text, contentType);
  if (leaving.signal.aborted) return;
  if (sent.body === undefined) response.writeHead(304, sent.headers);
  else response.writeHead(status, { ...headers, ...sent.headers, 'content-length': sent.body.length });
  response.end(sent.body);
}

function stream(
  answer: StreamedAnswer,
  contentType: string,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const { body, headers } = streamedBody(answer, request.headers['accept-encoding']);
  // What a list of this length ends with, an error perhaps, is not known before its head is sent.
  const caching = request.method === 'GET' ? { 'cache-control': KEEP_NOTHING } : {};
  response.writeHead(200, { ...headers, ...caching, 'content-type': `${contentType}; charset=utf-8` });
  // A client that has gone away learns nothing more; and what fails later cannot be told but by breaking off.
  pipeline(body, response, () => undefined);
}

/** Whether the head announces parameters that may be read, and wants one answer. */
function isPlain(request: IncomingMessage): boolean {
  const { method, headers } = request;
  if (/event-stream|multipart/i.test(headers.accept ?? '')) return false;
  return method === 'POST' ? isPlainPost(request) : method === 'GET' && isPlainGet(request);
}

function isPlainPost({ url, headers }: IncomingMessage): boolean {
  return (
    url !== undefined &&
    !url.includes('?') &&
    /^application\/json\s*(?:;\s*charset="?utf-8"?\s*)?$/i.test(headers['content-type'] ?? '') &&
    /^\d{1,7}$/.test(headers['content-length'] ?? '') &&
    Number(headers['content-length']) <= MAX_BODY_BYTES &&
    headers['content-encoding'] === undefined
  );
}

function isPlainGet({ url, headers }: IncomingMessage): boolean {
  return (
    url?.startsWith(`${GRAPHQL_PATH}?`) === true &&
    headers['content-length'] === undefined &&
    headers['transfer-encoding'] === undefined
  );
}

function searchOf({ url = '' }: IncomingMessage): string {
  return url.slice(url.indexOf('?') + 1);
}

function bodyRequestOf({ method, headers }: IncomingMessage): BodyRequest {
  return { method, header: (name) => headers[name]?.toString() };
}

interface ReadRequest {
  readonly params: PlainParams | undefined;
  readonly body?: Buffer;
}

/** Undefined when the client goes away in the middle of the body, or is too slow: then nobody waits for an answer. */
async function readBody(request: IncomingMessage): Promise<ReadRequest | undefined> {
  const body = await bodyOf(request);
  return body === undefined ? undefined : { params: bodyParams(body), body };
}

/** With events: an iterator of a stream costs more than reading a small body. */
function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.once('end', () => resolve(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)));
    request.once('error', () => resolve(undefined));
    request.once('close', () => resolve(undefined));
  });
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
