import { expect, it } from 'vitest';
import type { ExecPlugin, Impersonation, UserCredentials } from '../../../src/cluster/kubeconfig/target.ts';
import { userKeyOf } from '../../../src/cluster/kubeconfig/user-key.ts';
import { Secret } from '../../../src/cluster/secret.ts';
import { targetFor } from './support/kubeconfig.ts';

type Credentials = Partial<UserCredentials>;

/** The key of a user with these credentials and no others. */
function keyOf(credentials: Credentials, impersonation?: Impersonation): string {
  const none = { clientCertificate: undefined, authorization: { kind: 'none' } } as const;
  const target = targetFor('http://127.0.0.1:8080');
  return userKeyOf({ ...target, credentials: { ...none, ...credentials }, impersonation });
}

const token = (text: string): Credentials => ({
  authorization: { kind: 'token', token: new Secret(text) },
});
const certificate = (text: string): Credentials => ({
  clientCertificate: { kind: 'data', certificate: text, key: new Secret('key') },
});
const basic = (username: string, password: string): Credentials => ({
  authorization: { kind: 'basic', username, password: new Secret(password) },
});
const tokenFile = (path: string, last: string): Credentials => ({
  authorization: { kind: 'token-file', path, lastToken: new Secret(last) },
});
const plugin = (more: Partial<ExecPlugin>): Credentials => ({
  authorization: {
    kind: 'exec',
    plugin: {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: 'get-token',
      args: ['--cluster', 'one'],
      env: [{ name: 'PROFILE', value: 'admin' }],
      interactiveMode: 'Never',
      installHint: '',
      cluster: undefined,
      place: 'config, users[0]',
      ...more,
    },
  },
});

it.each([
  ['tokens', token('a'), token('b')],
  ['certificates', certificate('a'), certificate('b')],
  ['names', basic('alice', 'secret'), basic('bob', 'secret')],
  ['token files', tokenFile('/a', ''), tokenFile('/b', '')],
  ['kinds of credentials', token('a'), certificate('a')],
  ['plugins', plugin({}), plugin({ command: 'other' })],
  ['arguments of a plugin', plugin({}), plugin({ args: ['--cluster', 'two'] })],
  ['variables of a plugin', plugin({}), plugin({ env: [{ name: 'PROFILE', value: 'viewer' }] })],
  ['clusters that a plugin is told of', plugin({}), plugin({ cluster: { config: { audience: 'a' } } })],
])('is another for other %s, and the same for the same', (_, one, other) => {
  expect(keyOf(one)).toBe(keyOf(one));
  expect(keyOf(one)).not.toBe(keyOf(other));
});

it('is another for other people who are impersonated, down to their extra fields', () => {
  const asking = (extra: string): string =>
    keyOf(token('a'), { user: 'alice', uid: undefined, groups: [], extra: new Map([['scope', [extra]]]) });
  expect(asking('a')).toBe(asking('a'));
  expect(asking('a')).not.toBe(asking('b'));
  expect(asking('a')).not.toBe(keyOf(token('a')));
});

it('stays the same when a token file has been written anew', () => {
  expect(keyOf(tokenFile('/a', 'old'))).toBe(keyOf(tokenFile('/a', 'new')));
});

it('holds nothing of a password, which could be guessed', () => {
  expect(keyOf(basic('alice', 'secret'))).toBe(keyOf(basic('alice', 'other')));
});
