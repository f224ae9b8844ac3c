import { describe, expect, test } from 'vitest';
import { loadKubeconfig } from '../../../src/cluster/kubeconfig/load.ts';
import { testDirectory } from './support/directory.ts';
import { kubeconfigText } from './support/kubeconfig.ts';
import { tlsText } from './support/tls.ts';

const ENV = { KUBERNETES_SERVICE_HOST: '10.0.0.1', KUBERNETES_SERVICE_PORT: '443' };

function serviceAccount() {
  const directory = testDirectory();
  directory.write('token', 'service-account-token\n');
  directory.write('ca.crt', tlsText('ca.crt'));
  directory.write('namespace', 'shop\n');
  return directory;
}

function load(directory: { readonly path: string }, env: Readonly<Record<string, string>> = ENV) {
  return loadKubeconfig({ env, homeDir: directory.path, serviceAccountDir: directory.path });
}

describe('in a pod', () => {
  test('without a kubeconfig it is the service account', () => {
    const directory = serviceAccount();
    const target = load(directory);
    expect(target).toMatchObject({
      source: 'in-cluster',
      contextName: undefined,
      namespace: 'shop',
      server: { origin: 'https://10.0.0.1', isTls: true },
      tls: {
        certificateAuthority: { kind: 'file', path: directory.at('ca.crt') },
        insecureSkipVerify: false,
      },
      credentials: { authorization: { kind: 'token-file', path: directory.at('token') } },
    });
  });

  test('an IPv6 service host gets brackets', () => {
    expect(load(serviceAccount(), { ...ENV, KUBERNETES_SERVICE_HOST: 'fd00::1' }).server.host).toBe(
      '[fd00::1]',
    );
  });

  test('POD_NAMESPACE comes before the namespace file, and default after it', () => {
    const directory = serviceAccount();
    expect(load(directory, { ...ENV, POD_NAMESPACE: 'mine' }).namespace).toBe('mine');
    directory.write('namespace', '');
    expect(load(directory).namespace).toBe('default');
  });

  test('a missing authority is no reason to stop', () => {
    const directory = serviceAccount();
    directory.write('ca.crt', '');
    expect(load(directory).tls.certificateAuthority).toBeUndefined();
  });

  test('an empty token is refused', () => {
    const directory = serviceAccount();
    directory.write('token', '\n');
    expect(() => load(directory)).toThrow(
      `in-cluster: the file ${directory.at('token')} holds no service account token`,
    );
  });

  test('a kubeconfig that chooses a cluster comes first', () => {
    const directory = serviceAccount();
    directory.write('.kube/config', kubeconfigText({}));
    expect(load(directory).source).toBe('kubeconfig');
  });

  test('a kubeconfig that chooses none does not', () => {
    const directory = serviceAccount();
    directory.write('.kube/config', 'kind: Config');
    expect(load(directory).source).toBe('in-cluster');
  });

  test('nothing that was asked for by name falls back to the service account', () => {
    const directory = serviceAccount();
    const options = { env: ENV, homeDir: directory.path, serviceAccountDir: directory.path };
    expect(() => loadKubeconfig({ ...options, context: 'x' })).toThrow(/context "x": does not exist/);
    const path = directory.write('empty', 'kind: Config');
    expect(() => loadKubeconfig({ ...options, path })).toThrow(/current-context/);
  });

  test('it takes a token file and both variables', () => {
    const empty = testDirectory();
    expect(() => load(empty)).toThrow(/this is not a pod/);
    expect(() => load(serviceAccount(), { KUBERNETES_SERVICE_HOST: '10.0.0.1' })).toThrow(
      /this is not a pod/,
    );
  });
});
