import { buildSchema, isSpecifiedScalarType, printType as printByGraphQL } from 'graphql';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TypeDefinition } from '../../../src/mapping/definitions/definitions.ts';
import { baseSdl } from '../../../src/mapping/graphql/base-sdl.ts';
import { printType } from '../../../src/sdl/print-type.ts';
import { definitionOf } from './support/definitions.ts';

/** Asserts that every type of a document is printed to the letter as graphql-js prints it. */
function expectAsGraphQL(sdl: string): void {
  const types = Object.values(buildSchema(sdl, { assumeValid: true }).getTypeMap()).filter(
    (type) => !isSpecifiedScalarType(type) && !type.name.startsWith('__'),
  );
  expect(types.length).toBeGreaterThan(0);
  for (const type of types) expect(printType(definitionOf(type))).toBe(printByGraphQL(type));
}

describe('a type is printed to the letter as graphql-js prints it', () => {
  it('every type of base.graphql', () => expectAsGraphQL(baseSdl));

  it.each([
    ['a scalar with its specification', 'scalar Date @specifiedBy(url: "https://example.test/a\\"b")'],
    ['interfaces', 'interface A { a: Int } interface B { a: Int } type C implements A & B { a: Int }'],
    ['arguments in one line', 'type A { b(c: Int, d: [String!]! = ["x"], e: E = ONE): Int } enum E { ONE }'],
    [
      'described arguments, one in each line',
      'type A { b("of c" c: Int, d: Int "of e" e: Int = 1): Int c: Int }',
    ],
    [
      'deprecations',
      'type A { b: Int @deprecated c(d: Int @deprecated(reason: "say \\"no\\"")): Int @deprecated(reason: "\\n") }',
    ],
    ['deprecated inputs', 'input A { b: Int = 3 @deprecated(reason: "x") "of c" c: [Int] = [1, 2] }'],
    ['an enum with described values', '"of E" enum E { "of A" A B "of C" C }'],
    ['a type without fields', 'type Nothing input None'],
    ['a description of several lines', 'type A { b: Int """\n one\n\n   two "quoted" """ c: Int }'],
  ])('%s', (_, sdl) => expectAsGraphQL(sdl));

  it('with any description', () => {
    const odd = fc.stringMatching(/^[a "\\\n\r\t\0#é\u{1F600}]{1,12}$/u);
    fc.assert(
      fc.property(fc.oneof(odd, fc.string({ minLength: 1 })), (description) => {
        const sdl = `${JSON.stringify(description)} type A { a: Int ${JSON.stringify(description)} b(${JSON.stringify(description)} c: Int): Int }`;
        expectAsGraphQL(sdl);
      }),
      { numRuns: 500 },
    );
  });
});

it('an empty description is none', () => {
  const type: TypeDefinition = { kind: 'SCALAR', name: 'A', description: '', specifiedBy: undefined };
  expect(printType(type)).toBe('scalar A');
});
