import { once } from 'node:events';
import { type IncomingMessage, request as httpRequest } from 'node:http';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { rawRequest } from '../../support/raw-request.ts';
import type { ApiServer } from '../proxy/support/recording-api-server.ts';
import type { PassingGateway } from '../support/passing-gateway.ts';
import { serviceGateway } from './support/service-gateway.ts';

const WEB = '/services/shop/web:http/';
const UPSTREAM = '/api/v1/namespaces/shop/services/web:http/proxy/';

const SANDBOX = {
  'content-security-policy': "sandbox; default-src 'none'",
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
};

type Headers = Readonly<Record<string, string>>;

/** Has the API server answer so. */
function answers(
  { api }: PassingGateway,
  status: number,
  headers: Record<string, string | string[]>,
  body: string | Buffer = '',
): void {
  api.answer = (request, response) => {
    request.resume().once('end', () => response.writeHead(status, headers).end(body));
  };
}

function statusOf({ body }: { readonly body: Buffer }): unknown {
  return JSON.parse(body.toString());
}

/** A WebSocket to the service, which closes with the test. */
function open({ url }: PassingGateway, protocols: readonly string[] = [], headers: Headers = {}): WebSocket {
  const socket = new WebSocket(`${url.replace('http', 'ws')}${WEB}ws`, [...protocols], { headers });
  socket.on('error', () => undefined);
  onTestFinished(() => socket.terminate());
  return socket;
}

/** The status with which a WebSocket is refused. */
async function refusal(socket: WebSocket): Promise<number | undefined> {
  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
  response.resume();
  return response.statusCode;
}

/** Has the API server speak WebSocket and send everything back. */
function echoes({ api }: { readonly api: ApiServer }): void {
  const server = new WebSocketServer({ noServer: true });
  api.upgrade = (request, socket, head) => {
    server.handleUpgrade(request, socket, head, (client) => {
      client.on('message', (data, isBinary) => client.send(data, { binary: isBinary }));
    });
  };
}

describe('a request to a service', () => {
  it('has its body sent on while it comes, and its answer come back while it is made', async () => {
    const { api, url } = await serviceGateway();
    api.answer = (request, response) => void request.pipe(response);
    const sent = httpRequest(`${url}${WEB}echo`, { method: 'POST' });
    sent.write('first');
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    const pieces = answer.iterator() as AsyncIterableIterator<Buffer>;
    expect(String((await pieces.next()).value)).toBe('first');
    sent.end('last');
    expect(String((await pieces.next()).value)).toBe('last');
    expect((await pieces.next()).done).toBe(true);
  });

  it('says what it takes and knows, and gets its bytes as they came', async () => {
    const gateway = await serviceGateway();
    const bytes = gzipSync('{}');
    answers(
      gateway,
      200,
      { 'content-type': 'application/json', 'content-encoding': 'gzip', etag: '"1"' },
      bytes,
    );
    const headers = { accept: 'application/json', 'accept-encoding': 'gzip', 'if-none-match': '"0"' };
    const answer = await rawRequest(`${gateway.url}${WEB}`, { headers });
    expect(gateway.api.recorded[0]?.headers).toMatchObject(headers);
    expect(answer.body).toEqual(bytes);
    expect(answer.headers).toMatchObject({ 'content-encoding': 'gzip', etag: '"1"' });
  });

  it('whose client leaves is given up upstream', async () => {
    const { api, url, defects } = await serviceGateway();
    const left = new Promise<void>((resolve) => {
      api.answer = (_, response) => {
        response.once('close', () => resolve());
        response.write('first');
      };
    });
    const sent = httpRequest(`${url}${WEB}`).end();
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    answer.on('error', () => undefined);
    sent.destroy();
    await left;
    expect(defects).toEqual([]);
  });

  it('whose answer is cut off is cut off, and not ended', async () => {
    const { api, url } = await serviceGateway();
    api.answer = (_, response) => {
      response.write('[', () => response.destroy());
    };
    await expect(rawRequest(`${url}${WEB}`)).rejects.toThrow('aborted');
  });

  it.each(['GET', 'POST'])('that names no slash behind the service is sent there: %s', async (method) => {
    const { api, url } = await serviceGateway();
    const answer = await rawRequest(`${url}${WEB.slice(0, -1)}?a=b&c=//d`, { method });
    expect([answer.status, answer.headers['location']]).toEqual([308, `${WEB}?a=b&c=//d`]);
    expect(answer.headers).toMatchObject(SANDBOX);
    expect(api.recorded).toEqual([]);
  });

  it.each([
    [404, 'services "web" not found'],
    [503, 'no endpoints available for service "web"'],
  ])('that the API server refuses with %i is refused in its words', async (status, message) => {
    const gateway = await serviceGateway();
    answers(
      gateway,
      status,
      { 'content-type': 'application/json' },
      JSON.stringify({ kind: 'Status', message }),
    );
    const answer = await rawRequest(`${gateway.url}${WEB}`);
    expect([answer.status, statusOf(answer)]).toEqual([status, { kind: 'Status', message }]);
  });
});

