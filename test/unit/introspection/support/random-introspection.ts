import * as fc from 'fast-check';
import {
  getNamedType,
  getNullableType,
  type GraphQLField,
  type GraphQLObjectType,
  isListType,
  isObjectType,
  SchemaMetaFieldDef,
  TypeMetaFieldDef,
} from 'graphql';

/** graphql-js refuses three of these inside each other. */
const MAX_LISTS = 2;

const LISTS: ReadonlySet<string> = new Set(['fields', 'interfaces', 'possibleTypes', 'inputFields']);

/** Fields that are selected together, and levels of them. */
const MAX_FIELDS = 4;
const MAX_DEPTH = 6;

/** Valid operations of one introspection field with a variable `flag`: aliases, fragments, arguments and directives. */
export function randomIntrospection(): fc.Arbitrary<string> {
  const schema = selectionOn(getNamedType(SchemaMetaFieldDef.type) as GraphQLObjectType, 0, 0);
  const type = selectionOn(getNamedType(TypeMetaFieldDef.type) as GraphQLObjectType, 0, 0);
  const name = fc.constantFrom(
    'APod',
    'BClaim',
    'KubernetesObject',
    'Query',
    'Color',
    'APodInput',
    '__Field',
    'Both',
  );
  return fc
    .oneof(
      schema.map((selection) => `__schema ${selection}`),
      fc.tuple(name, type).map(([of, selection]) => `__type(name: "${of}") ${selection}`),
    )
    .map((field) => field.replace('{', '{ flag: __typename @skip(if: $flag)'))
    .map((field) => `query ($flag: Boolean!) { ${field} }`);
}

function selectionOn(type: GraphQLObjectType, depth: number, lists: number): fc.Arbitrary<string> {
  const fields = Object.values(type.getFields()).filter((field) => fits(field, depth, lists));
  // Each at most once: what asks for the same over and over is refused.
  return fc.shuffledSubarray(fields, { minLength: 1, maxLength: MAX_FIELDS }).chain((some) => {
    const selections = some.map((field) => wrapped(type, selected(field, depth, lists)));
    return fc.tuple(...selections).map((texts) => ['{ __typename', ...texts, '}'].join(' '));
  });
}

/** A field as it is, or in a fragment. */
function wrapped({ name }: GraphQLObjectType, field: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const wrapping = fc.constantFrom('', '', `... on ${name}`, '...');
  return fc
    .tuple(wrapping, directive(), field)
    .map(([around, at, text]) => (around === '' ? text : `${around} ${at} { ${text} }`));
}

function fits({ name, type }: GraphQLField<unknown, unknown>, depth: number, lists: number): boolean {
  const isComposite = isObjectType(getNamedType(type));
  return (!isComposite || depth < MAX_DEPTH) && !(LISTS.has(name) && lists >= MAX_LISTS);
}

function selected(field: GraphQLField<unknown, unknown>, depth: number, lists: number): fc.Arbitrary<string> {
  const hasArgument = field.args.some(({ name }) => name === 'includeDeprecated');
  const values =
    isListType(getNullableType(field.type)) && hasArgument ? ['', 'true', 'false', '$flag'] : [''];
  const head = fc
    .tuple(fc.constantFrom('', '', `${field.name}_: `), fc.constantFrom(...values), directive())
    .map(
      ([alias, value, at]) =>
        `${alias}${field.name}${value === '' ? '' : `(includeDeprecated: ${value})`} ${at}`,
    );
  const type = getNamedType(field.type);
  if (!isObjectType(type)) return head;
  const below = selectionOn(type, depth + 1, lists + (LISTS.has(field.name) ? 1 : 0));
  return fc.tuple(head, below).map(([text, selection]) => `${text} ${selection}`);
}

function directive(): fc.Arbitrary<string> {
  return fc.constantFrom('', '', '', '@include(if: $flag)', '@skip(if: $flag)', '@include(if: true)');
}
