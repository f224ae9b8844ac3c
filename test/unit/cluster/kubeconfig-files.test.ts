import { delimiter, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { listContexts } from '../../../src/cluster/kubeconfig/contexts.ts';
import { loadKubeconfig } from '../../../src/cluster/kubeconfig/load.ts';
import { testDirectory } from './support/directory.ts';
import { kubeconfigText } from './support/kubeconfig.ts';

function serverText(host: string): string {
  return kubeconfigText({ cluster: { server: `https://${host}` } });
}

describe('which files count', () => {
  test('an explicit path is used alone, whatever the environment names', () => {
    const directory = testDirectory();
    const path = directory.write('explicit', serverText('explicit'));
    const env = { KUBECONFIG: directory.write('other', serverText('other')) };
    expect(loadKubeconfig({ path, env, homeDir: directory.path }).server.host).toBe('explicit');
  });

  test('an explicit path that is not there is refused', () => {
    const directory = testDirectory();
    const path = directory.at('nothing');
    const load = () => loadKubeconfig({ path, env: {}, homeDir: directory.path });
    expect(load).toThrow(`${path}: does not exist; give the path of a kubeconfig`);
  });

  test('an empty path counts as none', () => {
    const directory = testDirectory();
    directory.write('.kube/config', serverText('home'));
    expect(loadKubeconfig({ path: '', env: {}, homeDir: directory.path }).server.host).toBe('home');
  });

  test('KUBECONFIG comes before the home directory', () => {
    const directory = testDirectory();
    directory.write('.kube/config', serverText('home'));
    const env = { KUBECONFIG: directory.write('from-env', serverText('from-env')) };
    expect(loadKubeconfig({ env, homeDir: directory.path }).server.host).toBe('from-env');
  });

  test('without KUBECONFIG, or with an empty one, it is ~/.kube/config', () => {
    const directory = testDirectory();
    directory.write('.kube/config', serverText('home'));
    for (const env of [{}, { KUBECONFIG: '' }]) {
      expect(loadKubeconfig({ env, homeDir: directory.path }).server.host).toBe('home');
    }
  });

  test('missing files, empty entries and repetitions in KUBECONFIG are skipped', () => {
    const directory = testDirectory();
    const file = directory.write('config', serverText('found'));
    const env = { KUBECONFIG: ['', directory.at('missing'), file, '', file].join(delimiter) };
    expect(loadKubeconfig({ env, homeDir: directory.path }).server.host).toBe('found');
  });

  test('a KUBECONFIG of separators only does not fall back to the home directory', () => {
    const directory = testDirectory();
    directory.write('.kube/config', serverText('home'));
    const load = () => loadKubeconfig({ env: { KUBECONFIG: delimiter }, homeDir: directory.path });
    expect(load).toThrow(/no kubeconfig/);
  });

  test('one damaged file refuses the whole list and is named', () => {
    const directory = testDirectory();
    const damaged = directory.write('damaged', 'kind: Config\nclusters: [\n');
    const env = { KUBECONFIG: [directory.write('config', serverText('found')), damaged].join(delimiter) };
    expect(() => loadKubeconfig({ env, homeDir: directory.path })).toThrow(
      `${damaged}, line 3: is not YAML:`,
    );
  });

  test('without any file the message names where it looked', () => {
    const directory = testDirectory();
    const load = () => loadKubeconfig({ env: {}, homeDir: directory.path });
    expect(load).toThrow(
      `no kubeconfig: ${join(directory.path, '.kube', 'config')} (not there), and this is not a pod`,
    );
  });

  test('a directory in place of a file is refused', () => {
    const directory = testDirectory();
    const load = () => loadKubeconfig({ path: directory.path, env: {}, homeDir: directory.path });
    expect(load).toThrow(`${directory.path}: cannot be read (EISDIR)`);
  });
});

describe('merging', () => {
  test('the first file that has an entry keeps it whole, without fields of the second', () => {
    const directory = testDirectory();
    const first = directory.write('first', kubeconfigText({ user: { username: 'first' } }));
    const second = directory.write(
      'second',
      kubeconfigText({
        cluster: { server: 'https://second', 'tls-server-name': 'second' },
        user: { username: 'second', password: 'second' },
        context: { namespace: 'second' },
      }),
    );
    const target = loadKubeconfig({
      env: { KUBECONFIG: [first, second].join(delimiter) },
      homeDir: directory.path,
    });
    expect(target.namespace).toBe('default');
    expect(target.server.host).toBe('127.0.0.1:6443');
    expect(target.tls.serverName).toBeUndefined();
    const { authorization } = target.credentials;
    expect(authorization).toMatchObject({ kind: 'basic', username: 'first' });
    expect(authorization.kind === 'basic' && authorization.password.reveal()).toBe('');
  });

  test('the first current-context that is set counts', () => {
    const directory = testDirectory();
    const none = directory.write('none', '{kind: Config, apiVersion: v1}');
    const first = directory.write('first', 'current-context: first');
    const second = directory.write(
      'second',
      `
current-context: second
contexts:
- {name: first, context: {cluster: c}}
- {name: second, context: {cluster: c}}
clusters:
- {name: c, cluster: {server: "https://api"}}
`,
    );
    const env = { KUBECONFIG: [none, first, second].join(delimiter) };
    expect(loadKubeconfig({ env, homeDir: directory.path }).contextName).toBe('first');
  });

  test('a context, its cluster and its user may stand in three files', () => {
    const directory = testDirectory();
    const env = {
      KUBECONFIG: [
        directory.write('1', 'current-context: x\ncontexts: [{name: x, context: {cluster: c, user: u}}]'),
        directory.write('2', 'clusters: [{name: c, cluster: {server: "https://api:6443"}}]'),
        directory.write('3', 'users: [{name: u, user: {token: abc}}]'),
      ].join(delimiter),
    };
    const target = loadKubeconfig({ env, homeDir: directory.path });
    expect(target.server.host).toBe('api:6443');
    expect(target.credentials.authorization.kind).toBe('token');
  });

  test('relative paths are relative to the file that has them', () => {
    const directory = testDirectory();
    directory.write('a/secret', 'token-of-a');
    directory.write('b/secret', 'token-of-b');
    const env = {
      KUBECONFIG: [
        directory.write('a/config', kubeconfigText({ user: { tokenFile: 'secret' } })),
        directory.write('b/config', kubeconfigText({ user: { tokenFile: 'secret' } })),
      ].join(delimiter),
    };
    const { authorization } = loadKubeconfig({ env, homeDir: directory.path }).credentials;
    expect(authorization).toMatchObject({ kind: 'token-file', path: directory.at('a/secret') });
  });
});

describe('contexts', () => {
  const text = `
current-context: staging
contexts:
- name: production
  context: {cluster: prod, user: u, namespace: shop}
- name: staging
  context: {cluster: stage, user: u}
- name: dangling
  context: {cluster: nowhere, user: u}
clusters:
- {name: prod, cluster: {server: "https://prod.example:6443/prefix"}}
- {name: stage, cluster: {server: "https://stage.example"}}
users:
- {name: u, user: {}}
`;

  test('are listed in file order with namespace and host', () => {
    const directory = testDirectory();
    const path = directory.write('config', text);
    expect(listContexts({ path, env: {}, homeDir: directory.path })).toEqual([
      { name: 'production', isCurrent: false, namespace: 'shop', serverHost: 'prod.example:6443' },
      { name: 'staging', isCurrent: true, namespace: 'default', serverHost: 'stage.example' },
      { name: 'dangling', isCurrent: false, namespace: 'default', serverHost: undefined },
    ]);
  });

  test('can be chosen by name', () => {
    const directory = testDirectory();
    const path = directory.write('config', text);
    const target = loadKubeconfig({ path, env: {}, homeDir: directory.path, context: 'production' });
    expect(target).toMatchObject({
      source: 'kubeconfig',
      contextName: 'production',
      namespace: 'shop',
      server: {
        origin: 'https://prod.example:6443',
        host: 'prod.example:6443',
        pathPrefix: '/prefix',
        isTls: true,
      },
    });
  });

  test('an unknown one is refused with those there are', () => {
    const directory = testDirectory();
    const path = directory.write('config', text);
    const load = () => loadKubeconfig({ path, env: {}, homeDir: directory.path, context: 'prod' });
    expect(load).toThrow(
      `${path}, context "prod": does not exist; there are: "production", "staging", "dangling"`,
    );
  });

  test('none chosen is refused with those there are', () => {
    const directory = testDirectory();
    const path = directory.write('config', text.replace('current-context: staging', ''));
    const load = () => loadKubeconfig({ path, env: {}, homeDir: directory.path });
    expect(load).toThrow(
      `field "current-context": is not set; set it or choose a context: "production", "staging"`,
    );
  });

  test('a damaged context that is not used does not matter', () => {
    const directory = testDirectory();
    const path = directory.write('config', text);
    expect(loadKubeconfig({ path, env: {}, homeDir: directory.path }).contextName).toBe('staging');
    const load = () => loadKubeconfig({ path, env: {}, homeDir: directory.path, context: 'dangling' });
    expect(load).toThrow(
      `context "dangling", field "cluster": "nowhere" does not exist; there are: "prod", "stage"`,
    );
  });
});
