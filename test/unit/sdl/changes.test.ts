import * as fc from 'fast-check';
import { buildSchema, findBreakingChanges, findDangerousChanges, GraphQLError } from 'graphql';
import { describe, expect, it } from 'vitest';
import { schemaChanges, type SchemaChange } from '../../../src/sdl/changes.ts';
import { sdlText } from '../../../src/sdl/write.ts';
import { printed } from './support/definitions.ts';

const BEFORE = `
  type Query { pods(first: Int, mode: Mode = ON): [Pod] pod(name: String!): Pod }
  "A pod."
  type Pod implements Named { name: String! phase: String spec: Spec old: Int }
  interface Named { name: String! }
  type Spec { nodeName: String weight: Float }
  input PodInput { name: String size: Int = 1 spec: SpecInput }
  input SpecInput { nodeName: String }
  enum Mode { ON OFF }
  scalar Date @specifiedBy(url: "https://example.test/1")
`;

/** The changes from BEFORE, as a cluster had printed it, to BEFORE with a replacement. */
async function changesAfter(search: string, replacement: string, options = {}): Promise<readonly string[]> {
  expect(BEFORE).toContain(search);
  const before = [...sdlText(await printed(BEFORE))].join('');
  const after = await printed(BEFORE.replace(search, replacement));
  return schemaChanges(before, after, options).map(({ level, message }) => `${level}: ${message}`);
}

describe('a change is told with its level', () => {
  it.each<[string, string, string, readonly string[]]>([
    ['nothing', 'enum', 'enum', []],
    ['a field that is gone', ' old: Int', '', ['breaking: Pod.old was removed.']],
    ['another type', 'old: Int', 'old: String', ['breaking: Pod.old changed type from Int to String.']],
    [
      'a type that promises less',
      'type Pod implements Named { name: String!',
      'type Pod implements Named { name: String',
      ['breaking: Pod.name changed type from String! to String.'],
    ],
    [
      'a type that promises more',
      'phase: String',
      'phase: String!',
      ['safe: Pod.phase changed type from String to String!.'],
    ],
    [
      'an argument that may be left out now',
      'name: String!): Pod',
      'name: String): Pod',
      ['safe: Query.pod arg name has changed type from String! to String.'],
    ],
    [
      'an argument that may not',
      'first: Int',
      'first: Int!',
      ['breaking: Query.pods arg first has changed type from Int to Int!.'],
    ],
    ['a new field', 'old: Int', 'old: Int new(a: Int): Int', ['safe: Pod.new was added.']],
    [
      'a new argument',
      'first: Int',
      'first: Int, last: Int',
      ['dangerous: An optional arg last on Query.pods was added.'],
    ],
    [
      'a new field of an input',
      'size: Int = 1',
      'size: Int = 1 new: Int',
      ['dangerous: An optional field new on input type PodInput was added.'],
    ],
    [
      'another default, of an enum that is the same',
      'mode: Mode = ON',
      'mode: Mode = OFF',
      ['dangerous: Query.pods arg mode has changed defaultValue from ON to OFF.'],
    ],
    [
      'a new default',
      'first: Int',
      'first: Int = 5',
      ['dangerous: Query.pods arg first has changed defaultValue from none to 5.'],
    ],
    [
      'another default of an input',
      'size: Int = 1',
      'size: Int = 2',
      ['dangerous: PodInput.size has changed defaultValue from 1 to 2.'],
    ],
    ['a value that is gone', 'ON OFF', 'ON', ['breaking: OFF was removed from enum type Mode.']],
    ['a new value', 'ON OFF', 'ON OFF AUTO', ['dangerous: AUTO was added to enum type Mode.']],
    ['a new type', 'enum Mode', 'type New { a: Int } enum Mode', ['safe: New was added.']],
    [
      'another kind of type',
      'scalar Date @specifiedBy(url: "https://example.test/1")',
      'type Date { a: Int }',
      ['breaking: Date changed from a Scalar type to an Object type.'],
    ],
    [
      'an interface that is gone',
      'Pod implements Named',
      'Pod',
      ['breaking: Pod no longer implements interface Named.'],
    ],
    [
      'another specification',
      'example.test/1',
      'example.test/2',
      ['safe: The specification of Date is another one.'],
    ],
    ['another description', '"A pod."', '"Some containers."', ['safe: Pod is described differently.']],
    [
      'the description of an argument',
      'first: Int',
      '"At most." first: Int',
      ['safe: Query.pods arg first is described differently.'],
    ],
    [
      'a deprecation',
      'old: Int',
      'old: Int @deprecated(reason: "use phase")',
      ['safe: Pod.old is deprecated: use phase'],
    ],
    [
      'the only use of a built-in scalar that comes or goes',
      'weight: Float',
      'weight: String',
      ['breaking: Spec.weight changed type from Float to String.'],
    ],
  ])('%s', async (_, search, replacement, changes) => {
    expect(await changesAfter(search, replacement)).toEqual(changes);
  });

  it('the end of a deprecation', async () => {
    const before = 'type Query { a: Int @deprecated(reason: "x") b: Int @deprecated(reason: "x") }';
    const after = await printed('type Query { a: Int b: Int @deprecated(reason: "y") }');
    expect(schemaChanges(before, after).map(({ message }) => message)).toEqual([
      'Query.a is no longer deprecated.',
      'Query.b is deprecated for another reason: y',
    ]);
  });

  it('the worst first', async () => {
    const after = await printed('type Query { b: Int c(d: Int): Int }');
    const changes = schemaChanges('type Query { a: Int c: Int }', after);
    expect(changes.map(({ type }) => type)).toEqual(['FIELD_REMOVED', 'OPTIONAL_ARG_ADDED', 'FIELD_ADDED']);
  });
});

