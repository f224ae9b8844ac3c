import type { IncomingHttpHeaders } from 'node:http';
import { Agent, type Dispatcher } from 'undici';
import { type Exact, parseExact } from '../../real/support/exact-json.ts';
import { type ServerUnderTest, serverUnderTest } from './context.ts';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export type Query = Readonly<Record<string, string | number | boolean>>;

export interface Call {
  readonly query?: Query;
  readonly accept?: string;
  /** An object is sent as JSON, a text as it is. */
  readonly body?: object | string;
  /** Default `application/json`; null sends none. */
  readonly contentType?: string | null;
  readonly headers?: Readonly<Record<string, string | string[]>>;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** The body as it came, not decompressed. */
  readonly bytes: Buffer;
  readonly text: string;
  /** The body parsed digit by digit; undefined for anything but JSON. */
  readonly json: Exact | undefined;
}

/** A body that is still coming. */
export interface OpenAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Dispatcher.ResponseData['body'];
}

/** The server under test as one of its users sees it, without anything in between. */
export interface Api {
  get(path: string, query?: Query, accept?: string): Promise<Answer>;
  post(path: string, body: object | string, call?: Call): Promise<Answer>;
  put(path: string, body: object, call?: Call): Promise<Answer>;
  patch(path: string, contentType: string, body: object | string, call?: Call): Promise<Answer>;
  delete(path: string, call?: Call): Promise<Answer>;
  send(method: Method, path: string, call?: Call): Promise<Answer>;
  /** Answers when the headers are there. */
  open(path: string, call?: Call): Promise<OpenAnswer>;
}

export const PATCH = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
} as const;

/**
 * As the user whose bearer token this is; undefined for nobody.
 *
 * @param server default: the one under test.
 * @param connections how many there may be at once. Default: as many as it takes.
 */
export function apiAs(
  token: string | undefined,
  server: Pick<ServerUnderTest, 'url' | 'ca'> = serverUnderTest(),
  connections: number | null = null,
): Api {
  const agent = new Agent({
    connections,
    connect: { ca: server.ca },
    headersTimeout: 60_000,
    bodyTimeout: 0,
  });
  const dispatch = (method: Method, path: string, call: Call = {}) =>
    agent.request({
      origin: server.url,
      method,
      path: path + queryText(call.query),
      headers: { ...headersOf(call), ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
      body: call.body === undefined ? null : printBody(call.body),
    });
  const send: Api['send'] = async (method, path, call) => {
    const { statusCode, headers, body } = await dispatch(method, path, call);
    const bytes = Buffer.from(await body.arrayBuffer());
    const text = bytes.toString('utf8');
    return { status: statusCode, headers, bytes, text, json: parsed(text) };
  };
  return {
    send,
    get: (path, query = {}, accept = 'application/json') => send('GET', path, { query, accept }),
    post: (path, body, call) => send('POST', path, { ...call, body }),
    put: (path, body, call) => send('PUT', path, { ...call, body }),
    patch: (path, contentType, body, call) => send('PATCH', path, { ...call, body, contentType }),
    delete: (path, call) => send('DELETE', path, call),
    open: async (path, call) => {
      const { statusCode, headers, body } = await dispatch('GET', path, call);
      return { status: statusCode, headers, body };
    },
  };
}

export const admin = apiAs(serverUnderTest().tokens.admin);
export const viewer = apiAs(serverUnderTest().tokens.viewer);
export const nobody = apiAs(undefined);

function headersOf({ accept, body, contentType = 'application/json', headers }: Call) {
  return {
    accept: accept ?? 'application/json',
    ...(body === undefined || contentType === null ? {} : { 'content-type': contentType }),
    ...headers,
  };
}

function queryText(query: Query | undefined): string {
  const entries = Object.entries(query ?? {}).map(([name, value]) => [name, String(value)]);
  return entries.length === 0 ? '' : `?${new URLSearchParams(entries).toString()}`;
}

function printBody(body: object | string): string {
  return typeof body === 'string' ? body : JSON.stringify(body);
}

function parsed(text: string): Exact | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return parseExact(text);
  } catch {
    return undefined;
  }
}
