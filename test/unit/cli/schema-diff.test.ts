import { expect, it } from 'vitest';
import { diffSchema, type FailOn } from '../../../src/cli/schema-diff.ts';
import { testDirectory } from '../cluster/support/directory.ts';
import { printed } from '../sdl/support/definitions.ts';

const NOW = 'type Query { a(b: Int = 1): Int c: Int }';
const SAFE = 'type Query { a(b: Int = 1): Int }';
const DANGEROUS = 'type Query { a(b: Int = 2): Int c: Int }';
const BREAKING = 'type Query { a(b: Int = 1): Int c: Int d: Int }';

it.each<[string, string, FailOn, number]>([
  ['no', NOW, 'any', 0],
  ['a safe', SAFE, 'breaking', 0],
  ['a safe', SAFE, 'dangerous', 0],
  ['a safe', SAFE, 'any', 1],
  ['a dangerous', DANGEROUS, 'breaking', 0],
  ['a dangerous', DANGEROUS, 'dangerous', 1],
  ['a dangerous', DANGEROUS, 'any', 1],
  ['a breaking', BREAKING, 'breaking', 1],
  ['a breaking', BREAKING, 'dangerous', 1],
  ['a breaking', BREAKING, 'any', 1],
])('%s change since %j with --fail-on %s has exit code %i', async (_, before, failOn, exitCode) => {
  const file = testDirectory().write('old.graphql', before);
  expect(await diffSchema(await printed(NOW), { file, format: 'text', failOn })).toMatchObject({ exitCode });
});
