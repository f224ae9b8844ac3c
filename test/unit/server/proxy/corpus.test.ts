import { describe, expect, it } from 'vitest';
import { ALL_TUNNELS, NO_TUNNELS, recordedProxy } from './support/recorded-proxy.ts';

interface Case {
  /** The first line of the request, without its version. */
  readonly line: string;
  readonly headers?: readonly string[];
  readonly body?: string;
  /** What the client gets; 0: nothing, the connection is closed. */
  readonly status: number;
  /** What the API server gets. Default: nothing. */
  readonly reaches?: string;
}

const POD = '/api/v1/namespaces/shop/pods/web';
const UPGRADE = [
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Version: 13',
];
const SPDY = ['Connection: Upgrade', 'Upgrade: SPDY/3.1'];

const passes = (line: string, more: Partial<Case> = {}): Case => ({
  line,
  status: 200,
  reaches: line,
  ...more,
});
const fails = (status: number, line: string, headers: readonly string[] = [], body = ''): Case => ({
  line,
  status,
  headers,
  body,
});

const CASES: readonly Case[] = [
  // What kubectl asks.
  passes('GET /'),
  passes('GET /api'),
  passes('GET /apis/apps/v1/deployments?limit=500&labelSelector=a%3Db%2Cc'),
  passes('GET /api/v1/pods?watch=1&watch=0'),
  passes('GET /openapi/v3/apis/apps/v1?hash=AB%2F12'),
  passes('HEAD /healthz'),
  passes('OPTIONS /api'),
  passes('DELETE /api/v1/namespaces/shop/pods/web'),
  passes('POST /api/v1/namespaces/shop/pods', { headers: ['Content-Length: 2'], body: '{}' }),
  passes('PUT /api/v1/namespaces/shop/pods/web/status', {
    headers: ['Transfer-Encoding: chunked'],
    body: '2\r\n{}\r\n0\r\n\r\n',
  }),
  passes('PATCH /api/v1/namespaces/shop/pods/web', { headers: ['Content-Length: 2'], body: '{}' }),
  passes('GET /api/v1/namespaces/shop/pods/web/log?follow=true'),
  passes('GET /apis/rbac.authorization.k8s.io/v1/clusterroles/system:node'),
  passes('GET /api;v=1'),
  passes('GET /%61pi/v1/pods'),
  passes('GET /api/v1/namespaces/shop/configmaps/exec'),
  passes('GET /api/v1/namespaces/shop/pods/exec'),
  // Decoded once, this is a name that begins with a percent sign.
  passes('GET /api/v1/namespaces/%252e%252e/pods'),
  // Into pods, in every spelling.
  fails(403, `POST ${POD}/exec?command=id`),
  fails(403, `GET ${POD}/exec?command=id`),
  fails(403, `GET ${POD}/exec?command=id`, UPGRADE),
  fails(403, `POST ${POD}/exec?command=id`, SPDY),
  fails(403, `POST ${POD}/%65xec?command=id`),
  fails(403, `GET ${POD}/%65%78%65%63`, UPGRADE),
  fails(403, `GET /%61pi/v1/namespaces/shop/%70ods/web/exec`, UPGRADE),
  fails(403, `GET ${POD}%2fexec`, UPGRADE),
  fails(403, `POST ${POD}/attach`),
  fails(403, `GET ${POD}/%61ttach`, UPGRADE),
  fails(403, `POST ${POD}/portforward`, SPDY),
  fails(403, `GET ${POD}/portforwar%64?ports=80`, UPGRADE),
  fails(403, `GET ${POD}/proxy/`),
  fails(403, `GET /api/v1/nodes/node-1/proxy/run/shop/web/app?cmd=id`),
  fails(403, `GET /api/v1/namespaces/shop/services/https:web:443/proxy/admin`),
  fails(403, `GET /api/v1/namespaces/shop/services/web/%70roxy`),
  fails(403, `DELETE ${POD}/exec/`),
  fails(403, `GET ${POD}/exec;x`),
  fails(400, 'GET /api/v1/proxy/namespaces/shop/services/web'),
  // Paths that do not mean what they seem to.
  fails(400, 'GET /api/../metrics'),
  fails(400, 'GET /api/./v1'),
  fails(400, 'GET /api/%2e%2e/metrics'),
  fails(400, 'GET /api/.%2E/metrics'),
  fails(400, 'GET //api/v1'),
  fails(400, 'GET //evil.example.com/api'),
  fails(400, 'GET /api//v1'),
  fails(400, 'DELETE /api/v1/namespaces/shop/pods/'),
  fails(400, 'GET /api%2fv1'),
  fails(400, 'GET /api%5cv1'),
  fails(400, 'GET /api\\v1'),
  fails(400, 'GET /api/v1#pods'),
  fails(400, 'GET /api/v1/"pods"'),
  fails(403, 'GET /api/v1%00'),
  fails(403, 'GET /api/v1/namespaces/a%0d%0aX:%20y/pods'),
  fails(403, 'GET /api/v1/namespaces/a%0Ab/pods/web/exec'),
  fails(403, 'GET /api/v1/namespaces/%ff/pods'),
  fails(403, 'GET /api/v1/namespaces/%zz/pods'),
  fails(403, 'GET /api/v1/namespaces/%E2%80%A8/pods'),
  fails(431, `GET /api/${'a'.repeat(20_000)}`),
  fails(400, 'GET http://localhost/api'),
  fails(400, 'GET http://evil.example.com/api'),
  fails(400, 'OPTIONS *'),
  fails(0, 'CONNECT localhost:443'),
  fails(400, 'GET api'),
  // What is no request.
  fails(400, 'get /api'),
  fails(400, 'FOO /api'),
  fails(405, 'PROPFIND /api'),
  fails(405, 'TRACE /api'),
  fails(400, 'GET /api v1'),
  fails(400, 'GET /api', ['X: a\rHost: evil']),
  fails(400, 'GET /api', ['X : a']),
  fails(400, 'POST /api', ['Content-Length: 2', 'Transfer-Encoding: chunked'], '0\r\n\r\n'),
  fails(400, 'POST /api', ['Content-Length: 2', 'Content-Length: 3'], '{}'),
  fails(400, 'POST /api', ['Transfer-Encoding: chunked, identity'], '0\r\n\r\n'),
  fails(400, 'POST /api', ['Content-Length: 2', ...UPGRADE], '{}'),
  // Headers that change what is asked, or who asks.
  passes('POST /api', {
    headers: ['X-HTTP-Method-Override: DELETE', 'X-HTTP-Method: DELETE', 'X-Method-Override: DELETE'],
  }),
  passes('GET /api', {
    headers: ['X-Original-URL: /metrics', 'X-Rewrite-URL: /metrics', 'X-Forwarded-Uri: /metrics'],
  }),
  passes('GET /api', {
    headers: ['Impersonate-User: root', 'Impersonate-Group: system:masters', 'Authorization: Bearer other'],
  }),
  passes('GET /api', {
    headers: [
      'X-Remote-User: root',
      'X-Forwarded-For: 10.0.0.1',
      'Cookie: a=b',
      'Proxy-Authorization: Basic eDp5',
    ],
  }),
  passes('GET /api', {
    headers: ['Connection: Authorization, Impersonate-User', 'Keep-Alive: 5', 'TE: trailers'],
  }),
  // Other protocols.
  { line: 'GET /api/v1/pods?watch=1', headers: UPGRADE, status: 101, reaches: 'GET /api/v1/pods?watch=1' },
  passes('GET /api', {
    headers: ['Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABk'],
  }),
];

