import { describe, expect, test } from 'vitest';
import { proxyFromEnvironment } from '../../../src/cluster/kubeconfig/proxy.ts';
import { loadParts } from './support/kubeconfig.ts';

function proxyFor(server: string, env: Readonly<Record<string, string>>): string | undefined {
  return proxyFromEnvironment(new URL(server), env)?.reveal();
}

describe('the proxy of the environment', () => {
  test('is HTTPS_PROXY for https, upper case first', () => {
    expect(proxyFor('https://api', { HTTPS_PROXY: 'http://a:1', https_proxy: 'http://b:1' })).toBe(
      'http://a:1',
    );
    expect(proxyFor('https://api', { https_proxy: 'http://b:1' })).toBe('http://b:1');
    expect(proxyFor('https://api', { HTTP_PROXY: 'http://c:1' })).toBeUndefined();
  });

  test('may lack its scheme', () => {
    expect(proxyFor('https://api', { HTTPS_PROXY: 'proxy:3128' })).toBe('http://proxy:3128');
  });

  test.each(['https://localhost:6443', 'https://127.0.0.5', 'https://[::1]:6443'])(
    'is never used for %s',
    (server) => {
      expect(proxyFor(server, { HTTPS_PROXY: 'http://a' })).toBeUndefined();
    },
  );

  test.each([
    ['*', 'https://api.example.com', true],
    ['example.com', 'https://example.com', true],
    ['example.com', 'https://api.example.com', true],
    ['example.com', 'https://badexample.com', false],
    ['.example.com', 'https://api.example.com', true],
    ['.example.com', 'https://example.com', false],
    ['*.example.com', 'https://api.example.com', true],
    ['EXAMPLE.com', 'https://example.com', true],
    ['example.com:6443', 'https://example.com:6443', true],
    ['example.com:6443', 'https://example.com', false],
    ['example.com:443', 'https://example.com', true],
    ['10.0.0.1', 'https://10.0.0.1:6443', true],
    ['10.0.0.1', 'https://10.0.0.10', false],
    ['10.0.0.0/8', 'https://10.9.8.7', true],
    ['10.0.0.0/8', 'https://11.0.0.1', false],
    ['fd00::/8', 'https://[fd00::1]', true],
    ['[fd00::1]:6443', 'https://[fd00::1]:6443', true],
    ['fd00::1', 'https://[fd00::1]:6443', true],
    ['10.0.0.0/99', 'https://10.0.0.1', false],
    ['a.b, ,example.com', 'https://example.com', true],
  ])('NO_PROXY=%s, %s: exempt is %s', (noProxy, server, isExempt) => {
    const proxy = proxyFor(server, { HTTPS_PROXY: 'http://p', NO_PROXY: noProxy });
    expect(proxy === undefined).toBe(isExempt);
  });

  test("gives way to the cluster's own proxy-url", () => {
    const env = { HTTPS_PROXY: 'http://env' };
    const cluster = { server: 'https://api.example' };
    expect(loadParts({ cluster }, env).proxyUrl?.reveal()).toBe('http://env');
    const own = { ...cluster, 'proxy-url': 'socks5://own' };
    expect(loadParts({ cluster: own }, env).proxyUrl?.reveal()).toBe('socks5://own');
  });
});
