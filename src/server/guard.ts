import type { IncomingMessage } from 'node:http';
import { isIPv4 } from 'node:net';

/** Why a request is refused before anything looks at it. */
export interface Refusal {
  readonly status: 400 | 403 | 415;
  readonly message: string;
}

/**
 * Keeps web pages away from a gateway that answers with the kubeconfig's rights.
 *
 * A page from anywhere can make a browser send requests to localhost. The browser names the page in `Origin`; and a page
 * whose DNS name was rebound to 127.0.0.1 gives itself away in `Host`.
 *
 * @returns undefined when the request may pass.
 */
export function refuseForeign(request: IncomingMessage): Refusal | undefined {
  const { host, origin } = request.headers;
  if (host === undefined || !isLoopbackAuthority(host)) {
    return { status: 403, message: 'the Host header must name this machine: use localhost or 127.0.0.1' };
  }
  if (origin !== undefined && !isLoopbackOrigin(origin)) {
    return { status: 403, message: 'requests from pages of other sites are refused' };
  }
  if (isForeignFetch(request)) {
    return { status: 403, message: 'requests that pages of other sites make are refused' };
  }
  return undefined;
}

/**
 * Whether a page of another site makes a request. A GET for an image or a script names no Origin, but browsers say where it comes
 * from. Following a link is a navigation, which a person sees, and whose answer the page with the link does not.
 */
export function isForeignFetch({ method, headers }: Pick<IncomingMessage, 'method' | 'headers'>): boolean {
  const {
    'sec-fetch-site': site,
    'sec-fetch-mode': mode,
    'sec-fetch-dest': destination = 'document',
  } = headers;
  if (site !== 'cross-site' && site !== 'same-site') return false;
  const isVisit = method === 'GET' && mode === 'navigate' && destination === 'document';
  return !isVisit || headers.upgrade !== undefined;
}

/** What `refuseForms` looks at, of whatever kind the request is. Header names are in lower case. */
interface RequestHead {
  readonly method?: string | undefined;
  readonly headers: { readonly 'content-type'?: string | undefined };
}

/** Forms and plain text are what pages of other sites can send without being asked. GraphQL comes as JSON. */
export function refuseForms(request: RequestHead): Refusal | undefined {
  if (request.method !== 'POST') return undefined;
  const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  const isJson = type === 'application/json' || type === 'application/graphql+json';
  return isJson
    ? undefined
    : { status: 415, message: 'send the request as "Content-Type: application/json"' };
}

/** Whether a listener's address can only be reached from this machine. */
export function isLoopbackHost(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}

/** A Host that is none could not be part of a URL, and whoever builds one would fail over it. */
export function refuseBadHost({ headers }: IncomingMessage): Refusal | undefined {
  const { host } = headers;
  if (host === undefined || (/^[\w.:[\]-]+$/.test(host) && URL.canParse(`http://${host}`))) return undefined;
  return { status: 400, message: 'the Host header is not a host' };
}

/** `localhost`, `127.0.0.1` or `[::1]`, with or without a port. */
function isLoopbackAuthority(authority: string): boolean {
  const match = /^(localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i.exec(authority);
  return match !== null && URL.canParse(`http://${authority}`);
}

function isLoopbackOrigin(origin: string): boolean {
  const match = /^https?:\/\/(.+)$/i.exec(origin);
  return match !== null && isLoopbackAuthority(match[1] as string);
}