function bytesOf({ line, headers = [], body = '' }: Case): string {
  const isAlone = headers.some((header) => /^connection:/i.test(header));
  return [
    `${line} HTTP/1.1`,
    'Host: localhost',
    ...(isAlone ? [] : ['Connection: close']),
    ...headers,
    '',
    body,
  ].join('\r\n');
}

/** Those that only the proxy may set, and no client. */
const OURS = [
  'accept-encoding',
  'authorization',
  'connection',
  'content-length',
  'host',
  'origin',
  'transfer-encoding',
  'user-agent',
];
const FROM_CLIENT = ['sec-websocket-key', 'sec-websocket-version', 'upgrade'];

const NAMED = CASES.map(
  (each) => [`${each.line.slice(0, 80)} ${(each.headers ?? []).join(' | ')}`, each] as const,
);

describe.each([
  ['closed', NO_TUNNELS],
  ['open, so that the filter stands alone', ALL_TUNNELS],
] as const)('with the transport %s', (_, tunnels) => {
  it.each(NAMED)('does with %s what the table says', async (_, each) => {
    const { api, send } = await recordedProxy({ tunnels });
    const isWhole = (answer: string): boolean =>
      answer.startsWith('HTTP/1.1 101 ') || /\r\n\r\n[^]*\}\n?(?:\r\n0\r\n\r\n)?$/.test(answer);
    const answer = await send(bytesOf(each), isWhole);
    expect(Number(/^HTTP\/1\.1 (\d+) /.exec(answer)?.[1] ?? 0)).toBe(each.status);
    expect(api.recorded.map(({ line }) => line)).toEqual(each.reaches === undefined ? [] : [each.reaches]);
    for (const { headers, rawHeaders } of api.recorded) {
      expect(headers.authorization).toBe('Bearer the-kubeconfig-token');
      expect(Object.keys(headers).filter((name) => ![...OURS, ...FROM_CLIENT].includes(name))).toEqual([]);
      expect(rawHeaders.filter((name) => /^authorization$/i.test(name))).toHaveLength(1);
    }
  });
});

it('has at least sixty cases', () => {
  expect(new Set(CASES.map(bytesOf)).size).toBeGreaterThanOrEqual(60);
});
