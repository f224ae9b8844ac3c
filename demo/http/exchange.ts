import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import type { PeerCertificate, TLSSocket } from 'node:tls';
import type { Answer } from './answer.ts';
import { admit } from './admission.ts';
import type { Connections } from './connections.ts';
import type { ServerContext } from './context.ts';
import { errorAnswer } from './errors.ts';
import type { Wishes } from './negotiation.ts';
import { requestInfo } from './request-info.ts';
import { respond } from './responder.ts';
import { send, type Outgoing } from './send.ts';
import type { Credentials } from './users.ts';
import { uuid } from './uuid.ts';

type Request = IncomingMessage | Http2ServerRequest;

/** Answers one request of either protocol, from its credentials to the last byte. Never throws. */
export async function serveRequest(
  context: ServerContext,
  connections: Connections,
  request: Request,
  response: ServerResponse | Http2ServerResponse,
): Promise<void> {
  // Gone when the connection is.
  const port = request.socket.remotePort;
  // Both have these members; their types differ in overloads that are not used.
  const outgoing = response as unknown as Outgoing;
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  // A client that hangs up is no error of the server's.
  outgoing.on('error', () => gone.abort());
  const answer = await answerTo(context, connections, request, gone.signal);
  await send(outgoing, withCommonHeaders(context, request, answer), {
    signal: gone.signal,
    isFrozen: () => connections.isFrozen(port),
  });
}

async function answerTo(
  context: ServerContext,
  connections: Connections,
  request: Request,
  signal: AbortSignal,
): Promise<Answer> {
  const { path, query } = targetOf(request);
  const wishes: Wishes = { accept: request.headers.accept, userAgent: request.headers['user-agent'], query };
  const failed = (error: unknown): Answer => errorAnswer(error, wishes);
  try {
    const method = request.method ?? 'GET';
    const { headers } = request;
    const info = requestInfo(method, path, query);
    const user = admit(context, { info, headers, certificate: certificateOf(request.socket as TLSSocket) });
    const admitted = { method, path, query, headers, info, user, wishes, signal, body: bodyOf(request) };
    const next = (): Promise<Answer> => respond(context, admitted).catch(failed);
    if (context.interceptor === undefined) return await next();
    const connection = connections.of(request.socket.remotePort);
    return await context.interceptor.intercept({ ...admitted, connection }, next);
  } catch (error) {
    return failed(error);
  }
}

/** The body's pieces. Who stops reading wants to answer, so the connection must survive that: the rest is thrown away. */
async function* bodyOf(request: Request): AsyncGenerator {
  try {
    yield* request.iterator({ destroyOnReturn: false });
  } finally {
    request.resume();
  }
}

export function targetOf({ url }: { readonly url?: string | undefined }): {
  path: string;
  query: URLSearchParams;
} {
  // The host does not matter, and a client can write there what it wants.
  const { pathname, searchParams } = new URL(`https://localhost${url ?? '/'}`);
  return { path: decodePath(pathname), query: searchParams };
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** The name in a client certificate of our own CA; undefined without one. */
export function certificateOf(socket: TLSSocket): Credentials['certificate'] {
  const { subject } = socket.getPeerCertificate() as Partial<PeerCertificate>;
  if (!socket.authorized) return subject === undefined ? undefined : 'foreign';
  // A name can have several organizations, which Node then gives as a list in spite of its types.
  const { CN: name, O: groups } = (subject ?? {}) as {
    readonly CN?: string;
    readonly O?: string | readonly string[];
  };
  if (name === undefined) return undefined;
  return { name, groups: typeof groups === 'string' ? [groups] : (groups ?? []) };
}

function withCommonHeaders(context: ServerContext, request: Request, answer: Answer): Answer {
  const sent = request.headers['audit-id'];
  const auditId = typeof sent === 'string' && sent !== '' ? sent : uuid(context.random);
  return {
    ...answer,
    headers: { 'audit-id': auditId, 'cache-control': 'no-cache, private', ...answer.headers },
  };
}
