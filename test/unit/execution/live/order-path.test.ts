import { expect, it } from 'vitest';
import { parseOrderPath } from '../../../../src/execution/live/order-path.ts';

it.each([
  ['metadata.name', ['metadata', 'name']],
  ['.spec.replicas', ['spec', 'replicas']],
  ['metadata.labels["app.kubernetes.io/name"]', ['metadata', 'labels', 'app.kubernetes.io/name']],
  ['metadata.labels["a"].b', ['metadata', 'labels', 'a', 'b']],
  [String.raw`data["q\"]\\é"]`, ['data', String.raw`q"]\é`]],
  ['["a"]["b"]', ['a', 'b']],
  ['x-kubernetes-foo.$ref', ['x-kubernetes-foo', '$ref']],
])('%s leads through %j', (path, keys) => {
  expect(parseOrderPath(path)).toEqual(keys);
});

it.each([
  '',
  '.',
  'a.',
  'a..b',
  'a b',
  'a[b]',
  'a[0]',
  'a[*].b',
  'a["b"',
  'a["b\\x"]',
  'a[""]',
  '["a"]b',
  'a'.repeat(1_001),
  Array.from({ length: 33 }, () => 'a').join('.'),
])('%s is refused', (path) => {
  expect(() => parseOrderPath(path)).toThrow(/"orderBy".*is not the path of a field/);
});