describe('an answer of a service', () => {
  it.each([
    [200, 'public, max-age=31536000, immutable'],
    [404, undefined],
    [500, 'private'],
  ])(
    'with status %i can do nothing in the origin of the gateway, and is not kept',
    async (status, caching) => {
      const gateway = await serviceGateway();
      const html = '<script>fetch("/graphql")</script>';
      answers(
        gateway,
        status,
        {
          'content-type': 'text/html',
          'content-security-policy': "default-src *; script-src 'unsafe-inline'",
          'cross-origin-resource-policy': 'cross-origin',
          'referrer-policy': 'unsafe-url',
          ...(caching === undefined ? {} : { 'cache-control': caching }),
        },
        html,
      );
      const { headers, body } = await rawRequest(`${gateway.url}${WEB}`);
      expect(headers).toMatchObject(SANDBOX);
      expect(body.toString()).toBe(html);
    },
  );

  it.each([
    ['set-cookie', ['a=b', '__Host-c=d; Secure; Path=/']],
    ['set-cookie2', 'a=b'],
    ['refresh', '0;url=https://evil.example.com'],
    ['clear-site-data', '"*"'],
    ['service-worker-allowed', '/'],
    ['access-control-allow-origin', '*'],
    ['access-control-allow-credentials', 'true'],
    ['strict-transport-security', 'max-age=31536000'],
    ['www-authenticate', 'Basic realm="gateway"'],
    ['content-location', 'https://evil.example.com'],
    ['link', '<https://evil.example.com>; rel=preload'],
    ['alt-svc', 'h2="evil.example.com:443"'],
    ['report-to', '{}'],
    ['nel', '{}'],
    ['x-frame-options', 'ALLOWALL'],
    ['cross-origin-opener-policy', 'unsafe-none'],
    ['proxy-authenticate', 'Basic'],
    ['sourcemap', 'https://evil.example.com'],
  ])('does not say %s', async (name, value) => {
    const gateway = await serviceGateway();
    answers(gateway, 200, { [name]: value, 'last-modified': 'Thu, 01 Jan 1970 00:00:00 GMT' });
    const { headers } = await rawRequest(`${gateway.url}${WEB}`);
    expect(headers).not.toHaveProperty(name);
    expect(headers).toHaveProperty('last-modified');
  });

  it.each([201, 301, 302, 303, 307, 308])('with %i leads on within the service', async (status) => {
    const gateway = await serviceGateway();
    answers(gateway, status, { location: `${UPSTREAM}a?b=c`, 'set-cookie': 'a=b' }, 'there');
    const answer = await rawRequest(`${gateway.url}${WEB}`);
    expect([answer.status, answer.headers['location'], answer.body.toString()]).toEqual([
      status,
      `${WEB}a?b=c`,
      'there',
    ]);
  });

  it.each(['GET', 'POST'])('that leads elsewhere is 502, and names where: %s', async (method) => {
    const gateway = await serviceGateway();
    answers(gateway, 302, { location: 'https://evil.example.com/x' }, 'x'.repeat(1_000_000));
    const answer = await rawRequest(`${gateway.url}${WEB}`, { method });
    expect(answer.status).toBe(502);
    expect(answer.headers).not.toHaveProperty('location');
    expect(answer.headers).toMatchObject(SANDBOX);
    expect(statusOf(answer)).toMatchObject({
      kind: 'Status',
      code: 502,
      message: expect.stringContaining('https://evil.example.com/x'),
    });
    expect(gateway.defects).toEqual([]);
  });

  it('that leads elsewhere is given up upstream', async () => {
    const { api, url } = await serviceGateway();
    const left = new Promise<void>((resolve) => {
      api.answer = (_, response) => {
        response.once('close', () => resolve());
        response.writeHead(302, { location: '/graphql' }).write('endless');
      };
    });
    expect((await rawRequest(`${url}${WEB}`)).status).toBe(502);
    await left;
  });
});

