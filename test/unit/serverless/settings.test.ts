import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readSettings } from '../../../src/serverless/settings.ts';
import { testDirectory } from '../cluster/support/directory.ts';

const SERVER = { KUBEGRAPH_SERVER: 'https://kubernetes.example.test:6443/prefix' };
const AUTHORITY = readFileSync(new URL('../../fixtures/tls/ca.crt', import.meta.url));

test('an address is all that passthrough needs', () => {
  const { mode, readOnly, target } = readSettings(SERVER);
  expect({ mode, readOnly }).toEqual({ mode: 'passthrough', readOnly: false });
  expect(target.server).toMatchObject({
    origin: 'https://kubernetes.example.test:6443',
    pathPrefix: '/prefix',
  });
  expect(target.credentials).toEqual({ clientCertificate: undefined, authorization: { kind: 'none' } });
});

test('the certificate authority comes as base64 of PEM', () => {
  const { target } = readSettings({ ...SERVER, KUBEGRAPH_CA_DATA: AUTHORITY.toString('base64') });
  expect(target.tls).toMatchObject({
    certificateAuthority: { kind: 'data', pem: AUTHORITY.toString('utf8') },
    insecureSkipVerify: false,
  });
});

test('variables that are set to nothing count as not set', () => {
  const names = [
    'AUTH',
    'READ_ONLY',
    'CA_DATA',
    'INCLUDE',
    'EXCLUDE',
    'STABILITY',
    'NAMES',
    'DOCUMENTS',
    'DOCUMENTS_ONLY',
  ];
  const empty = Object.fromEntries(
    [...names.map((name) => `KUBEGRAPH_${name}`), 'KUBECONFIG'].map((name) => [name, '']),
  );
  expect(readSettings({ ...SERVER, ...empty })).toEqual(readSettings(SERVER));
});

test('KUBEGRAPH_READ_ONLY=true makes it read-only', () => {
  expect(readSettings({ ...SERVER, KUBEGRAPH_READ_ONLY: 'true' }).readOnly).toBe(true);
});

test('what the schema shows comes in four variables', () => {
  const env = {
    KUBEGRAPH_INCLUDE: 'apps, *.upbound.io',
    KUBEGRAPH_EXCLUDE: 'apps/v1beta1',
    KUBEGRAPH_STABILITY: 'stable',
    KUBEGRAPH_NAMES: '{"clusters":"cluster.x-k8s.io"}',
  };
  expect(readSettings({ ...SERVER, ...env }).schema).toEqual({
    include: ['apps', '*.upbound.io'],
    exclude: ['apps/v1beta1'],
    stability: 'STABLE',
    names: { clusters: 'cluster.x-k8s.io' },
  });
});

test.for([
  [{}, 'set KUBEGRAPH_SERVER'],
  [
    { KUBEGRAPH_SERVER: 'kubernetes' },
    'KUBEGRAPH_SERVER and KUBEGRAPH_CA_DATA, field "server": is not a URL',
  ],
  [{ KUBEGRAPH_SERVER: 'http://kubernetes.example.test' }, 'use https'],
  [{ ...SERVER, KUBEGRAPH_CA_DATA: 'no certificate' }, 'holds no readable PEM certificate'],
  [{ ...SERVER, KUBECONFIG: '/opt/kubeconfig' }, 'remove one'],
  [{ ...SERVER, KUBEGRAPH_AUTH: 'kubeconfig' }, 'needs KUBECONFIG'],
  [{ ...SERVER, KUBEGRAPH_AUTH: 'admin' }, 'KUBEGRAPH_AUTH is passthrough or kubeconfig'],
  [{ ...SERVER, KUBEGRAPH_READ_ONLY: 'yes' }, 'KUBEGRAPH_READ_ONLY is false or true'],
  [{ ...SERVER, KUBEGRAPH_INCLUDE: 'apps,,core' }, 'KUBEGRAPH_INCLUDE takes groups'],
  [{ ...SERVER, KUBEGRAPH_EXCLUDE: 'Apps' }, 'KUBEGRAPH_EXCLUDE takes groups'],
  [{ ...SERVER, KUBEGRAPH_STABILITY: 'BETA' }, 'KUBEGRAPH_STABILITY is alpha, beta or stable'],
  [{ ...SERVER, KUBEGRAPH_NAMES: 'clusters=x' }, 'KUBEGRAPH_NAMES is an object'],
  [{ KUBECONFIG: '/nowhere/kubeconfig' }, '/nowhere/kubeconfig'],
] as const)('%o is refused: %s', ([env, message]) => {
  expect(() => readSettings(env)).toThrow(message);
});

test('trusted documents come from the file that a variable names', () => {
  const file = testDirectory().write('documents.json', '{"a":"{ a }"}');
  const env = { ...SERVER, KUBEGRAPH_DOCUMENTS: file, KUBEGRAPH_DOCUMENTS_ONLY: 'true' };
  expect(readSettings(env).documents).toEqual({ texts: new Map([['a', '{ a }']]), only: true });
  expect(readSettings(SERVER).documents).toBeUndefined();
});

test.each([
  [{ KUBEGRAPH_DOCUMENTS: '/nowhere.json' }, 'KUBEGRAPH_DOCUMENTS /nowhere.json cannot be read'],
  [{ KUBEGRAPH_DOCUMENTS_ONLY: 'true' }, 'KUBEGRAPH_DOCUMENTS_ONLY needs KUBEGRAPH_DOCUMENTS'],
  [{ KUBEGRAPH_DOCUMENTS_ONLY: 'yes' }, 'KUBEGRAPH_DOCUMENTS_ONLY is false or true, not "yes"'],
])('trusted documents are not read by %o', (env, message) => {
  expect(() => readSettings({ ...SERVER, ...env })).toThrow(message);
});
