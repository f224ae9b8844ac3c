import { expect, it } from 'vitest';
import { serviceGateway } from './support/service-gateway.ts';

interface Case {
  /** The first line of the request, without its version. */
  readonly line: string;
  readonly headers: readonly string[];
  readonly body: string;
  /** What the client gets; 0: nothing, the connection is closed. */
  readonly status: number;
  /** What the API server gets. Undefined: nothing. */
  readonly reaches: string | undefined;
}

const UPGRADE = [
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Version: 13',
];

/** A request that goes on to the service of this name. */
function passes(
  call: string,
  rest = '/',
  { service = 'web:http', headers = [] as readonly string[], body = '', status = 200 } = {},
): Case {
  return {
    line: `${call} /services/shop/${service}${rest}`,
    headers,
    body,
    status,
    reaches: `${call} /api/v1/namespaces/shop/services/${service}/proxy${rest}`,
  };
}

function fails(status: number, line: string, headers: readonly string[] = [], body = ''): Case {
  return { line, headers, body, status, reaches: undefined };
}

const CASES: readonly Case[] = [
  // What services are asked.
  passes('GET'),
  passes('GET', '/a/b.json?c=d&c=e&%00=%zz'),
  passes('GET', '/', { service: 'web' }),
  passes('GET', '/', { service: 'web:80' }),
  passes('GET', '/', { service: 'https:web:8443' }),
  passes('GET', '/', { service: 'http:web:' }),
  passes('GET', '/', { service: ':web:http' }),
  // As the API server has it: the port "web" of a service "https".
  passes('GET', '/', { service: 'https:web' }),
  passes('HEAD', '/a'),
  passes('OPTIONS', '/a'),
  passes('DELETE', '/a/1'),
  passes('POST', '/a', { headers: ['Content-Length: 2'], body: '{}' }),
  passes('PUT', '/a', { headers: ['Transfer-Encoding: chunked'], body: '2\r\n{}\r\n0\r\n\r\n' }),
  passes('PATCH', '/a', { headers: ['Content-Length: 2'], body: '{}' }),
  passes('GET', '/ws', { headers: UPGRADE, status: 101 }),
  passes('GET', '/a', {
    headers: ['Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AA'],
  }),
  // The service's own paths look as they like.
  passes('GET', '//a//b/'),
  passes('GET', '/a%2fb%5cc'),
  passes('GET', '/%252e%252e/a'),
  passes('GET', '/...'),
  passes('GET', '/a;x=1/b,c/~d/(e)'),
  passes('GET', '/api/v1/namespaces/shop/pods/web/exec'),
  passes('GET', '/?path=/etc&dryRun=All'),
  // Out of the service, in every spelling.
  fails(400, 'GET /services/shop/web/..'),
  fails(400, 'GET /services/shop/web/../../../../pods'),
  fails(400, 'GET /services/shop/web/./a'),
  fails(400, 'GET /services/shop/web/a/%2e%2e/b'),
  fails(400, 'GET /services/shop/web/a/.%2E/b'),
  fails(400, 'GET /services/shop/web/..%2f..%2fother'),
  fails(400, 'GET /services/shop/web/a%2F..%2Fb'),
  fails(400, 'GET /services/shop/web/a%5c..%5cb'),
  fails(400, 'GET /services/shop/web/..', UPGRADE),
  fails(400, 'GET /services/shop/web/%2e%2e%2f', UPGRADE),
  fails(400, 'GET /services/../k8s/api'),
  fails(400, 'GET /services/shop/../pods/web/proxy/'),
  fails(400, 'GET /services/%2e%2e/web/'),
  // No service.
  fails(400, 'GET /services/'),
  fails(400, 'GET /services/shop'),
  fails(400, 'GET /services/shop/'),
  fails(400, 'GET /services//web/'),
  fails(400, 'GET /services/shop//web/'),
  fails(400, 'GET /services/Shop/web/'),
  fails(400, 'GET /services/shop/Web/'),
  fails(400, 'GET /services/shop/web%3A80/'),
  fails(400, 'GET /services/shop/web:/'),
  fails(400, 'GET /services/shop/:80/'),
  fails(400, 'GET /services/shop/http::80/'),
  fails(400, 'GET /services/shop/ftp:web:80/'),
  fails(400, 'GET /services/shop/HTTP:web:80/'),
  fails(400, 'GET /services/shop/http:web:80:90/'),
  fails(400, 'GET /services/shop/web:8_0/'),
  fails(400, 'GET /services/shop/web:80%2fproxy/'),
  fails(400, 'GET /services/shop/web%2fproxy%2f/'),
  fails(400, 'GET /services/shop/web%00/'),
  fails(400, 'GET /services/shop%2f..%2fother/web/'),
  fails(400, 'GET /services/sh%6fp/web/'),
  fails(400, 'GET /services/shop/web;x/'),
  fails(400, 'GET /services/shop/-web/'),
  fails(400, `GET /services/shop/${'w'.repeat(300)}/`),
  // Nothing else than services, and from nowhere else.
  fails(404, 'GET /services'),
  fails(404, 'GET /Services/shop/web/'),
  fails(404, 'GET /x/../services/shop/web/'),
  fails(404, 'GET //services/shop/web/'),
  fails(404, 'GET /%73ervices/shop/web/'),
  fails(404, 'GET /pods/shop/web/'),
  fails(404, 'GET /nodes/node-1/'),
  fails(404, 'GET /api/v1/namespaces/shop/services/web/proxy/'),
  fails(404, 'GET /api/v1/namespaces/shop/services/web/proxy/', UPGRADE),
  fails(404, 'GET http://localhost/services/shop/web/'),
  // What is no request.
  fails(405, 'PROPFIND /services/shop/web/'),
  fails(405, 'TRACE /services/shop/web/'),
  fails(0, 'CONNECT localhost:443'),
  fails(400, 'GET /services/shop/web/#a'),
  fails(400, 'GET /services/shop/web/a\\b'),
  fails(400, 'GET /services/shop/web/"a"'),
  fails(400, 'GET /services/shop/web/%zz'),
  fails(400, 'GET /services/shop/web/a b'),
  fails(400, 'GET /services/shop/web/', ['X: a\rHost: evil']),
  fails(400, 'POST /services/shop/web/', ['Content-Length: 2', 'Transfer-Encoding: chunked'], '0\r\n\r\n'),
  fails(400, 'POST /services/shop/web/', ['Content-Length: 2', ...UPGRADE], '{}'),
  // Headers that change what is asked, or say who asks.
  passes('POST', '/', { headers: ['X-HTTP-Method-Override: DELETE', 'X-HTTP-Method: DELETE'] }),
  passes('GET', '/', { headers: ['X-Original-URL: /metrics', 'X-Rewrite-URL: /metrics'] }),
  passes('GET', '/', { headers: ['Impersonate-User: root', 'Impersonate-Group: system:masters'] }),
  passes('GET', '/', {
    headers: ['Authorization: Bearer other', 'Cookie: a=b', 'Proxy-Authorization: Basic eDp5'],
  }),
  passes('GET', '/', {
    headers: [
      'X-Forwarded-For: 10.0.0.1',
      'X-Forwarded-Host: evil',
      'X-Forwarded-Uri: /',
      'Forwarded: for=x',
    ],
  }),
  passes('GET', '/', {
    headers: ['X-Remote-User: root', 'X-Remote-Group: system:masters', 'X-Api-Key: key'],
  }),
  passes('GET', '/', { headers: ['Connection: close, Authorization, Impersonate-User', 'TE: trailers'] }),
  passes('GET', '/ws', {
    headers: [...UPGRADE, 'Origin: http://localhost', 'Cookie: a=b', 'X-Remote-User: root'],
    status: 101,
  }),
];

