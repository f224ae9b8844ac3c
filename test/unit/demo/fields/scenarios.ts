import type { KubeObject } from '../../../../demo/api/object.ts';

/** A write in a scenario. Each scenario is the life of one object. */
export interface Step {
  readonly title: string;
  readonly write: 'create' | 'put' | 'merge' | 'strategic' | 'apply' | 'force';
  readonly manager: string;
  readonly subresource?: 'status' | 'scale';
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Scenario {
  readonly title: string;
  readonly kind: 'ConfigMap' | 'PodTemplate' | 'Service' | 'Deployment' | 'Certificate';
  readonly steps: readonly Step[];
}

/** What the real server did at a step. */
export interface Recording {
  /** The object before the step, where others changed it after the step before. */
  readonly before?: KubeObject;
  readonly after?: KubeObject;
  readonly error?: Readonly<Record<string, unknown>>;
}

export const NAMESPACE = 'fields-recorded';

/** Recorded times do not depend on the run. */
export function timeAt(second: number): string {
  return `2026-01-01T00:00:${String(second).padStart(2, '0')}Z`;
}

const API_VERSIONS = {
  ConfigMap: 'v1',
  PodTemplate: 'v1',
  Service: 'v1',
  Deployment: 'apps/v1',
  Certificate: 'cert-manager.io/v1',
} as const;

/** The whole object or patch that a step sends. Merge patches are sent as they are in the scenario. */
export function bodyOf(scenario: Scenario, step: Step): Readonly<Record<string, unknown>> {
  if (step.write === 'merge' || step.write === 'strategic') return step.body;
  return {
    apiVersion: API_VERSIONS[scenario.kind],
    kind: scenario.kind,
    ...step.body,
    metadata: { name: scenario.title, ...(step.body['metadata'] as object | undefined) },
  };
}

type Body = Readonly<Record<string, unknown>>;
type Writer = (title: string, manager: string, body: Body) => Step;

const write =
  (write: Step['write'], subresource?: 'status' | 'scale'): Writer =>
  (title, manager, body) => ({ title, write, manager, body, ...(subresource && { subresource }) });

const create = write('create');
const put = write('put');
const merge = write('merge');
const apply = write('apply');
const force = write('force');
const strategic = (title: string, body: Body): Step => write('strategic')(title, 'patcher', body);

const data = (data: Body): Body => ({ data });
const containers = (...containers: readonly Body[]): Body => ({ template: { spec: { containers } } });
const podSpec = (spec: Body): Body => ({ template: { spec } });
const deployment = (spec: Body, ...containers: readonly Body[]): Body => ({
  spec: {
    ...spec,
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers } },
  },
});

const WEB = { name: 'web', image: 'nginx:1' };
const WEB_FULL = {
  ...WEB,
  ports: [{ containerPort: 80 }, { containerPort: 53, protocol: 'UDP' }],
  env: [{ name: 'A', value: '1' }],
  resources: { limits: { cpu: '1', memory: '1Gi' } },
  args: ['a', 'b'],
};
const OWNER = { apiVersion: 'v1', kind: 'ConfigMap', name: 'o', uid: '11111111-2222-3333-4444-555555555555' };
const SAME_NAME = [
  { name: 'A', value: '1' },
  { name: 'A', value: '2' },
];
const LAST_APPLIED = JSON.stringify({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'last-applied', namespace: 'fields-recorded', annotations: {} },
  data: { a: '1', b: '1' },
});
const withLastApplied = (body: Body): Body => ({
  metadata: { annotations: { 'kubectl.kubernetes.io/last-applied-configuration': LAST_APPLIED } },
  ...body,
});