describe('a WebSocket to a service', () => {
  it('is passed on in both directions', async () => {
    const gateway = await serviceGateway();
    echoes(gateway);
    const socket = open(gateway, ['chat']);
    await once(socket, 'open');
    expect(socket.protocol).toBe('chat');
    socket.send('hello');
    expect(String((await once(socket, 'message'))[0])).toBe('hello');
    expect(gateway.api.recorded.map(({ line }) => line)).toEqual([`GET ${UPSTREAM}ws`]);
  });

  it('sets no cookie, and leads nowhere', async () => {
    const gateway = await serviceGateway();
    gateway.api.upgrade = (_, socket) => {
      socket.write(
        'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSet-Cookie: a=b\r\nX-A: b\r\n\r\n',
      );
    };
    const line = `GET ${WEB} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`;
    const head = await gateway.send(line, (text) => text.includes('\r\n\r\n'));
    expect(head).toMatch(/^HTTP\/1\.1 101 /);
    expect(head).not.toMatch(/cookie|x-a/i);
  });

  it.each([
    ['a redirect out of the service', 302, { location: 'https://evil.example.com' }, 502],
    ['a redirect within it', 302, { location: `${UPSTREAM}other` }, 302],
    ['a refusal', 403, {}, 403],
  ])('is answered with %s by its status', async (_, status, headers, expected) => {
    const gateway = await serviceGateway();
    gateway.api.upgrade = (_, socket) => {
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
      socket.end(`HTTP/1.1 ${status} Said\r\n${lines.join('')}Set-Cookie: a=b\r\nContent-Length: 0\r\n\r\n`);
    };
    const [, response] = (await once(open(gateway), 'unexpected-response')) as [unknown, IncomingMessage];
    response.resume();
    expect(response.statusCode).toBe(expected);
    expect(response.headers).not.toHaveProperty('set-cookie');
    expect(response.headers.location).toBe(expected === 302 ? `${WEB}other` : undefined);
  });

  it('that switches protocols and leads elsewhere at once is ended on both sides', async () => {
    const gateway = await serviceGateway();
    const ended = new Promise<void>((resolve) => {
      gateway.api.upgrade = (_, socket) => {
        socket.once('close', () => resolve());
        socket.write(
          'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nLocation: /graphql\r\n\r\n',
        );
      };
    });
    expect(await refusal(open(gateway))).toBe(502);
    await ended;
  });

  it('does not keep a gateway from ending', async () => {
    const gateway = await serviceGateway();
    echoes(gateway);
    const socket = open(gateway);
    await once(socket, 'open');
    await Promise.all([once(socket, 'close'), gateway.close()]);
  });
});

