import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Identity } from '../../cluster/identity.ts';
import type { RawAnswer, RawRequest, RawUpstream, Tunnel } from '../../cluster/raw.ts';
import { KubegraphError } from '../../errors/kubegraph-error.ts';
import type { ReportDefect } from '../../execution/graphql-errors.ts';
import type { Door } from '../door.ts';
import { sendOn } from '../sent-on.ts';
import { joinConnections, responseTo } from '../upgraded.ts';
import type { Filter } from './filter.ts';
import { hasBody } from '../request-body.ts';
import { answerFailure } from './status.ts';

export interface ProxyDoorOptions {
  readonly upstream: RawUpstream;
  /** Who a request acts as; may throw. */
  readonly identityOf: (request: IncomingMessage) => Identity;
  /** What paths begin with: `/k8s/`. Begins and ends with a slash. */
  readonly prefix: string;
  /** Whether the prefix is part of the API server's own paths, as `/apis/` is. Default: it is taken away. */
  readonly keepsPrefix?: boolean;
  /** Undefined: everything passes. */
  readonly filter: Pick<Filter, 'acceptsCall'> | undefined;
  /** What the filter may let pass. Default: none. */
  readonly tunnels?: ReadonlySet<Tunnel>;
  readonly report: ReportDefect;
}

/**
 * The API server's own surface: paths, bodies and answers go through as they are, and what fails is answered with a Status. Closing
 * it ends upgraded connections, watches, and logs that are followed.
 */
export function createProxyDoor(options: ProxyDoorOptions): Door {
  const { upstream, report } = options;
  const endless = new Set<AbortController>();
  const leaving = (client: ServerResponse | Duplex, isEndless: boolean): AbortSignal => {
    const controller = new AbortController();
    if (isEndless) endless.add(controller);
    client.once('close', () => {
      controller.abort();
      endless.delete(controller);
    });
    return controller.signal;
  };
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const signal = leaving(response, FOLLOWS.test(request.url ?? ''));
    try {
      const body = hasBody(request) ? { body: request } : {};
      const answer = await upstream.forward({ ...rawRequest(request, options), ...body, signal });
      await passOn(response, answer);
    } catch (error) {
      answerFailure(response, error, report);
    }
  };
  const upgrade = async (request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> => {
    // Clients that hope for HTTP/2 put up with HTTP/1.1.
    if (!isTunnelled(request) && !hasBody(request)) return handle(request, responseTo(request));
    let response: ServerResponse | undefined;
    const respond = (): ServerResponse => (response ??= responseTo(request));
    const signal = leaving(socket, true);
    try {
      if (hasBody(request)) throw refusal('it has a body and asks for another protocol');
      const answer = await upstream.upgrade({ ...rawRequest(request, options), signal });
      if (answer.kind === 'upgraded') joinConnections(request, head, answer);
      else await passOn(respond(), answer.answer);
    } catch (error) {
      answerFailure(respond(), error, report);
    }
  };
  const close = (): void => {
    for (const controller of endless) controller.abort();
  };
  return { handle, upgrade, close };
}

function rawRequest(
  request: IncomingMessage,
  { identityOf, prefix, keepsPrefix = false, filter, tunnels }: ProxyDoorOptions,
): RawRequest {
  const method = METHODS.get(request.method ?? '');
  const url = urlBelow(prefix, request.url ?? '');
  const target = keepsPrefix ? url : url.slice(prefix.length - 1);
  // Before anything else is said: nobody learns what there is without saying who they are.
  const identity = identityOf(request);
  const [path = ''] = target.split('?', 1);
  if (filter?.acceptsCall(request.method ?? '', path) === false) {
    throw new KubegraphError('FORBIDDEN', 'the filter of this proxy does not let the request pass');
  }
  if (method === undefined)
    throw new KubegraphError('METHOD_NOT_ALLOWED', 'the API server has no such method');
  return {
    identity,
    method,
    target,
    headers: request.headers,
    ...(tunnels === undefined ? {} : { tunnels }),
  };
}

/** As the API server reads it: everything but a clear no is a yes. */
const FOLLOWS = /[?&](?:watch|follow)(?=[=&]|$)(?!=(?:0|f|false)(?:&|$))/i;

const METHODS: ReadonlyMap<string, RawRequest['method']> = new Map(
  (['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'] as const).map((method) => [method, method]),
);

/** Throws NOT_FOUND outside of the prefix, BAD_USER_INPUT for what is no path. */
function urlBelow(prefix: string, url: string): string {
  if (!url.startsWith('/')) throw refusal('its target is no path');
  if (url.startsWith(prefix)) return url;
  throw new KubegraphError('NOT_FOUND', `nothing is served outside of ${prefix}`);
}

function refusal(why: string): KubegraphError {
  return new KubegraphError('BAD_USER_INPUT', `the request cannot be passed on: ${why}`);
}

/** Whether it asks for a protocol that the API server speaks. */
function isTunnelled({ headers }: IncomingMessage): boolean {
  return /^(?:websocket|SPDY\/3\.1)$/i.test(headers.upgrade ?? '');
}

async function passOn(response: ServerResponse, { status, headers, body }: RawAnswer): Promise<void> {
  response.writeHead(status, headers);
  await sendOn(response, body);
}
