import * as fc from 'fast-check';
import { defaultFieldResolver, execute, type GraphQLFieldResolver, parse } from 'graphql';
import { expect, it } from 'vitest';
import { KUBECONFIG_IDENTITY } from '../../../src/cluster/identity.ts';
import { fieldName } from '../../../src/mapping/names/naming.ts';
import { stubGroupVersion } from '../support/stub-resources.ts';
import { customOpenApi } from '../support/test-catalog.ts';
import { fullSchema } from '../support/full-schema.ts';
import { testEngine, type TestEngine } from '../support/test-engine.ts';

/** What a field of a custom resource holds. */
type Shape =
  | { readonly kind: 'leaf'; readonly schema: object; readonly value: fc.Arbitrary<unknown> }
  | { readonly kind: 'list'; readonly of: Shape }
  | { readonly kind: 'object'; readonly fields: Readonly<Record<string, Shape>> };

// Each key has a GraphQL name of its own; the first two need another than they have.
const KEYS = ['x-dash', '$ref', 'name', 'input', 'connection', 'naïve', 'a', 'b', 'c'];

const LEAF = fc.constantFrom<Shape>(
  { kind: 'leaf', schema: { type: 'string' }, value: fc.string({ unit: 'binary', maxLength: 8 }) },
  { kind: 'leaf', schema: { type: 'boolean' }, value: fc.boolean() },
  { kind: 'leaf', schema: { type: 'integer', format: 'int32' }, value: fc.integer() },
  { kind: 'leaf', schema: { type: 'integer' }, value: fc.maxSafeInteger() },
  { kind: 'leaf', schema: { type: 'number' }, value: fc.double({ noNaN: true, noDefaultInfinity: true }) },
  { kind: 'leaf', schema: { type: 'object' }, value: fc.jsonValue({ maxDepth: 2 }) },
  {
    kind: 'leaf',
    schema: { type: 'object', additionalProperties: { type: 'string' } },
    value: fc.dictionary(fc.string({ maxLength: 4 }), fc.string({ maxLength: 4 }), { maxKeys: 3 }),
  },
);

const { object: OBJECT } = fc.letrec<{ shape: Shape; object: Shape & { kind: 'object' } }>((tie) => ({
  shape: fc.oneof(
    { maxDepth: 2, depthSize: 'small' },
    LEAF,
    tie('object'),
    tie('shape').map((of): Shape => ({ kind: 'list', of })),
  ),
  object: fc
    .dictionary(fc.constantFrom(...KEYS), tie('shape'), { minKeys: 1, maxKeys: 5 })
    .map((fields) => ({ kind: 'object', fields })),
}));

function schemaOf(shape: Shape): object {
  if (shape.kind === 'leaf') return shape.schema;
  if (shape.kind === 'list') return { type: 'array', items: schemaOf(shape.of) };
  const entries = Object.entries(shape.fields).map(([key, field]) => [key, schemaOf(field)]);
  return { type: 'object', properties: Object.fromEntries(entries) };
}

/** Values that fit the shape; any of them may be null, and any key absent. */
function valueOf(shape: Shape): fc.Arbitrary<unknown> {
  if (shape.kind === 'leaf') return fc.option(shape.value, { freq: 8 });
  if (shape.kind === 'list') return fc.option(fc.array(valueOf(shape.of), { maxLength: 3 }), { freq: 8 });
  return fc.option(recordOf(shape.fields), { freq: 8 });
}

function recordOf(fields: Readonly<Record<string, Shape>>): fc.Arbitrary<object> {
  const values = Object.fromEntries(Object.entries(fields).map(([key, field]) => [key, valueOf(field)]));
  return fc.record(values, { requiredKeys: [] });
}

/** A selection on an object: fields, some under aliases, some in fragments, some behind directives. */
function selectionOf(fields: Readonly<Record<string, Shape>>): fc.Arbitrary<string> {
  const one = fc
    .constantFrom(...Object.keys(fields))
    .chain((key) => fieldSelection(key, fields[key] as Shape));
  const typeName = fc.constantFrom('__typename', 't: __typename');
  const entry = fc
    .tuple(fc.oneof({ arbitrary: one, weight: 6 }, typeName), fc.constantFrom('', '', '', ...WRAPPERS))
    .map(([selection, wrapper]) => (wrapper === '' ? selection : wrapper.replace('_', selection)));
  return fc.array(entry, { minLength: 1, maxLength: 5 }).map((entries) => `${entries.join(' ')} __typename`);
}

const WRAPPERS = [
  '... { _ }',
  '... @include(if: $yes) { _ }',
  '... @include(if: $no) { _ }',
  '... @skip(if: $no) { _ }',
];

function fieldSelection(key: string, shape: Shape): fc.Arbitrary<string> {
  const leaf = shape.kind === 'list' ? innermost(shape) : shape;
  const below =
    leaf.kind === 'object' ? selectionOf(leaf.fields).map((text) => ` { ${text} }`) : fc.constant('');
  const name = fieldName(key);
  // An alias that is made of the name cannot clash with that of another field.
  return fc.tuple(fc.constantFrom('', `_${name}: `), below).map(([alias, text]) => `${alias}${name}${text}`);
}

function innermost(shape: Shape): Shape {
  return shape.kind === 'list' ? innermost(shape.of) : shape;
}

const CASE = OBJECT.chain((spec) =>
  fc.record({ spec: fc.constant(spec), value: recordOf(spec.fields), selection: selectionOf(spec.fields) }),
);

/** Installs a resource `things` whose objects' spec has the shape, and one object of it. */
async function install(engine: TestEngine, spec: Shape, value: object): Promise<object> {
  const openApi = customOpenApi('example.com', 'v1', { Thing: { spec: schemaOf(spec) } });
  const things = stubGroupVersion('example.com', 'v1', { Thing: 'things' }, { openApi });
  engine.stub.cluster = [things];
  const object = { metadata: { name: 'it', namespace: 'here' }, spec: value };
  for (const resource of things.resources) engine.stub.collection(resource).put(object);
  engine.advance(2_000);
  await engine.catalogs.refresh(KUBECONFIG_IDENTITY);
  return object;
}

/** How a field of the schema in full is read from a parsed object. */
const resolveField: GraphQLFieldResolver<unknown, unknown> = (source, args, context, info) => {
  const binding = info.parentType.getFields()[info.fieldName]?.extensions.source;
  if (binding !== undefined && 'key' in binding) return (source as Record<string, unknown>)[binding.key];
  return defaultFieldResolver(source, args, context, info);
};

it('answers what graphql-js answers over the parsed object, byte for byte', async () => {
  const engine = await testEngine({ cluster: [] });
  const variables = { yes: true, no: false };
  await fc.assert(
    fc.asyncProperty(CASE, async ({ spec, value, selection }) => {
      const query = `query ($yes: Boolean = true, $no: Boolean = false) {
        thing(namespace: "here", name: "it") {
          metadata { name @skip(if: $no) uid @include(if: $yes) }
          spec { ${selection} }
        }
      }`;
      const object = await install(engine, spec, value);
      const schema = await fullSchema(await engine.engine.schemaFor(KUBECONFIG_IDENTITY));
      const expected = await execute({
        schema,
        document: parse(query),
        variableValues: variables,
        rootValue: { thing: JSON.parse(JSON.stringify(object)) as unknown },
        fieldResolver: resolveField,
      });
      expect(expected.errors).toBeUndefined();
      expect((await engine.run(query, { variables })).text).toBe(JSON.stringify({ data: expected.data }));
    }),
    { numRuns: 60 },
  );
});