function bytesOf({ line, headers, body }: Case): string {
  const isAlone = headers.some((header) => /^connection:/i.test(header));
  const connection = isAlone ? [] : ['Connection: close'];
  return [`${line} HTTP/1.1`, 'Host: localhost', ...connection, ...headers, '', body].join('\r\n');
}

/** What may reach the API server: what the gateway says itself, and what a WebSocket takes. */
const ALLOWED = new Set([
  'accept-encoding',
  'authorization',
  'connection',
  'content-length',
  'host',
  'origin',
  'sec-websocket-key',
  'sec-websocket-version',
  'transfer-encoding',
  'upgrade',
  'user-agent',
]);

const NAMED = CASES.map((each) => [`${each.line.slice(0, 80)} ${each.headers.join(' | ')}`, each] as const);

it.each(NAMED)('%s: reaches that service, or nothing', async (_, each) => {
  const { api, send, defects } = await serviceGateway({ allElseIsOn: true });
  // An upgraded connection stays open.
  const answer = await send(bytesOf(each), (text) => text.startsWith('HTTP/1.1 101 '));
  expect(Number(/^HTTP\/1\.1 (\d+) /.exec(answer)?.[1] ?? 0)).toBe(each.status);
  expect(api.recorded.map(({ line }) => line)).toEqual(each.reaches === undefined ? [] : [each.reaches]);
  for (const { headers } of api.recorded) {
    expect(headers.authorization).toBe('Bearer the-kubeconfig-token');
    expect(Object.keys(headers).filter((name) => !ALLOWED.has(name))).toEqual([]);
    expect(headers.origin ?? api.origin).toBe(api.origin);
  }
  expect(defects).toEqual([]);
});

it.each(NAMED.filter(([, { reaches }]) => reaches !== undefined))(
  '%s: is refused where services are off, whatever else is on',
  async (_, each) => {
    const { api, send } = await serviceGateway({ isOn: false, allElseIsOn: true });
    expect(await send(bytesOf(each))).toMatch(/^HTTP\/1\.1 (?:404|415) /);
    expect(api.recorded).toEqual([]);
  },
);
