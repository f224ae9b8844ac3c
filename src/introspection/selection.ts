import {
  type FieldNode,
  getArgumentValues,
  getNamedType,
  type GraphQLField,
  type GraphQLObjectType,
  isObjectType,
  SchemaMetaFieldDef,
  type SelectionSetNode,
  TypeMetaFieldDef,
} from 'graphql';
import { KubegraphError } from '../errors/kubegraph-error.ts';

/** What is selected on one of the introspection types, with nothing left open: no fragments, directives or variables. */
export interface Selection {
  readonly typeName: string;
  readonly fields: readonly SelectedField[];
  /** Equal for selections that are answered alike. */
  readonly key: string;
}

export interface SelectedField {
  readonly name: string;
  /** `"responseName":`, as it stands before the value. */
  readonly label: string;
  readonly includeDeprecated: boolean;
  /** Undefined for fields that have no fields. */
  readonly selection: Selection | undefined;
}

/** `__schema` or `__type`, as an operation selects it. */
export type IntrospectionField =
  | { readonly name: '__schema'; readonly selection: Selection }
  | { readonly name: '__type'; readonly typeName: string; readonly selection: Selection };

/** What an operation is read with: its variables, and who flattens its fragments. */
export interface SelectionReader {
  readonly variables: Readonly<Record<string, unknown>>;
  readonly collect: (
    type: GraphQLObjectType,
    sets: readonly SelectionSetNode[],
  ) => ReadonlyMap<string, readonly FieldNode[]>;
}

/**
 * Compiles an introspection field. Throws BAD_USER_INPUT for one that asks for the same several times over: sixty aliases
 * of `fields` multiply an answer that is large already.
 *
 * @param nodes of one field with one response name; validation has passed them.
 */
export function compileIntrospection(
  reader: SelectionReader,
  name: '__schema' | '__type',
  nodes: readonly FieldNode[],
): IntrospectionField {
  const meta = name === '__schema' ? SchemaMetaFieldDef : TypeMetaFieldDef;
  const selection = compileSelection(reader, getNamedType(meta.type) as GraphQLObjectType, nodes, 1);
  if (name === '__schema') return { name, selection };
  const args = getArgumentValues(meta, nodes[0] as FieldNode, reader.variables);
  return { name, typeName: String(args['name']), selection };
}

/** Tools ask for `fields` with and without what is deprecated, and perhaps for the arguments, too. */
const MAX_REPEATS = 4;

function compileSelection(
  reader: SelectionReader,
  type: GraphQLObjectType,
  nodes: readonly FieldNode[],
  repeats: number,
): Selection {
  const sets = nodes.flatMap(({ selectionSet }) => (selectionSet === undefined ? [] : [selectionSet]));
  const collected = [...reader.collect(type, sets)];
  const nameOf = (of: readonly FieldNode[]): string => (of[0] as FieldNode).name.value;
  const fields = collected.map(([responseName, own]) => {
    const name = nameOf(own);
    const alike = collected.filter(([, other]) => nameOf(other) === name).length;
    return compileField(reader, type.getFields()[name], responseName, own, repeats * alike);
  });
  const key = fields.map((field) => `${field.label}${keyOf(field)}`).join(',');
  return { typeName: type.name, fields, key: `{${key}}` };
}

/** @param repeats how many times the answer has this field where a plain one would have it once. */
function compileField(
  reader: SelectionReader,
  definition: GraphQLField<unknown, unknown> | undefined,
  responseName: string,
  nodes: readonly FieldNode[],
  repeats: number,
): SelectedField {
  const label = `${JSON.stringify(responseName)}:`;
  if (definition === undefined)
    return { name: '__typename', label, includeDeprecated: false, selection: undefined };
  const { name } = definition;
  const type = getNamedType(definition.type);
  const args = getArgumentValues(definition, nodes[0] as FieldNode, reader.variables);
  const includeDeprecated = args['includeDeprecated'] === true;
  if (!isObjectType(type)) return { name, label, includeDeprecated, selection: undefined };
  if (repeats > MAX_REPEATS) {
    throw new KubegraphError('BAD_USER_INPUT', `introspection asks for "${name}" too many times`);
  }
  const selection = compileSelection(reader, type, nodes, repeats);
  return { name, label, includeDeprecated, selection };
}

function keyOf({ name, includeDeprecated, selection }: SelectedField): string {
  return `${name}${includeDeprecated ? '!' : ''}${selection?.key ?? ''}`;
}

/** What a type's kind and name do not answer. */
const DEFINED: ReadonlySet<string> = new Set([
  'description',
  'fields',
  'interfaces',
  'enumValues',
  'inputFields',
  'specifiedByURL',
]);

/** Whether a selection on a type shows more of it than its kind and name. */
export function needsDefinition({ fields }: Selection): boolean {
  return fields.some(({ name }) => DEFINED.has(name));
}

/** The selection on a field that has fields. */
export function below({ selection, name }: SelectedField): Selection {
  if (selection === undefined) throw new Error(`nothing is selected on ${name}`);
  return selection;
}
