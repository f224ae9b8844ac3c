import { merge, apply, strategic, type Scenario } from './scenario.ts';

/** Of a kind that is not served, as the garbage collector would remove what belongs to a missing object. */
const OWNER = {
  apiVersion: 'example.com/v1',
  kind: 'Widget',
  name: 'o',
  uid: '11111111-2222-3333-4444-555555555555',
};

/** What every object has, and what is refused. */
export const metadataScenarios: readonly Scenario[] = [
  {
    title: 'refusals',
    kind: 'ConfigMap',
    steps: [
      apply('refuses unknown fields', 'alice', { foo: 1 }),
      apply('refuses values of the wrong type', 'alice', { data: { a: 1, b: true } }),
      apply('refuses a scalar for a map', 'alice', { data: 'x' }),
      apply('refuses a list for a map', 'alice', { data: ['x'] }),
      apply('refuses managed fields', 'alice', { metadata: { managedFields: [] } }),
      apply('refuses duplicate set members', 'alice', {
        metadata: { finalizers: ['example.com/a', 'example.com/a'] },
      }),
      apply('refuses a map for a list', 'alice', { metadata: { finalizers: { a: 'b' } } }),
      apply('refuses a string for a boolean', 'alice', { immutable: 'true' }),
      apply('allows null managed fields', 'alice', { metadata: { managedFields: null }, data: { a: '1' } }),
      apply('refuses unknown fields of an object that is there', 'alice', { data: { a: '1' }, foo: 1 }),
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
      strategic('merges owner references', {
        metadata: { ownerReferences: [{ uid: OWNER.uid, controller: true }] },
      }),
      apply('refuses what is no name of a set', 'alice', { metadata: { finalizers: [null] } }),
      apply('refuses maps in sets', 'alice', { metadata: { finalizers: [{}] } }),
      apply('refuses what is no item', 'alice', { metadata: { ownerReferences: ['x'] } }),
      apply('refuses null items', 'alice', { metadata: { ownerReferences: [null] } }),
      apply('refuses a number for a string', 'alice', { metadata: { labels: { a: 1.5 } } }),
      apply('refuses a map for a string', 'alice', { data: { a: { b: ['c', null, 1] } } }),
    ],
  },
];
