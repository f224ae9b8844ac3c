import {
  create,
  merge,
  apply,
  force,
  strategic,
  deployment,
  WEB,
  WEB_FULL,
  write,
  type Scenario,
} from './scenario.ts';

/** Kinds with defaults, subresources and controllers; a custom resource. */
export const resourceScenarios: readonly Scenario[] = [
  {
    title: 'ports',
    kind: 'Service',
    steps: [
      apply('creates by apply', 'alice', {
        spec: { selector: { app: 'web' }, ports: [{ port: 80, name: 'a' }] },
      }),
      apply('adds a port', 'bob', {
        spec: {
          ports: [
            { port: 53, protocol: 'UDP', name: 'dns' },
            { port: 81, protocol: 'TCP', name: 'b' },
          ],
        },
      }),
      apply('refuses a changed name of a port with the default protocol', 'bob', {
        spec: { ports: [{ port: 80, protocol: 'TCP', name: 'x' }] },
      }),
      apply('removes a port', 'bob', { spec: { ports: [{ port: 81, protocol: 'TCP', name: 'b' }] } }),
      apply('refuses a changed type', 'bob', {
        spec: { type: 'NodePort', ports: [{ port: 81, name: 'b' }] },
      }),
      apply('leaves a default to nobody', 'alice', {
        spec: { type: null, ports: [{ port: 80, name: 'a' }] },
      }),
      strategic('merges ports by port', {
        spec: {
          ports: [
            { port: 82, name: 'c', protocol: 'TCP' },
            { port: 80, name: 'z' },
          ],
        },
      }),
      strategic('deletes a port', { spec: { ports: [{ port: 81, $patch: 'delete' }] } }),
    ],
  },
  {
    title: 'rollout',
    kind: 'Deployment',
    steps: [
      create('owns defaults with what it creates', 'kubectl-create', deployment({ replicas: 0 }, WEB_FULL)),
      apply('refuses changed replicas', 'alice', { spec: { replicas: 1 } }),
      apply('refuses replicas and image', 'alice', {
        spec: { replicas: 1, template: { spec: { containers: [{ name: 'web', image: 'nginx:2' }] } } },
      }),
      apply('refuses null for a default that another owns', 'alice', {
        spec: { revisionHistoryLimit: null },
      }),
      write('merge', 'scale')('owns replicas as the scale subresource', 'kubectl', { spec: { replicas: 1 } }),
      apply('names the subresource', 'alice', { spec: { replicas: 2 } }),
      write('merge', 'status')('owns status separately', 'alice', {
        metadata: { annotations: { s: 't' } },
        status: { collisionCount: 3, conditions: [{ type: 'Own', status: 'True' }] },
      }),
      force('takes replicas by force', 'alice', { spec: { replicas: 0 } }),
      force('returns to the default by null', 'alice', { spec: { replicas: null } }),
      write('apply', 'status')('applies status', 'bob', {
        status: { conditions: [{ type: 'Bob', status: 'True', lastTransitionTime: '2020-01-01T00:00:00Z' }] },
      }),
      strategic('keeps only named keys of the strategy', {
        spec: { strategy: { $retainKeys: ['type'], type: 'Recreate' } },
      }),
    ],
  },
  {
    title: 'applied-deployment',
    kind: 'Deployment',
    steps: [
      apply('owns only what it names', 'alice', deployment({ replicas: 0 }, WEB)),
      apply('removes replicas to the default', 'alice', deployment({}, WEB)),
      apply('sets replicas again', 'alice', deployment({ replicas: 0 }, WEB)),
      apply(
        'removes nothing that is required',
        'alice',
        deployment({ replicas: 0, minReadySeconds: null }, WEB),
      ),
      merge('forgets owners', 'editor', { metadata: { managedFields: [{}] } }),
      force('gives all but status to before-first-apply', 'alice', deployment({ replicas: 0 }, WEB)),
    ],
  },
  {
    title: 'custom',
    kind: 'Certificate',
    steps: [
      create('owns the whole spec', 'kubectl-create', {
        metadata: { labels: { a: 'b' } },
        spec: { secretName: 's', dnsNames: ['a.example.com'], issuerRef: { name: 'i' } },
      }),
      apply('refuses a changed atomic list', 'alice', { spec: { dnsNames: ['b.example.com'] } }),
      force('takes an atomic list', 'alice', { spec: { dnsNames: ['b.example.com'] } }),
      apply('refuses unknown fields', 'alice', { spec: { foo: 1 } }),
      write('merge', 'status')('owns status', 'controller', {
        status: { revision: 1, conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: null }] },
      }),
      apply('refuses a string for a number', 'alice', { spec: { revisionHistoryLimit: 'x' } }),
      apply('applies a struct', 'alice', {
        spec: { dnsNames: ['b.example.com'], privateKey: { size: 2048 } },
      }),
      apply('removes a struct', 'alice', { spec: { dnsNames: ['b.example.com'] } }),
      apply('takes an empty struct', 'alice', { spec: { dnsNames: ['b.example.com'], privateKey: {} } }),
      merge('fills an empty struct', 'editor', { spec: { privateKey: { size: 4096 } } }),
    ],
  },
];
