import { KubegraphError } from '../../errors/kubegraph-error.ts';
import { type ExternalDocs, externalDocsOf } from './description.ts';
import { pathOfSegments } from './field-path.ts';
import {
  alternativesOf,
  listAt,
  nodeAt,
  refOf,
  resolved,
  type SchemaNode,
  type SchemaNodes,
  textAt,
} from './schema-node.ts';
import { typeName } from './type-name.ts';

export interface ExplainedField {
  readonly name: string;
  /** Leads to it from the resource: `pods.spec.containers`. */
  readonly path: string;
  /** How deep it lies below what is explained, from 1. */
  readonly level: number;
  /** `string`, `[]Container`, `map[string]string`, `Object`. */
  readonly type: string;
  readonly required: boolean;
  /** The values that it may have; empty where the schema names none. */
  readonly enum: readonly unknown[];
  /** Its own, without that of its type. */
  readonly description: string | undefined;
  readonly externalDocs: ExternalDocs | undefined;
}

/** More than any kind is known to have, also with the fields of its fields. */
const MAX_FIELDS = 100_000;

/** The fields of an object, or of the objects in a list or map, in alphabetical order; each before its own fields. */
export function fieldsOf(
  schemas: SchemaNodes,
  node: SchemaNode,
  path: string,
  recursive: boolean,
): readonly ExplainedField[] {
  const fields: ExplainedField[] = [];
  collect({ schemas, recursive, fields }, node, path, 1, new Set());
  return fields;
}

interface Collection {
  readonly schemas: SchemaNodes;
  readonly recursive: boolean;
  readonly fields: ExplainedField[];
}

/** @param seen the references on the way here: a type that contains itself is left out the second time. */
function collect(
  collection: Collection,
  node: SchemaNode,
  path: string,
  level: number,
  seen: ReadonlySet<string>,
): void {
  const { schemas, recursive, fields } = collection;
  const ref = refOf(node);
  if (ref !== undefined && seen.has(ref)) return;
  const next = ref === undefined ? seen : new Set([...seen, ref]);
  const target = resolved(node, schemas);
  const properties = nodeAt(target, 'properties') ?? {};
  for (const name of Object.keys(properties).sort()) {
    const field = fieldOf(schemas, target, name, `${path}.${pathOfSegments([name])}`, level);
    if (fields.push(field) > MAX_FIELDS) throw tooManyFields();
    if (recursive) collect(collection, nodeAt(properties, name) ?? {}, field.path, level + 1, next);
  }
  const further = [
    ...alternativesOf(target),
    nodeAt(target, 'items'),
    nodeAt(target, 'additionalProperties'),
  ];
  for (const each of further) if (each !== undefined) collect(collection, each, path, level, next);
}

export function fieldOf(
  schemas: SchemaNodes,
  parent: SchemaNode,
  name: string,
  path: string,
  level: number,
): ExplainedField {
  const node = nodeAt(nodeAt(parent, 'properties') ?? {}, name) ?? {};
  return {
    name,
    path,
    level,
    type: typeName(node, schemas),
    required: listAt(parent, 'required').includes(name),
    enum: listAt(node, 'enum'),
    description: textAt(node, 'description'),
    externalDocs: externalDocsOf(node),
  };
}

function tooManyFields(): KubegraphError {
  const message = `there are more than ${MAX_FIELDS} fields: explain a part of them, or not recursively`;
  return new KubegraphError('RESULT_TOO_LARGE', message);
}