export const scenarios: readonly Scenario[] = [
  {
    title: 'appliers',
    kind: 'ConfigMap',
    steps: [
      apply('creates by apply', 'alice', { metadata: { labels: { a: 'b' } }, data: { k: '1', l: '2' } }),
      apply('leaves all as it is when nothing changes', 'alice', {
        metadata: { labels: { a: 'b' } },
        data: { k: '1', l: '2' },
      }),
      apply('shares a field whose value is the same', 'bob', data({ k: '1' })),
      apply('refuses to change what one other applied', 'bob', data({ k: '2' })),
      apply('refuses to change what two others applied', 'carol', data({ k: 'x', l: 'y' })),
      force('takes a field by force', 'bob', data({ k: '2' })),
      apply('gives up a field that another owns', 'alice', {
        metadata: { labels: { a: 'b' } },
        data: { l: '2' },
      }),
      apply('removes a field that nobody else owns', 'bob', {}),
      apply('removes everything formerly applied', 'alice', {}),
      apply('applies to an object without owners', 'alice', data({ k: '1' })),
    ],
  },
  {
    title: 'updaters',
    kind: 'ConfigMap',
    steps: [
      create('owns all that it creates', 'kubectl-create', {
        metadata: { labels: { a: 'b' }, annotations: { x: 'y' }, finalizers: ['example.com/b', 'example.com/a'] },
        data: { a: '1', b: '1' },
      }),
      merge('owns what it changes and adds', 'editor', data({ b: '2', c: '3' })),
      merge('lets nobody own what is gone', 'editor', data({ a: null })),
      merge('owns nothing by writing the same', 'idle', data({ b: '2' })),
      merge('adds to the entry of the same manager', 'editor', data({ d: '4', c: '4' })),
      put('drops what a replacement leaves out', 'putter', { metadata: {}, data: { b: '5' } }),
      put('forgets all owners when told', 'putter', { metadata: { managedFields: [] }, data: { b: '5', c: '1' } }),
      merge('tracks nothing where nothing was tracked', 'editor', data({ e: '1' })),
      apply('gives what was not tracked to before-first-apply', 'alice', data({ e: '2' })),
      force('takes from before-first-apply', 'alice', data({ e: '2' })),
    ],
  },
  {
    title: 'updaters-and-appliers',
    kind: 'ConfigMap',
    steps: [
      create('creates', 'kubectl-create', data({ a: '1', b: '1' })),
      apply('refuses to change what was created', 'alice', data({ a: '2', b: '2', c: '3' })),
      apply('shares what was created', 'alice', data({ a: '1', c: '3' })),
      merge('takes from appliers without asking', 'editor', data({ c: '4', a: '1' })),
      apply('keeps what an updater owns too', 'alice', {}),
      apply('refuses to remove nothing', 'bob', data({ a: '1' })),
    ],
  },
  {
    title: 'nulls',
    kind: 'ConfigMap',
    steps: [
      apply('stores a null value as an empty one', 'alice', data({ k: null, l: '1' })),
      apply('applies null again', 'alice', data({ k: null, l: '1' })),
      apply('refuses to null what another owns', 'bob', data({ l: null })),
      apply('takes null maps', 'alice', { data: null }),
      apply('takes empty maps', 'alice', { data: {} }),
      apply('adds a first key to an empty map', 'alice', data({ z: '1' })),
    ],
  },
  {
    title: 'refusals',
    kind: 'ConfigMap',
    steps: [
      apply('refuses unknown fields', 'alice', { foo: 1 }),
      apply('refuses values of the wrong type', 'alice', { data: { a: 1, b: true } }),
      apply('refuses a scalar for a map', 'alice', { data: 'x' }),
      apply('refuses a list for a map', 'alice', { data: ['x'] }),
      apply('refuses managed fields', 'alice', { metadata: { managedFields: [] } }),
      apply('refuses duplicate set members', 'alice', { metadata: { finalizers: ['example.com/a', 'example.com/a'] } }),
      apply('refuses a map for a list', 'alice', { metadata: { finalizers: { a: 'b' } } }),
      apply('refuses a string for a boolean', 'alice', { immutable: 'true' }),
      apply('allows null managed fields', 'alice', { metadata: { managedFields: null }, data: { a: '1' } }),
      apply('refuses unknown fields of an object that is there', 'alice', { data: { a: '1' }, foo: 1 }),
    ],
  },
  {
    title: 'last-applied',
    kind: 'ConfigMap',
    steps: [
      create('creates', 'kubectl-client-side-apply', withLastApplied(data({ a: '1', b: '1' }))),
      apply('refuses other managers', 'alice', data({ a: '2' })),
      apply('lets kubectl change what its annotation has', 'kubectl', data({ a: '2' })),
      merge('changes', 'editor', data({ b: '9' })),
      apply('refuses kubectl what its annotation has not', 'kubectl', data({ a: '3', b: '3' })),
    ],
  },
  {
    title: 'many-updaters',
    kind: 'ConfigMap',
    steps: [
      create('creates', 'm0', data({ k0: '1' })),
      ...Array.from({ length: 12 }, (_, i) => merge(`adds updater ${i + 1}`, `m${i + 1}`, data({ [`k${i + 1}`]: '1' }))),
    ],
  },
  {
    title: 'finalizers',
    kind: 'ConfigMap',
    steps: [
      apply('applies set members', 'alice', { metadata: { finalizers: ['example.com/b', 'example.com/a'] } }),
      apply('adds set members', 'bob', { metadata: { finalizers: ['example.com/c', 'example.com/a'] } }),
      apply('removes own set members', 'alice', { metadata: { finalizers: ['example.com/a'] } }),
      strategic('merges primitive lists', { metadata: { finalizers: ['example.com/x', 'example.com/a'] } }),
      strategic('deletes from primitive lists', {
        metadata: { '$deleteFromPrimitiveList/finalizers': ['example.com/a', 'example.com/none'] },
      }),
      strategic('orders primitive lists', {
        metadata: {
          '$setElementOrder/finalizers': ['example.com/z', 'example.com/x', 'example.com/c'],
          finalizers: ['example.com/z'],
        },
      }),
    ],
  },
  {
    title: 'metadata',
    kind: 'ConfigMap',
    steps: [
      apply('owns no times and names', 'alice', {
        metadata: { creationTimestamp: null, labels: { a: 'b', c: 'd' }, generateName: 'x-' },
        data: { a: '1' },
      }),
      merge('adds labels', 'editor', { metadata: { labels: { e: 'f' } } }),
      apply('needs no name', 'alice', { metadata: { name: undefined, labels: { a: 'b' } } }),
      apply('needs no name to remove all', 'alice', { metadata: { name: undefined } }),
      apply('applies owner references by uid', 'alice', { metadata: { ownerReferences: [OWNER] } }),
      apply('refuses to change an owner reference', 'bob', {
        metadata: { ownerReferences: [{ ...OWNER, controller: true }] },
      }),
      strategic('merges owner references', { metadata: { ownerReferences: [{ uid: OWNER.uid, controller: true }] } }),
      apply('refuses what is no name of a set', 'alice', { metadata: { finalizers: [null] } }),
      apply('refuses maps in sets', 'alice', { metadata: { finalizers: [{}] } }),
      apply('refuses what is no item', 'alice', { metadata: { ownerReferences: ['x'] } }),
      apply('refuses null items', 'alice', { metadata: { ownerReferences: [null] } }),
      apply('refuses a number for a string', 'alice', { metadata: { labels: { a: 1.5 } } }),
      apply('refuses a map for a string', 'alice', { data: { a: { b: ['c', null, 1] } } }),
    ],
  },
  {
    title: 'duplicates',
    kind: 'PodTemplate',
    steps: [
      create('owns duplicates as one', 'kubectl-create', containers({ ...WEB, env: [...SAME_NAME, { name: 'B', value: '1' }] })),
      apply('merges beside duplicates', 'alice', containers({ ...WEB, env: [{ name: 'C', value: '3' }] })),
      force('replaces duplicates', 'alice', containers({ ...WEB, env: [{ name: 'A', value: '3' }] })),
      merge('makes duplicates', 'editor', containers({ ...WEB, env: SAME_NAME })),
      merge('changes duplicates', 'other', containers({ ...WEB, env: [...SAME_NAME, { name: 'A', value: '4' }] })),
      merge('makes duplicates single', 'editor', containers({ ...WEB, env: [{ name: 'A', value: '2' }] })),
      strategic('deletes and orders as kubectl apply does', {
        template: {
          spec: {
            containers: [
              {
                name: 'web',
                '$setElementOrder/env': [{ name: 'X' }, { name: 'Y' }],
                env: [{ name: 'X', value: '1' }, { name: 'Y', value: '2' }, { name: 'A', $patch: 'delete' }],
              },
            ],
          },
        },
      }),
    ],
  },
  {
    title: 'containers',
    kind: 'PodTemplate',
    steps: [
      apply('creates by apply', 'alice', containers(WEB_FULL, { name: 'side', image: 'side:1' })),
      apply('adds a container between', 'bob', containers({ name: 'new', image: 'new:1' }, { name: 'side', image: 'side:1' })),
      apply('refuses a changed image', 'bob', containers({ name: 'web', image: 'nginx:2' }, { name: 'new', image: 'new:1' })),
      apply('refuses changed atomic lists and keyed items', 'bob', containers(
        { ...WEB_FULL, args: ['a'], ports: [{ containerPort: 80, name: 'http' }], env: [{ name: 'A', value: '2' }] },
      )),
      apply('removes fields, list items and a container', 'alice', containers({ ...WEB, ports: [{ containerPort: 80 }] })),
      apply('reorders', 'alice', containers({ name: 'new', image: 'new:1' }, { ...WEB, ports: [{ containerPort: 80 }] })),
      apply('keeps the order of others', 'bob', containers({ name: 'last', image: 'last:1' }, { name: 'web', image: 'nginx:1' })),
      apply('refuses duplicate keys', 'alice', containers(WEB, WEB)),
      apply('refuses items without a key', 'alice', containers({ image: 'nginx:1' })),
      apply('refuses unknown fields in items', 'alice', containers({ ...WEB, foo: 1 })),
      apply('refuses several things', 'alice', containers({ ...WEB, foo: 1 }, { ...WEB, image: 3 })),
      apply('refuses duplicate ports by default protocol', 'alice', containers(
        { ...WEB, ports: [{ containerPort: 80 }, { containerPort: 80, protocol: 'TCP' }] },
      )),
      merge('replaces a list', 'editor', containers(WEB, { name: 'third', image: 'third:1', securityContext: { runAsUser: 1 } })),
      apply('applies atomic maps', 'alice', podSpec({ containers: [WEB], nodeSelector: { a: 'b' } })),
      apply('refuses a part of an atomic map', 'bob', podSpec({ containers: [WEB], nodeSelector: { c: 'd' } })),
    ],
  },
  {
    title: 'ports',
    kind: 'Service',
    steps: [
      apply('creates by apply', 'alice', { spec: { selector: { app: 'web' }, ports: [{ port: 80, name: 'a' }] } }),
      apply('adds a port', 'bob', { spec: { ports: [{ port: 53, protocol: 'UDP', name: 'dns' }, { port: 81, protocol: 'TCP', name: 'b' }] } }),
      apply('refuses a changed name of a port with the default protocol', 'bob', { spec: { ports: [{ port: 80, protocol: 'TCP', name: 'x' }] } }),
      apply('removes a port', 'bob', { spec: { ports: [{ port: 81, protocol: 'TCP', name: 'b' }] } }),
      apply('refuses a changed type', 'bob', { spec: { type: 'NodePort', ports: [{ port: 81, name: 'b' }] } }),
      apply('leaves a default to nobody', 'alice', { spec: { type: null, ports: [{ port: 80, name: 'a' }] } }),
      strategic('merges ports by port', { spec: { ports: [{ port: 82, name: 'c', protocol: 'TCP' }, { port: 80, name: 'z' }] } }),
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
      apply('refuses null for a default that another owns', 'alice', { spec: { revisionHistoryLimit: null } }),
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
      apply('removes nothing that is required', 'alice', deployment({ replicas: 0, minReadySeconds: null }, WEB)),
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
      apply('applies a struct', 'alice', { spec: { dnsNames: ['b.example.com'], privateKey: { size: 2048 } } }),
      apply('removes a struct', 'alice', { spec: { dnsNames: ['b.example.com'] } }),
      apply('takes an empty struct', 'alice', { spec: { dnsNames: ['b.example.com'], privateKey: {} } }),
      merge('fills an empty struct', 'editor', { spec: { privateKey: { size: 4096 } } }),
    ],
  },
  {
    title: 'strategic',
    kind: 'PodTemplate',
    steps: [
      create('creates', 'kubectl-create', podSpec({
        containers: [WEB_FULL, { name: 'side', image: 'side:1' }, { name: 'third', image: 'third:1' }],
        volumes: [{ name: 'v', emptyDir: {} }],
        nodeSelector: { a: 'b', c: 'd' },
        tolerations: [{ key: 'k', operator: 'Exists' }],
      })),
      strategic('merges items by key', containers({ name: 'side', image: 'side:2' })),
      strategic('puts new items first', containers({ name: 'new', image: 'new:1' }, { name: 'side', image: 'side:3' })),
      strategic('puts several new items first', containers({ name: 'n1', image: 'n1' }, { name: 'third', image: 'third:2' }, { name: 'n2', image: 'n2' })),
      strategic('deletes items', containers({ name: 'n1', $patch: 'delete' }, { name: 'n2', $patch: 'delete' }, { name: 'none', $patch: 'delete' })),
      strategic('orders items', {
        template: {
          spec: {
            '$setElementOrder/containers': [{ name: 'web' }, { name: 'third' }, { name: 'new' }],
            containers: [{ name: 'third', image: 'third:3' }],
          },
        },
      }),
      strategic('orders without a list', {
        template: { spec: { '$setElementOrder/containers': [{ name: 'new' }, { name: 'side' }] } },
      }),
      strategic('deletes map keys by null', containers({ name: 'web', resources: { limits: { cpu: null } }, args: ['z'] })),
      strategic('merges ports and env by their keys', containers({
        name: 'web',
        ports: [{ containerPort: 443 }, { containerPort: 80, name: 'http' }],
        env: [{ name: 'B', value: '2' }, { name: 'A', value: null, valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }],
      })),
      strategic('replaces a list', containers(
        { name: 'web', ports: [{ $patch: 'replace' }, { containerPort: 8080 }] },
      )),
      strategic('replaces a map', podSpec({ nodeSelector: { $patch: 'replace', e: 'f' } })),
      strategic('deletes a map', podSpec({ nodeSelector: { $patch: 'delete' } })),
      strategic('merges a map', podSpec({ nodeSelector: { g: 'h', none: null } })),
      strategic('replaces lists without a strategy', podSpec({ tolerations: [{ key: 'l', operator: 'Exists' }] })),
      strategic('keeps only named keys of a volume', podSpec({
        volumes: [{ $retainKeys: ['name', 'configMap'], name: 'v', configMap: { name: 'c' } }],
      })),
      strategic('drops nulls and directives of new parts', podSpec({
        securityContext: { runAsUser: 1, runAsGroup: null, seLinuxOptions: { $patch: 'delete' } },
      })),
      strategic('refuses items without a key', containers({ image: 'x' })),
      strategic('refuses unknown directives', podSpec({ nodeSelector: { $patch: 'foo' } })),
      strategic('refuses unknown directives in items', containers({ name: 'web', $patch: 'foo' })),
      strategic('refuses a merge directive in items', containers({ name: 'web', $patch: 'merge' })),
      strategic('refuses an order that contradicts the list', {
        template: {
          spec: {
            '$setElementOrder/containers': [{ name: 'new' }, { name: 'web' }],
            containers: [{ name: 'web', image: 'a' }, { name: 'new', image: 'b' }],
          },
        },
      }),
      strategic('refuses an order that is no list', { template: { spec: { '$setElementOrder/containers': 'x' } } }),
      strategic('refuses retained keys that contradict the patch', podSpec({
        volumes: [{ $retainKeys: ['name'], name: 'v', emptyDir: {} }],
      })),
      strategic('refuses retained keys that are no list', podSpec({ volumes: [{ $retainKeys: 'x', name: 'v' }] })),
      strategic('refuses lists of lists', podSpec({ containers: [[]] })),
      strategic('refuses mixed lists', podSpec({ containers: ['x'] })),
      strategic('empties the whole template', { template: { $patch: 'replace', spec: { containers: [{ name: 'only', image: 'o' }] } } }),
    ],
  },
];
