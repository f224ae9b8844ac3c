import { Agent, request } from 'node:https';
import { readCredentials } from './certificates.ts';
import { HarnessError } from './errors.ts';
import type { Layout } from './layout.ts';

export interface ApiAnswer {
  readonly status: number;
  readonly body: string;
}

export interface ApiRequest {
  readonly method?: 'GET' | 'POST';
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly accept?: string;
}

/** Requests to the API server as admin, over kept-alive connections. */
export interface ApiClient {
  /** Any answer is an answer, whatever its status; rejects only when none came. */
  send(request: ApiRequest): Promise<ApiAnswer>;
  /** The parsed body of a GET that must succeed. */
  get(path: string, accept?: string): Promise<unknown>;
  /** Creates an object; `path` is its collection. Fails with the server's own message. */
  create(path: string, object: unknown): Promise<void>;
  close(): void;
}

export async function createApiClient(layout: Layout, server: string): Promise<ApiClient> {
  const { ca, certificate, key } = await readCredentials(layout, 'admin');
  const agent = new Agent({ keepAlive: true, maxSockets: 64, ca, cert: certificate, key });
  const send = (options: ApiRequest) => sendRequest(agent, server, options);
  const mustSucceed = async (options: ApiRequest) => {
    const answer = await send(options);
    if (answer.status < 300) return answer.body;
    throw new HarnessError(`${options.method ?? 'GET'} ${options.path}: ${messageOf(answer)}`);
  };
  return {
    send,
    get: async (path, accept) => {
      const body: unknown = JSON.parse(await mustSucceed({ path, ...(accept && { accept }) }));
      return body;
    },
    create: async (path, object) => {
      await mustSucceed({ method: 'POST', path, body: object });
    },
    close: () => agent.destroy(),
  };
}

/** The answer's own words: the message of a Status, or the start of any other body. */
export function messageOf(answer: ApiAnswer): string {
  const status = parseOrUndefined(answer.body);
  const isStatus = typeof status === 'object' && status !== null && 'message' in status;
  return `${answer.status} ${isStatus ? String(status.message) : answer.body.slice(0, 200).trim()}`;
}

function parseOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function sendRequest(agent: Agent, server: string, options: ApiRequest): Promise<ApiAnswer> {
  const payload = options.body === undefined ? undefined : JSON.stringify(options.body);
  const headers = {
    accept: options.accept ?? 'application/json',
    ...(payload !== undefined && {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(payload),
    }),
  };
  return new Promise((resolve, reject) => {
    const outgoing = request(
      server + options.path,
      { agent, method: options.method ?? 'GET', headers },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.once('error', reject);
        incoming.once('end', () =>
          resolve({ status: incoming.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }),
        );
      },
    );
    outgoing.once('error', reject);
    outgoing.end(payload);
  });
}
