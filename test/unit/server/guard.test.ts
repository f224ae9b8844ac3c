import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { isLoopbackHost, refuseForeign } from '../../../src/server/guard.ts';
import { testGateway } from '../support/test-gateway.ts';
import { FETCHES, FOREIGN_ORIGINS, OWN_ORIGINS } from './support/pages.ts';

/** Whether a request with these headers may pass. */
function passes(headers: Readonly<Record<string, string>>, method = 'GET'): boolean {
  // What is looked at of a request.
  return refuseForeign({ method, headers } as unknown as Parameters<typeof refuseForeign>[0]) === undefined;
}

describe('a Host header', () => {
  it.each([
    'localhost',
    'localhost:4000',
    'LocalHost:4000',
    '127.0.0.1',
    '127.0.0.1:4000',
    '127.1.2.3:80',
    '[::1]',
    '[::1]:4000',
  ])('%s names this machine', (host) => {
    expect(passes({ host })).toBe(true);
  });

  it.each([
    '',
    ' ',
    'example.com',
    'example.com:4000',
    'localhost.example.com',
    'localhost.example.com:4000',
    '127.0.0.1.example.com',
    '127.0.0.1.nip.io:4000',
    'notlocalhost',
    'localhost.',
    'localhost:',
    'localhost:4000:4000',
    'localhost:999999',
    'localhost:port',
    'localhost/',
    'localhost@example.com',
    'example.com@localhost',
    'example.com#localhost',
    'example.com?localhost',
    'localhost,example.com',
    'localhost example.com',
    'example.com\tlocalhost',
    '127.0.0',
    '127.0.0.1.1',
    '128.0.0.1',
    '10.0.0.1',
    '0.0.0.0',
    '169.254.169.254',
    '2130706433',
    '0x7f000001',
    '0177.0.0.1',
    '::1',
    '[::1',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[::1]example.com',
    '[::1%25lo]',
  ])('%j does not', (host) => {
    expect(passes({ host })).toBe(false);
  });

  it('must be there', () => {
    expect(passes({})).toBe(false);
  });
});

describe('an Origin header', () => {
  it.each(OWN_ORIGINS)('%s is a page of this machine', (origin) => {
    expect(passes({ host: 'localhost:4000', origin })).toBe(true);
  });

  it.each(FOREIGN_ORIGINS)('%j is not', (origin) => {
    expect(passes({ host: 'localhost:4000', origin })).toBe(false);
  });
});

it.each([
  ['127.0.0.1', true],
  ['127.9.9.9', true],
  ['::1', true],
  ['localhost', true],
  ['0.0.0.0', false],
  ['::', false],
  ['10.0.0.1', false],
  ['127.0.0.1.example.com', false],
  ['', false],
])('a listener on %j can only be reached from this machine: %s', (host, isLoopback) => {
  expect(isLoopbackHost(host)).toBe(isLoopback);
});

describe('the listener', () => {
  /** The status of a request with a Host of its own choice. */
  function statusOf(port: number, path: string, headers: Readonly<Record<string, string>>): Promise<number> {
    return new Promise((resolve, reject) => {
      const request = httpRequest({ host: '127.0.0.1', port, path, headers }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
      request.on('error', reject).end();
    });
  }

  it('refuses foreign requests on every path but health, and asks nobody', async () => {
    const { port, stub } = await testGateway();
    const rebound = { host: 'evil.example.com' };
    expect(await statusOf(port, '/graphql?query={version{major}}', rebound)).toBe(403);
    expect(await statusOf(port, '/', rebound)).toBe(403);
    expect(
      await statusOf(port, '/graphql?query={version{major}}', { origin: 'https://evil.example.com' }),
    ).toBe(403);
    expect(await statusOf(port, '/livez', rebound)).toBe(200);
    expect(stub.requests).toEqual([]);
  });

  it('refuses foreign WebSockets', async () => {
    const { port } = await testGateway();
    const answer = await handshake(port, { host: '127.0.0.1', origin: 'https://evil.example.com' });
    expect(answer).toMatch(/^HTTP\/1\.1 403 /);
    expect(await handshake(port, { host: 'evil.example.com' })).toMatch(/^HTTP\/1\.1 403 /);
    expect(await handshake(port, { host: '127.0.0.1' }, '/elsewhere')).toMatch(/^HTTP\/1\.1 404 /);
  });

  it('is not brought down by those who break off while they are refused', async () => {
    const { port, log } = await testGateway();
    for (let attempt = 0; attempt < 50; attempt++) await breakOff(port);
    expect(await statusOf(port, '/livez', {})).toBe(200);
    expect(log).toEqual([]);
  });

  it.each(['//', '//[', 'http://[', '*'])('is not brought down by a request for %j', async (path) => {
    const { port, log } = await testGateway();
    expect(await handshake(port, { host: '127.0.0.1' }, path)).toMatch(/^HTTP\/1\.1 40[04] /);
    expect(await statusOf(port, path, {})).toBe(404);
    expect(await statusOf(port, '/livez', {})).toBe(200);
    expect(log).toEqual([]);
  });

  it('leaves Host and Origin alone where everyone brings a token of their own', async () => {
    const { port } = await testGateway('passthrough');
    expect(await statusOf(port, '/graphql?query={version{major}}', { host: 'gateway.example.com' })).toBe(
      401,
    );
  });
});

/** The first bytes that answer a WebSocket handshake. */
function handshake(
  port: number,
  headers: Readonly<Record<string, string>>,
  path = '/graphql',
): Promise<string> {
  const lines = Object.entries({
    ...headers,
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    'sec-websocket-protocol': 'graphql-transport-ws',
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () =>
      socket.write(`GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`),
    );
    socket.once('data', (data) => {
      socket.destroy();
      resolve(data.toString('latin1'));
    });
    socket.once('error', reject);
  });
}

describe('a Host header that is no host', () => {
  it.each(['[', '127.999.1.1', '127.0.0.1:99999', 'a b'])(
    '%j is refused in every mode, without a stack',
    async (host) => {
      for (const mode of ['kubeconfig', 'passthrough'] as const) {
        const { url } = await testGateway(mode);
        const { port } = new URL(url);
        const answer = await new Promise<string>((resolve, reject) => {
          const socket = connect(Number(port), '127.0.0.1', () =>
            socket.write(
              `GET /graphql?query={__typename} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
            ),
          );
          let text = '';
          socket.on('data', (chunk) => (text += chunk.toString('utf8')));
          socket.once('end', () => resolve(text));
          socket.once('error', reject);
        });
        expect(answer).toMatch(/^HTTP\/1\.1 40[03] /);
        expect(answer).not.toMatch(/\bat .*\.[jt]s/);
      }
    },
  );
});

it.each(FETCHES)(
  'what a browser says of a %s is looked at: with %j it passes: %s',
  (method, headers, isPassing) => {
    expect(passes({ host: 'localhost', ...headers }, method)).toBe(isPassing);
  },
);

/** Asks for an upgrade that there is not, and resets the connection. */
function breakOff(port: number): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write('GET /x HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
      setImmediate(() => socket.resetAndDestroy());
    });
    socket.on('error', () => undefined);
    socket.once('close', () => resolve());
  });
}
