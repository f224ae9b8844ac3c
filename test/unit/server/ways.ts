import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { TestGateway } from '../support/test-gateway.ts';

/** What a request says, by GraphQL over HTTP. */
export interface Params {
  readonly query?: string;
  readonly documentId?: string;
  readonly operationName?: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** An answer as a client reads it. */
export interface Read {
  readonly data?: unknown;
  readonly errors?: readonly { readonly message: string; readonly extensions: { readonly code: string } }[];
}

export type Ask = (gateway: TestGateway, params: Params) => Promise<Read>;

/** Every way in that answers queries, by its name. */
export const WAYS: readonly (readonly [string, Ask])[] = [
  ['POST', post],
  [
    'GET',
    async (gateway, params) => (await get(gateway, params, 'application/json')).json() as Promise<Read>,
  ],
  ['server-sent events', events],
  ['WebSocket', webSocket],
];

async function post({ url }: TestGateway, params: Params): Promise<Read> {
  const headers = { 'content-type': 'application/json', accept: 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(params) });
  return response.json() as Promise<Read>;
}

/** A GET of a request, with what is no text as JSON. */
export function get({ url }: TestGateway, params: Params, accept: string): Promise<Response> {
  const search = Object.entries(params).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  return fetch(`${url}?${new URLSearchParams(search)}`, { headers: { accept } });
}

async function events(gateway: TestGateway, params: Params): Promise<Read> {
  const text = await (await get(gateway, params, 'text/event-stream')).text();
  return JSON.parse(/^data: (\{.*)$/m.exec(text)?.[1] ?? text) as Read;
}

async function webSocket({ url }: TestGateway, params: Params): Promise<Read> {
  const client = createClient({ url: url.replace('http', 'ws'), webSocketImpl: WebSocket, retryAttempts: 0 });
  try {
    // The client wants a text, as the protocol has it.
    for await (const answer of client.iterate({ query: '', ...params })) return answer as Read;
    throw new Error('nothing was answered');
  } catch (error) {
    // What is refused before it is executed is thrown as a list.
    if (Array.isArray(error)) return { errors: error as NonNullable<Read['errors']> };
    throw error;
  } finally {
    await client.dispose();
  }
}
