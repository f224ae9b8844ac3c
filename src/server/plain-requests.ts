import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline, Readable } from 'node:stream';
import type { Answer, StreamedAnswer } from '../execution/answer.ts';
import type { SubscriptionAnswer } from '../execution/subscription-answer.ts';
import { acceptedJson } from './accepted-json.ts';
import type { BodyRequest } from './entity-tag.ts';
import { GRAPHQL_PATH, MAX_BODY_BYTES } from './options.ts';
import { readBody } from './plain-body.ts';
import { bodyParams, type PlainParams, queryParams } from './plain-params.ts';
import { headOf, printedAnswer } from './printed-answer.ts';
import type { EventStreams } from './sse/event-streams.ts';
import { acceptsEvents } from './sse/head.ts';
import { sendSingleEvent } from './sse/single-event.ts';
import { streamedBody } from './streamed-body.ts';
import { KEEP_NOTHING, sentAnswer } from './whole-answer.ts';

/** What a client takes, beside an answer that is a server-sent event. */
export interface TakenForms {
  /** One answer, as JSON. */
  readonly json: boolean;
  /** Several answers: those of a subscription. */
  readonly events: boolean;
}

export type PlainAnswer = Answer | StreamedAnswer | SubscriptionAnswer;

export interface PlainRequestOptions {
  /** Executes what the client can take; undefined for what may have an answer of another form. Never rejects. */
  readonly execute: (
    params: PlainParams,
    takes: TakenForms,
    signal: AbortSignal,
  ) => Promise<PlainAnswer | undefined>;
  readonly eventStreams: EventStreams;
  /** Answers everything else. */
  readonly otherwise: () => Promise<void>;
}

/**
 * Answers what nearly all requests are, a POST of JSON or a GET of one query, without a GraphQL server in between: half of what a
 * small query costs is turning the request into a Fetch API's and the answer back, and a subscription has to be cheap, too.
 * Whatever is not plainly that, and all that might be wrong, is answered by Yoga; a test compares the two.
 */
export async function answerPlainly(
  request: IncomingMessage,
  response: ServerResponse,
  { execute, eventStreams, otherwise }: PlainRequestOptions,
): Promise<void> {
  const contentType = acceptedJson(request.headers.accept);
  const takes = { json: contentType !== undefined, events: acceptsEvents(request.headers.accept) };
  if (!(takes.json || takes.events) || !isPlain(request)) return otherwise();
  // A subscription must not begin while it waits behind other answers: nobody would be told when the client leaves.
  if (takes.events && response.socket === null) await once(response, 'socket');
  const read = await readParams(request);
  if (read === undefined) return;
  const { params } = read;
  const leaveIt = (): Promise<void> => {
    // What has been read is there to be read again.
    if (read.body !== undefined) Object.assign(request, { body: Readable.from([read.body]) });
    return otherwise();
  };
  if (params === undefined) return leaveIt();
  const leaving = new AbortController();
  const leave = (): void => {
    // Every response is closed at last; only to be told so costs more than to ask.
    if (!response.writableFinished) leaving.abort();
  };
  response.once('close', leave);
  const answer = await execute(params, takes, leaving.signal);
  if (answer === undefined) return leaveIt();
  if ('take' in answer) {
    response.off('close', leave);
    return eventStreams.send(response, answer);
  }
  if (leaving.signal.aborted) return;
  if (contentType !== undefined) return sendOne(answer, contentType, request, response);
  if ('pieces' in answer) throw new Error('an event is not sent in pieces');
  sendSingleEvent(request.method, response, answer);
}

async function sendOne(
  answer: Answer | StreamedAnswer,
  contentType: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if ('pieces' in answer) return stream(answer, contentType, request, response);
  const { status, headers } = headOf(answer, contentType === 'application/json');
  const sent = await sentAnswer(bodyRequestOf(request), answer, printedAnswer(answer), contentType);
  if (response.destroyed) return;
  const head = { ...headers, 'content-type': `${contentType}; charset=utf-8`, ...sent.headers };
  if (sent.body === undefined) response.writeHead(304, sent.headers);
  else response.writeHead(status, { ...head, 'content-length': sent.body.length });
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

/** Whether the head announces parameters that may be read. */
function isPlain(request: IncomingMessage): boolean {
  return request.method === 'POST' ? isPlainPost(request) : request.method === 'GET' && isPlainGet(request);
}

function isPlainPost({ headers }: IncomingMessage): boolean {
  const length = headers['content-length'];
  return (
    /^application\/(?:graphql\+)?json\s*(?:;\s*charset="?utf-8"?\s*)?$/i.test(
      headers['content-type'] ?? '',
    ) &&
    (length === undefined || (/^\d{1,7}$/.test(length) && Number(length) <= MAX_BODY_BYTES)) &&
    headers['content-encoding'] === undefined
  );
}

function isPlainGet({ url, headers }: IncomingMessage): boolean {
  return (
    url?.startsWith(`${GRAPHQL_PATH}?`) === true &&
    (headers['content-length'] ?? '0') === '0' &&
    headers['transfer-encoding'] === undefined
  );
}

function bodyRequestOf({ method, headers }: IncomingMessage): BodyRequest {
  return { method, header: (name) => headers[name]?.toString() };
}

interface ReadRequest {
  readonly params: PlainParams | undefined;
  readonly body?: Buffer;
}

/** Undefined when nobody waits for an answer any more. */
async function readParams(request: IncomingMessage): Promise<ReadRequest | undefined> {
  const { method, url = '' } = request;
  if (method === 'GET') return { params: queryParams(url.slice(url.indexOf('?') + 1)) };
  const body = await readBody(request);
  return body === undefined ? undefined : { params: bodyParams(body), body };
}
