import { describe, expect, test } from 'vitest';
import { loadKubeconfig } from '../../../src/cluster/kubeconfig/load.ts';
import { isKubegraphError } from '../../../src/errors/kubegraph-error.ts';
import { testDirectory } from './support/directory.ts';
import { kubeconfigText, type KubeconfigParts } from './support/kubeconfig.ts';
import { tlsBase64, tlsPath } from './support/tls.ts';

const CA = tlsBase64('ca.crt');
const CERTIFICATE = tlsBase64('client.crt');
const KEY = tlsBase64('client.key');
const V1 = 'client.authentication.k8s.io/v1';

/** The refusal without the path of its file. */
function refusalOf(text: string): string {
  const directory = testDirectory();
  const path = directory.write('config', text);
  try {
    loadKubeconfig({ path, env: {}, homeDir: directory.path });
  } catch (error) {
    if (!isKubegraphError(error, 'KUBECONFIG_INVALID')) throw error;
    expect(error.message.startsWith(path)).toBe(true);
    expect(error.message).not.toMatch(/[\n\r]/);
    return error.message.slice(path.length).replaceAll(directory.path, '.');
  }
  throw new Error('expected a refusal');
}

const byParts: readonly (readonly [string, KubeconfigParts, string])[] = [
  [
    'a server that is no URL',
    { cluster: { server: 'api:6443' } },
    ', cluster "cluster", field "server": is not a URL',
  ],
  [
    'a server without a scheme',
    { cluster: { server: '10.0.0.1' } },
    'field "server": is not a URL; write it as https://',
  ],
  ['a server of another scheme', { cluster: { server: 'ftp://api' } }, 'field "server": is not a URL'],
  ['no server', { cluster: { server: '' } }, 'field "server": is missing'],
  [
    'credentials in the server',
    { cluster: { server: 'https://a:b@api' } },
    'field "server": holds credentials',
  ],
  [
    'plain http to another machine',
    { cluster: { server: 'http://10.0.0.1' } },
    'field "server": is plain http',
  ],
  [
    'both forms of the authority',
    { cluster: { 'certificate-authority': tlsPath('ca.crt'), 'certificate-authority-data': CA } },
    'field "certificate-authority": is set together with certificate-authority-data',
  ],
  [
    'skip-verify with an authority',
    { cluster: { 'insecure-skip-tls-verify': true, 'certificate-authority-data': CA } },
    'field "insecure-skip-tls-verify": contradicts the certificate authority',
  ],
  [
    'an authority that is not there',
    { cluster: { 'certificate-authority': 'no.crt' } },
    'field "certificate-authority": the file ./no.crt cannot be read (ENOENT)',
  ],
  [
    'an authority that is no base64',
    { cluster: { 'certificate-authority-data': '***' } },
    'field "certificate-authority-data": is not base64',
  ],
  [
    'an authority that is no PEM',
    { cluster: { 'certificate-authority-data': 'AAAA' } },
    'field "certificate-authority-data": holds no readable PEM certificate',
  ],
  [
    'an unknown proxy scheme',
    { cluster: { 'proxy-url': 'ftp://p' } },
    'field "proxy-url": must be an http, https or socks5',
  ],
  [
    'both forms of the certificate',
    { user: { 'client-certificate': 'x', 'client-certificate-data': CERTIFICATE, 'client-key-data': KEY } },
    ', user "user", field "client-certificate": is set together with client-certificate-data',
  ],
  [
    'both forms of the key',
    { user: { 'client-certificate-data': CERTIFICATE, 'client-key': 'x', 'client-key-data': KEY } },
    'field "client-key": is set together with client-key-data',
  ],
  [
    'a certificate without its key',
    { user: { 'client-certificate-data': CERTIFICATE } },
    'field "client-certificate": needs its key',
  ],
  [
    "another certificate's key",
    { user: { 'client-certificate-data': CERTIFICATE, 'client-key-data': tlsBase64('next-client.key') } },
    'field "client-certificate-data": the key does not belong to the client certificate',
  ],
  [
    'a certificate file that is not there',
    { user: { 'client-certificate': 'no.crt', 'client-key': 'no.key' } },
    'field "client-certificate": the file ./no.crt cannot be read (ENOENT)',
  ],
  [
    'a key that is no PEM',
    { user: { 'client-certificate-data': CERTIFICATE, 'client-key-data': 'AAAA' } },
    'the client key is not a readable PEM private key',
  ],
  [
    'token and password',
    { user: { token: 'a', username: 'b' } },
    'field "token": is set together with username',
  ],
  [
    'token file and password',
    { user: { tokenFile: 'a', password: 'b' } },
    'field "tokenFile": is set together with',
  ],
  ['a token with a line break', { user: { token: 'a\nb' } }, 'field "token": has blanks, line breaks'],
  [
    'a token file that is not there',
    { user: { tokenFile: 'no' } },
    'field "tokenFile": the file ./no cannot be read',
  ],
  [
    'groups without a user',
    { user: { 'as-groups': ['a'] } },
    'field "as-groups": needs a user to impersonate',
  ],
  ['a uid without a user', { user: { 'as-uid': '1' } }, 'field "as-uid": needs a user to impersonate'],
  [
    'extra without a user',
    { user: { 'as-user-extra': { a: ['b'] } } },
    'field "as-user-extra": needs a user',
  ],
  [
    'an impersonated line break',
    { user: { as: 'a\r\nImpersonate-Group: system:masters' } },
    'field "as": or a field beside',
  ],
  [
    'an auth-provider',
    { user: { 'auth-provider': { name: 'gcp' } } },
    'field "auth-provider": "gcp" is not supported; use',
  ],
  [
    'a plugin with an auth-provider',
    {
      user: {
        exec: { command: 'x', apiVersion: V1, interactiveMode: 'Never' },
        'auth-provider': { name: 'gcp' },
      },
    },
    'field "exec": is set together with auth-provider',
  ],
  ['a plugin without a command', { user: { exec: { apiVersion: V1 } } }, 'field "exec.command": is missing'],
  [
    'a plugin without a version',
    { user: { exec: { command: 'x' } } },
    'field "exec.apiVersion": is missing; use client',
  ],
  [
    'a plugin of a version that is gone',
    { user: { exec: { command: 'x', apiVersion: 'client.authentication.k8s.io/v1alpha1' } } },
    'field "exec.apiVersion": "client.authentication.k8s.io/v1alpha1" is not supported',
  ],
  [
    'a v1 plugin that does not say whether it asks',
    { user: { exec: { command: 'x', apiVersion: V1 } } },
    'field "exec.interactiveMode": is missing; use Never, IfAvailable, Always',
  ],
  [
    'an unknown interactiveMode',
    { user: { exec: { command: 'x', apiVersion: V1, interactiveMode: 'Sometimes' } } },
    'field "exec.interactiveMode": "Sometimes" is not known',
  ],
  [
    'a nameless variable',
    { user: { exec: { command: 'x', apiVersion: V1, interactiveMode: 'Never', env: [{ value: '1' }] } } },
    'field "exec.env": has an entry without a name',
  ],
  [
    'a namespace that cannot be',
    { context: { namespace: 'Not_A_Label' } },
    ', context "main", field "namespace"',
  ],
  [
    'an unknown cluster',
    { context: { cluster: 'x' } },
    'field "cluster": "x" does not exist; there are: "cluster"',
  ],
  ['no cluster', { context: { cluster: '' } }, ', context "main", field "cluster": is missing'],
  ['an unknown user', { context: { user: 'x' } }, 'field "user": "x" does not exist; there are: "user"'],
  [
    'a number for a text',
    { user: { token: 123 } },
    'field "token": must be a text, not a number; put it in quotes',
  ],
  [
    'a text for a switch',
    { cluster: { 'insecure-skip-tls-verify': 'true' } },
    'must be true or false, not a string',
  ],
  [
    'a text for a list',
    { user: { as: 'a', 'as-groups': 'b' } },
    'field "as-groups": must be a list, not a string',
  ],
  [
    'a number in a list',
    { user: { as: 'a', 'as-groups': ['b', 1] } },
    'field "as-groups[1]": must be a text',
  ],
  ['a text for a mapping', { user: { exec: 'x' } }, 'field "exec": must be a mapping of fields'],
];

