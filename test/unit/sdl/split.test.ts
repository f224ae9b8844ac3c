import { describe, expect, it } from 'vitest';
import { baseSdl } from '../../../src/mapping/graphql/base-sdl.ts';
import { splitSdl } from '../../../src/sdl/split.ts';

describe('a document is split into its definitions, as they are written', () => {
  it.each<[string, string, Record<string, string>]>([
    ['one behind the other', 'scalar A scalar B', { A: 'scalar A', B: 'scalar B' }],
    [
      'with their descriptions, and without comments around them',
      '# first\n"of A"\nscalar A # after\n\n"""\nof B, a type Z\n"""\ntype B { "type" type: A } # last',
      { A: '"of A"\nscalar A', B: '"""\nof B, a type Z\n"""\ntype B { "type" type: A }' },
    ],
    [
      'types that are called as keywords are',
      'type type implements input & enum @a union union = type | scalar scalar scalar',
      {
        type: 'type type implements input & enum @a',
        union: 'union union = type | scalar',
        scalar: 'scalar scalar',
      },
    ],
    [
      'defaults and arguments of directives',
      'input A @x(y: "type B { b }", z: {b: [1]}) { a: [Int] = [1], b: A = {a: [1]} } enum B { type }',
      {
        A: 'input A @x(y: "type B { b }", z: {b: [1]}) { a: [Int] = [1], b: A = {a: [1]} }',
        B: 'enum B { type }',
      },
    ],
    [
      'the schema and directives',
      'schema { query: Q } directive @a(b: Int) repeatable on | FIELD | QUERY type Q { a: Int }',
      {
        '': 'schema { query: Q }',
        '@a': 'directive @a(b: Int) repeatable on | FIELD | QUERY',
        Q: 'type Q { a: Int }',
      },
    ],
    [
      'extensions with what they extend',
      'extend type A { b: Int } type A { a: Int }',
      { A: 'extend type A { b: Int }\n\ntype A { a: Int }' },
    ],
    ['nothing', '\n# nothing\n', {}],
  ])('%s', (_, text, definitions) => {
    expect(Object.fromEntries(splitSdl(text))).toEqual(definitions);
  });

  it('without a loss', () => {
    const withoutComments = baseSdl.replaceAll(/^#.*\n/gm, '').trim();
    expect([...splitSdl(baseSdl).values()].join('\n\n')).toBe(withoutComments);
  });
});

describe('what is no SDL is refused, at its place', () => {
  it.each([
    ['\n\nquery { a }', 'Unexpected "query"', 3, 1],
    ['scalar A\ntype B { a: Int', 'Unexpected <EOF>', 2, 16],
    ['scalar A\n}', 'Unexpected }', 2, 1],
    ['type {', 'Unexpected {', 1, 6],
    ['directive a on FIELD', 'Unexpected "a"', 1, 11],
    ['scalar A\nscalar %', '"%"', 2, 8],
    ['<!doctype html>', '"<"', 1, 1],
  ])('%j', (text, message, line, column) => {
    const located = { message: expect.stringContaining(message), locations: [{ line, column }] };
    expect(() => splitSdl(text)).toThrow(expect.objectContaining(located));
  });
});