it('descriptions can be left out of the comparison', async () => {
  const replacement = '"Some containers."\n  type Pod implements Named { name: String!';
  const changes = await changesAfter(
    '"A pod."\n  type Pod implements Named { name: String!',
    `${replacement} new: Int`,
    { descriptions: false },
  );
  expect(changes).toEqual(['safe: Pod.new was added.']);
});

it('a document that is written differently is compared by what it means', async () => {
  const before =
    '# by hand\nschema { query: Query } type Query{b:Int,a(x:Int=1):Int} extend type Query { c: Int }';
  expect(schemaChanges(before, await printed('type Query { a(x: Int = 1): Int b: Int c: Int }'))).toEqual([]);
});

describe('what is left out of both documents hides nothing', () => {
  const type = fc.constantFrom('Int', 'Float', 'A', 'B', '[A]', 'B!');
  const field = fc.record({ name: fc.constantFrom('a', 'b', 'c'), type, argument: fc.boolean() });
  const fields = fc
    .uniqueArray(field, { minLength: 1, selector: ({ name }) => name })
    .map((list) =>
      list
        .map(
          ({ name, type, argument }) =>
            `${name}${argument ? '(i: I = {e: ON}, e: E = ON, f: Float): ' : ': '}${type}`,
        )
        .join(' '),
    );
  const schema = fc
    .record({ query: fields, a: fields, b: fields, values: fc.constantFrom('ON', 'ON OFF', 'OFF ON') })
    .map(
      ({ query, a, b, values }) =>
        `type Query { ${query} } type A { ${a} } type B { ${b} } enum E { ${values} } input I { e: E }`,
    );

  it('graphql-js finds the same in whole schemas', async () => {
    await fc.assert(
      fc.asyncProperty(schema, schema, async (before, after) => {
        const old = [...sdlText(await printed(before))].join('');
        const found = schemaChanges(old, await printed(after)).filter(isTold);
        const [was, now] = [buildSchema(old), buildSchema([...sdlText(await printed(after))].join(''))];
        const whole = [...findBreakingChanges(was, now), ...findDangerousChanges(was, now)];
        expect(found.map(({ message }) => message).sort()).toEqual(
          whole
            .map(({ description }) => description)
            .filter((text) => !text.startsWith('Standard scalar'))
            .sort(),
        );
      }),
      { numRuns: 60 },
    );
  });

  function isTold({ level, message }: SchemaChange): boolean {
    return level !== 'safe' && !message.includes('defaultValue from none');
  }
});

describe('an old document that is none', () => {
  it.each([
    ['is refused when it is empty', '\n', [{ line: 2, column: 1 }]],
    ['is refused', 'query { a }', [{ line: 1, column: 1 }]],
    ['is refused inside a definition, at its place', 'scalar A\ntype Query { a }', [{ line: 2, column: 16 }]],
  ])('%s', async (_, before, locations) => {
    const after = await printed('type Query { a: Int } scalar A');
    expect(() => schemaChanges(before, after)).toThrow(GraphQLError);
    expect(() => schemaChanges(before, after)).toThrow(expect.objectContaining({ locations }));
  });

  it('that names what it does not define is refused', async () => {
    const after = await printed('type Query { a: Int }');
    expect(() => schemaChanges('type Query { a: Nowhere }', after)).toThrow('Unknown type: "Nowhere"');
  });
});
