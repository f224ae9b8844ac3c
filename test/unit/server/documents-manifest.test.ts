import { expect, it } from 'vitest';
import { readManifest } from '../../../src/server/documents-manifest.ts';

function documentsIn(manifest: unknown): Readonly<Record<string, string>> {
  const text = typeof manifest === 'string' ? manifest : JSON.stringify(manifest);
  return Object.fromEntries(readManifest(text, (words) => new Error(`FILE ${words}`)));
}

it('takes texts by name, as graphql-codegen writes them', () => {
  expect(documentsIn({ 'sha256:ab': '{ a }', x: '{ b }' })).toEqual({ 'sha256:ab': '{ a }', x: '{ b }' });
  expect(documentsIn({})).toEqual({});
});

it("takes Apollo's list of operations", () => {
  const operations = [{ id: 'ab', name: 'A', type: 'query', body: 'query A { a }' }];
  expect(documentsIn({ format: 'apollo-persisted-query-manifest', version: 1, operations })).toEqual({
    ab: 'query A { a }',
  });
});

it.each<[string, unknown, string]>([
  ['no JSON', '{', 'FILE is no JSON object'],
  ['a list', [], 'FILE is no JSON object'],
  ['a document that is no text', { a: '{ a }', b: 1 }, 'FILE has no text for "b"'],
  ['a document without a name', { '': '{ a }' }, 'FILE has a document without a name'],
  ['no operations', { format: 'apollo-persisted-query-manifest' }, 'FILE has no list of operations'],
  [
    'an operation without an id',
    { format: 'apollo-persisted-query-manifest', operations: [{ body: '{ a }' }] },
    'FILE has an operation without an id',
  ],
  [
    'an operation without a body',
    { format: 'apollo-persisted-query-manifest', operations: [{ id: 'a' }] },
    'FILE has no text for "a"',
  ],
])('refuses %s', (_, manifest, message) => {
  expect(() => documentsIn(manifest)).toThrow(message);
});