describe("with the kubeconfig's rights", () => {
  it.each<Headers>([
    {},
    { origin: 'http://localhost:4000', 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' },
    { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' },
  ])('programs of this machine, pages of the gateway and persons ask: %j', async (headers) => {
    const { api, url } = await serviceGateway();
    expect((await rawRequest(`${url}${WEB}`, { headers })).status).toBe(200);
    expect(api.recorded).toHaveLength(1);
  });

  it.each<Headers>([
    { origin: 'https://evil.example.com' },
    { origin: 'null' },
    { host: 'evil.example.com' },
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' },
    { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'cors', origin: 'http://localhost:3000' },
    // Links, forms and frames, whose answers no page sees.
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' },
    { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' },
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' },
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-user': '?1', 'sec-fetch-mode': 'navigate' },
    { 'sec-fetch-site': 'of-a-later-standard' },
  ])('pages of others do not, and nothing is sent: %j', async (headers) => {
    const gateway = await serviceGateway();
    for (const method of ['GET', 'HEAD', 'POST', 'DELETE', 'OPTIONS']) {
      for (const path of [WEB, WEB.slice(0, -1)]) {
        expect((await rawRequest(gateway.url + path, { method, headers })).status).toBe(403);
      }
    }
    expect(await upgradeStatus(gateway, headers)).toBe('403');
    expect(gateway.api.recorded).toEqual([]);
  });

  it('are lent to nobody where the gateway is read-only', async () => {
    const { api, url } = await serviceGateway({ readOnly: true });
    const answer = await rawRequest(`${url}${WEB}`);
    expect([answer.status, statusOf(answer)]).toMatchObject([403, { kind: 'Status', reason: 'Forbidden' }]);
    expect(api.recorded).toEqual([]);
  });
});

/** Of a wish for a WebSocket, which `ws` would not make with every header. */
async function upgradeStatus({ send }: PassingGateway, headers: Headers): Promise<string | undefined> {
  const all = { host: 'localhost', connection: 'Upgrade', upgrade: 'websocket', ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  const answer = await send(`GET ${WEB} HTTP/1.1\r\n${lines.join('')}\r\n`, (text) => text.includes('\r\n'));
  return /^HTTP\/1\.1 (\d+) /.exec(answer)?.[1];
}

describe('with --auth passthrough', () => {
  const TOKEN_PROTOCOL = `base64url.bearer.authorization.k8s.io.${Buffer.from('of-the-caller').toString('base64url')}`;

  it('the API server gets the token of the caller and no other', async () => {
    const { api, url } = await serviceGateway({ mode: 'passthrough' });
    const headers = {
      authorization: 'Bearer of-the-caller',
      host: 'gateway.example.com',
      'impersonate-user': 'root',
    };
    expect((await rawRequest(`${url}${WEB}`, { headers })).status).toBe(200);
    expect(api.recorded.map(({ headers }) => headers.authorization)).toEqual(['Bearer of-the-caller']);
    expect(api.recorded[0]?.headers).not.toHaveProperty('impersonate-user');
  });

  it('a WebSocket has it among its protocols, and the service does not see it', async () => {
    const gateway = await serviceGateway({ mode: 'passthrough' });
    echoes(gateway);
    const socket = open(gateway, [TOKEN_PROTOCOL, 'chat']);
    await once(socket, 'open');
    expect(gateway.api.recorded[0]?.headers).toMatchObject({
      authorization: 'Bearer of-the-caller',
      'sec-websocket-protocol': 'chat',
    });
  });

  it('nobody else is passed on, and learns what there is', async () => {
    const gateway = await serviceGateway({ mode: 'passthrough' });
    for (const path of [WEB, WEB.slice(0, -1), '/services/', '/services/shop/NONE/']) {
      expect((await rawRequest(gateway.url + path)).status).toBe(401);
      // Only an upgrade may have the token in that place.
      const headers = { 'sec-websocket-protocol': TOKEN_PROTOCOL };
      expect((await rawRequest(gateway.url + path, { headers })).status).toBe(401);
    }
    expect(await refusal(open(gateway))).toBe(401);
    expect(gateway.api.recorded).toEqual([]);
  });
});
