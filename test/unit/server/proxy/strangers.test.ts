import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { createFilter, DEFAULT_FILTER } from '../../../../src/server/proxy/filter.ts';
import { refuseStrangers } from '../../../../src/server/proxy/origin.ts';
import { FETCHES, FOREIGN_ORIGINS, OWN_ORIGINS } from '../support/pages.ts';
import { recordedProxy } from './support/recorded-proxy.ts';

type Headers = Readonly<Record<string, string>>;

/** Whether a request may pass a proxy that takes these hosts. */
function passes(
  headers: Headers,
  { method = 'GET', acceptHosts = DEFAULT_FILTER.acceptHosts, hosts = 1 } = {},
): boolean {
  const rawHeaders = Object.entries(headers).flatMap(([name, value]) =>
    Array.from({ length: name === 'host' ? hosts : 1 }, () => [name, value]).flat(),
  );
  // What is looked at of a request.
  const request = { method, headers, rawHeaders } as unknown as IncomingMessage;
  try {
    refuseStrangers(request, createFilter({ ...DEFAULT_FILTER, acceptHosts }));
    return true;
  } catch {
    return false;
  }
}

describe('a Host', () => {
  it.each(['localhost', 'localhost:8001', '127.0.0.1', '127.0.0.1:8001', '[::1]', '[::1]:8001'])(
    '%s is ours',
    (host) => {
      expect(passes({ host })).toBe(true);
    },
  );

  it.each([
    '',
    ' ',
    'example.com',
    'localhost.example.com',
    'localhost.',
    'notlocalhost',
    'localhost:80:80',
    'localhost:port',
    'localhost:999999',
    'localhost@example.com',
    'example.com@localhost',
    'localhost/',
    'localhost?',
    'localhost#',
    'localhost,example.com',
    'localhost example.com',
    'localhost\\example.com',
    '127.0.0.2',
    '127.0.0.1.example.com',
    '0.0.0.0',
    '2130706433',
    '::1',
    '[::1',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[::1]example.com',
  ])('%j is not', (host) => {
    expect(passes({ host })).toBe(false);
  });

  it('comes once', () => {
    expect(passes({})).toBe(false);
    expect(passes({ host: 'localhost' }, { hosts: 2 })).toBe(false);
  });

  it('is what --accept-hosts says, found anywhere in it', () => {
    expect(passes({ host: 'proxy.example.com:80' }, { acceptHosts: 'example' })).toBe(true);
    expect(passes({ host: 'localhost' }, { acceptHosts: 'example' })).toBe(false);
    expect(passes({ host: 'localhost' }, { acceptHosts: '' })).toBe(false);
  });
});

describe('a page', () => {
  it.each(OWN_ORIGINS)('of %s is of this machine', (origin) => {
    expect(passes({ host: 'localhost:8001', origin })).toBe(true);
  });

  it.each(FOREIGN_ORIGINS)('of %j is not, whatever it asks', (origin) => {
    for (const method of ['GET', 'POST', 'DELETE', 'OPTIONS']) {
      expect(passes({ host: 'localhost:8001', origin }, { method })).toBe(false);
    }
  });

  it('of another site is refused where every host is taken', () => {
    const anyHost = { acceptHosts: '.*' };
    expect(passes({ host: '10.0.0.5:8001', origin: 'http://10.0.0.5:8001' }, anyHost)).toBe(true);
    expect(passes({ host: '10.0.0.5:8001', origin: 'http://evil.example.com' }, anyHost)).toBe(false);
  });

  it.each(FETCHES)('that makes a %s with %j passes: %s', (method, headers, isPassing) => {
    expect(passes({ host: 'localhost', ...headers }, { method })).toBe(isPassing);
  });
});

describe('the proxy', () => {
  const ask = (line: string, ...headers: readonly string[]): string =>
    [`${line} HTTP/1.1`, 'Connection: close', ...headers, '', ''].join('\r\n');
  const upgrade = (path: string, ...headers: readonly string[]): string =>
    [`GET ${path} HTTP/1.1`, 'Connection: Upgrade', 'Upgrade: websocket', ...headers, '', ''].join('\r\n');

  it.each([
    ask('GET /api', 'Host: evil.example.com'),
    ask('GET /api', 'Host: localhost', 'Host: evil.example.com'),
    ask('GET /static/a.txt', 'Host: evil.example.com'),
    ask(
      'POST /api/v1/namespaces',
      'Host: localhost',
      'Origin: https://evil.example.com',
      'Content-Length: 0',
    ),
    upgrade('/api/v1/pods?watch=1', 'Host: localhost', 'Origin: https://evil.example.com'),
    upgrade('/api/v1/pods?watch=1', 'Host: evil.example.com'),
  ])('refuses strangers with a Status and asks nobody: %j', async (bytes) => {
    const { api, send } = await recordedProxy({
      files: { directory: import.meta.dirname, prefix: '/static/' },
    });
    const answer = await send(bytes);
    expect(answer).toMatch(/^HTTP\/1\.1 403 /);
    expect(JSON.parse(/\{.*\}/.exec(answer)?.[0] ?? '')).toMatchObject({
      kind: 'Status',
      reason: 'Forbidden',
      code: 403,
    });
    expect(api.recorded).toEqual([]);
  });

  it('asks a request of HTTP/1.0 for its host, too', async () => {
    const { api, send } = await recordedProxy();
    expect(await send('GET /api HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.1 403 /);
    expect(api.recorded).toEqual([]);
  });

  it('lets everything pass without the filter', async () => {
    const { api, send } = await recordedProxy({ filter: 'none' });
    const answer = await send(ask('GET /api', 'Host: evil.example.com', 'Origin: https://evil.example.com'));
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(api.recorded).toHaveLength(1);
  });
});
