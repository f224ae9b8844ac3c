import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { loadKubeconfig } from '../../../src/cluster/kubeconfig/load.ts';
import { testDirectory } from './support/directory.ts';
import { loadParts } from './support/kubeconfig.ts';
import { tlsBase64, tlsPath, tlsText } from './support/tls.ts';

describe('a cluster entry', () => {
  test('keeps the path of its server as a prefix and drops query and fragment', () => {
    const { server } = loadParts({ cluster: { server: 'https://api.example/k8s/clusters/c-1/?token=x#y' } });
    expect(server).toEqual({
      origin: 'https://api.example',
      host: 'api.example',
      pathPrefix: '/k8s/clusters/c-1',
      isTls: true,
    });
  });

  test('can have an IPv6 server', () => {
    expect(loadParts({ cluster: { server: 'https://[::1]:6443' } }).server.origin).toBe('https://[::1]:6443');
  });

  test('gives authority, server name, proxy and compression', () => {
    const target = loadParts({
      cluster: {
        'certificate-authority-data': tlsBase64('ca.crt'),
        'tls-server-name': 'api.internal',
        'proxy-url': 'http://proxy.example:3128',
        'disable-compression': true,
      },
    });
    expect(target.tls).toEqual({
      certificateAuthority: { kind: 'data', pem: tlsText('ca.crt') },
      serverName: 'api.internal',
      insecureSkipVerify: false,
    });
    expect(target.proxyUrl?.reveal()).toBe('http://proxy.example:3128');
    expect(target.disableCompression).toBe(true);
  });

  test('skips verification only where it says so, also in the words of YAML 1.1', () => {
    expect(loadParts({}).tls.insecureSkipVerify).toBe(false);
    const directory = testDirectory();
    const path = directory.write(
      'config',
      `
current-context: x
contexts: [{name: x, context: {cluster: c}}]
clusters: [{name: c, cluster: {server: "https://api", insecure-skip-tls-verify: yes}}]
`,
    );
    expect(loadKubeconfig({ path, env: {}, homeDir: '' }).tls.insecureSkipVerify).toBe(true);
  });
});

describe('a user entry', () => {
  test('gives a client certificate from data or files', () => {
    const data = loadParts({
      user: {
        'client-certificate-data': tlsBase64('client.crt'),
        'client-key-data': tlsBase64('client.key'),
      },
    });
    expect(data.credentials.clientCertificate).toMatchObject({
      kind: 'data',
      certificate: tlsText('client.crt'),
    });
    const files = loadParts({
      user: { 'client-certificate': tlsPath('client.crt'), 'client-key': tlsPath('client.key') },
    });
    expect(files.credentials.clientCertificate).toEqual({
      kind: 'file',
      certificatePath: tlsPath('client.crt'),
      keyPath: tlsPath('client.key'),
    });
  });

  test('prefers its token file to its token', () => {
    const tokenFile = testDirectory().write('token', 'from-file');
    const { authorization } = loadParts({ user: { token: 'inline', tokenFile } }).credentials;
    expect(authorization).toMatchObject({ kind: 'token-file', path: tokenFile });
  });

  test('with a token does not use its plugin, and neither with a client certificate', () => {
    const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: 'x', interactiveMode: 'Never' };
    expect(loadParts({ user: { token: 'abc', exec } }).credentials.authorization.kind).toBe('token');
    const certificate = {
      'client-certificate-data': tlsBase64('client.crt'),
      'client-key-data': tlsBase64('client.key'),
    };
    expect(loadParts({ user: { ...certificate, exec } }).credentials.authorization.kind).toBe('none');
  });

  test('is anonymous when the context names no user', () => {
    const { credentials } = loadParts({ context: { user: '' } });
    expect(credentials).toEqual({ clientCertificate: undefined, authorization: { kind: 'none' } });
  });

  test('lends no credentials to a plain-http server, but impersonates there', () => {
    const target = loadParts({
      cluster: { server: 'http://127.0.0.1:8001' },
      user: { token: 'abc', as: 'jane' },
    });
    expect(target.credentials.authorization.kind).toBe('none');
    expect(target.impersonation?.user).toBe('jane');
  });

  test('impersonates with uid, groups and extra', () => {
    const { impersonation } = loadParts({
      user: {
        as: 'jane',
        'as-uid': '1',
        'as-groups': ['a', 'b'],
        'as-user-extra': { 'example.com/x': ['1', '2'] },
      },
    });
    expect(impersonation).toEqual({
      user: 'jane',
      uid: '1',
      groups: ['a', 'b'],
      extra: new Map([['example.com/x', ['1', '2']]]),
    });
  });

  test('finds the plugin beside the kubeconfig only when the command is a path', () => {
    const command = (text: string) => {
      const exec = { apiVersion: 'client.authentication.k8s.io/v1', interactiveMode: 'Never', command: text };
      const { authorization } = loadParts({ user: { exec } }).credentials;
      return authorization.kind === 'exec' ? authorization.plugin.command : undefined;
    };
    expect(command('aws')).toBe('aws');
    expect(command('./bin/plugin')).toMatch(/^\/.*\/bin\/plugin$/);
  });

  test('asks IfAvailable by default in v1beta1', () => {
    const exec = { apiVersion: 'client.authentication.k8s.io/v1beta1', command: 'x' };
    expect(loadParts({ user: { exec } }).credentials.authorization).toMatchObject({
      plugin: { interactiveMode: 'IfAvailable' },
    });
  });

  test('shows no secret when a target is logged', () => {
    const target = loadParts({
      cluster: { 'proxy-url': 'http://proxy:canary@proxy.example' },
      user: { username: 'jane', password: 'canary' },
    });
    const certificate = loadParts({
      user: {
        'client-certificate-data': tlsBase64('client.crt'),
        'client-key-data': tlsBase64('client.key'),
      },
    });
    for (const shown of [inspect(target, { depth: 9 }), JSON.stringify(target)])
      expect(shown).not.toContain('canary');
    for (const shown of [inspect(certificate, { depth: 9 }), JSON.stringify(certificate)]) {
      expect(shown).toContain('BEGIN CERTIFICATE');
      expect(shown).not.toContain('PRIVATE KEY');
    }
  });
});
