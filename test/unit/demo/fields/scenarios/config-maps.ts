import { create, put, merge, apply, force, data, type Scenario, type Body } from './scenario.ts';

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

/** Who owns what, on the simplest kind. */
export const configMapScenarios: readonly Scenario[] = [
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
        metadata: {
          labels: { a: 'b' },
          annotations: { x: 'y' },
          finalizers: ['example.com/b', 'example.com/a'],
        },
        data: { a: '1', b: '1' },
      }),
      merge('owns what it changes and adds', 'editor', data({ b: '2', c: '3' })),
      merge('lets nobody own what is gone', 'editor', data({ a: null })),
      merge('owns nothing by writing the same', 'idle', data({ b: '2' })),
      merge('adds to the entry of the same manager', 'editor', data({ d: '4', c: '4' })),
      put('drops what a replacement leaves out', 'putter', { metadata: {}, data: { b: '5' } }),
      put('forgets all owners when told', 'putter', {
        metadata: { managedFields: [] },
        data: { b: '5', c: '1' },
      }),
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
      ...Array.from({ length: 12 }, (_, i) =>
        merge(`adds updater ${i + 1}`, `m${i + 1}`, data({ [`k${i + 1}`]: '1' })),
      ),
    ],
  },
];