test.each(byParts)('refuses %s', (_, parts, message) => {
  expect(refusalOf(kubeconfigText(parts))).toContain(message);
});

describe('refuses a file', () => {
  const byText: readonly (readonly [string, string, string])[] = [
    ['that is not YAML, with the line', 'kind: Config\nusers:\n  - name: a\n bad', ', line 4: is not YAML: '],
    ['that is a list', '- a', ': must be a mapping of fields'],
    ['of another kind', 'kind: Pod', ', field "kind": must be "Config" in a kubeconfig, not "Pod"'],
    ['of another version', 'apiVersion: v2', ', field "apiVersion": must be "v1" in a kubeconfig, not "v2"'],
    [
      'with a name twice',
      'users: [{name: a}, {name: a}]',
      ', user "a": stands twice in "users"; remove or rename one',
    ],
    ['whose entries are texts', 'users: [a]', ', field "users[0]": must be a mapping of fields'],
    [
      'whose current context is unknown',
      'current-context: x',
      ', context "x": does not exist; there are: none',
    ],
    ['with aliases without end', aliasBomb(), ': is not YAML: '],
    ['that is empty', '', ', field "current-context": is not set; set it or choose a context: none'],
  ];

  test.each(byText)('%s', (_, text, message) => {
    expect(refusalOf(text)).toContain(message);
  });

  test('even where the damaged entry is not used, as client-go does', () => {
    const text = kubeconfigText({}).replace('"users":[', '"users":[{"name":"unused","user":{"token":1}},');
    expect(refusalOf(text)).toContain(', user "unused", field "token": must be a text');
  });

  test('without letting it steer the terminal', () => {
    expect(refusalOf('current-context: "a\\e[2Jb\\u202ec"')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });
});

function aliasBomb(): string {
  const levels = Array.from({ length: 12 }, (_, level) => {
    const inner = level === 0 ? 'x' : `*a${level - 1}`;
    return `a${level}: &a${level} [${Array.from({ length: 10 }, () => inner).join(', ')}]`;
  });
  return levels.join('\n');
}

describe('reads like Go', () => {
  test('the last of two equal keys, and only the first document', () => {
    const directory = testDirectory();
    const path = directory.write(
      'config',
      `
current-context: a
current-context: b
contexts: [{name: b, context: {cluster: 12:30:45, namespace: 2024-01-02}}]
clusters: [{name: "12:30:45", cluster: {server: "https://api"}}]
---
current-context: z
`,
    );
    const target = loadKubeconfig({ path, env: {}, homeDir: directory.path });
    expect(target.contextName).toBe('b');
    expect(target.namespace).toBe('2024-01-02');
  });

  test('JSON indented by tabs, unknown fields and null for what is not there', () => {
    const directory = testDirectory();
    const value = {
      ...(JSON.parse(kubeconfigText({ user: { token: null } })) as object),
      later: { x: 1 },
      preferences: null,
    };
    const path = directory.write('config', JSON.stringify(value, undefined, '\t'));
    expect(loadKubeconfig({ path, env: {}, homeDir: directory.path }).credentials.authorization.kind).toBe(
      'none',
    );
  });
});
