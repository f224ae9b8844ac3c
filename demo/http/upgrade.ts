import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { WebSocketServer } from 'ws';
import { ApiError } from '../api/status.ts';
import { EXEC_PROTOCOLS, execRequest, serveExec } from '../streams/exec.ts';
import { admit, mayDo } from './admission.ts';
import type { Answer } from './answer.ts';
import type { ServerContext } from './context.ts';
import { errorAnswer } from './errors.ts';
import { certificateOf, targetOf } from './exchange.ts';
import { requestInfo, type ResourceInfo } from './request-info.ts';
import { storedPod } from './responder.ts';
import { routeOf, type Route } from './route.ts';

/** Takes requests that want to become something else than HTTP. WebSockets for exec are all there is. */
export class Upgrades {
  readonly #context: ServerContext;
  readonly #sockets = new WebSocketServer({
    noServer: true,
    // The newest that both know, in whatever order the client has them.
    handleProtocols: (offered) => EXEC_PROTOCOLS.find((protocol) => offered.has(protocol)) ?? false,
  });

  constructor(context: ServerContext) {
    this.#context = context;
  }

  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    const { path, query } = targetOf(request);
    try {
      const pod = this.#execTarget(request, path, query);
      const wanted = execRequest(pod, query);
      if (!isWebSocket(request))
        throw new ApiError(400, 'unable to upgrade: only WebSockets are served', BAD_REQUEST);
      const offered = new Set(
        (request.headers['sec-websocket-protocol'] ?? '').split(',').map((each) => each.trim()),
      );
      if (!EXEC_PROTOCOLS.some((protocol) => offered.has(protocol))) return refuse(socket, BARE_REFUSAL);
      const now = (): number => this.#context.clock.now();
      this.#sockets.handleUpgrade(
        request,
        socket,
        head,
        (webSocket) => void serveExec(webSocket, wanted, now),
      );
    } catch (error) {
      refuse(socket, errorAnswer(error, { accept: undefined, userAgent: undefined, query }));
    }
  }

  #execTarget(request: IncomingMessage, path: string, query: URLSearchParams): ReturnType<typeof storedPod> {
    const info = requestInfo(request.method ?? 'GET', path, query);
    const certificate = certificateOf(request.socket as TLSSocket);
    const user = admit(this.#context, { info, headers: request.headers, certificate });
    if (info.kind === 'path') throw NOT_SERVED;
    if (info.subresource !== 'exec') throw unsupported(info);
    const route = routeOf(this.#context.cluster.registry, info);
    const pod = storedPod(this.#context, route);
    // A GET opens the connection, but what it does is no reading.
    if (!mayDo(this.#context.access, user, info, 'create')) throw mayNotCreate(route);
    return pod;
  }
}

const BAD_REQUEST = { reason: 'BadRequest' };

const NOT_SERVED = new ApiError(400, 'the demo cluster upgrades connections for exec only', BAD_REQUEST);

function unsupported({ resource, subresource }: ResourceInfo): ApiError {
  const what = [resource, subresource].filter((part) => part !== '').join('/');
  const message = `the demo cluster does not upgrade connections for ${what}: exec is all it has`;
  return new ApiError(501, message, { reason: 'NotImplemented', details: {} });
}

/** With the empty reason that the real server gives here. */
function mayNotCreate({ name, resource }: Route): ApiError {
  const details = { name, kind: resource.resource };
  return new ApiError(403, `${resource.resource} "${name}" is forbidden: `, { reason: 'Forbidden', details });
}

function isWebSocket({ headers }: IncomingMessage): boolean {
  return headers.upgrade?.toLowerCase() === 'websocket';
}

/** A client that offers no protocol that is spoken is told nothing more. */
const BARE_REFUSAL: Answer = { status: 403, headers: {}, body: Buffer.alloc(0) };

/** Writes an answer where Node has already given the socket away. */
function refuse(socket: Duplex, { body, headers, status }: Answer): void {
  const content = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${String(value)}`);
  const length = content.length === 0 ? [] : [`content-length: ${content.length}`];
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    ...lines,
    ...length,
    'connection: close',
    '',
    '',
  ];
  socket.end(Buffer.concat([Buffer.from(head.join('\r\n')), content]));
}
