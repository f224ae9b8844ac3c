import { KubegraphError } from '../../errors/kubegraph-error.ts';
import { Budget } from './budget.ts';
import { type ExternalDocs, externalDocsOf } from './description.ts';
import { pathOfSegments } from './field-path.ts';
import {
  furtherOf,
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

/** Schemas that are looked at for so many fields: each may stand behind a list and be one of several alternatives. */
const MAX_SCHEMAS = 3 * MAX_FIELDS;

/** The fields of an object, or of the objects in a list or map, in alphabetical order; each before its own fields. */
export function fieldsOf(
  schemas: SchemaNodes,
  node: SchemaNode,
  path: string,
  recursive: boolean,
): readonly ExplainedField[] {
  const fields: ExplainedField[] = [];
  const budget = new Budget(MAX_SCHEMAS);
  collect({ schemas, recursive, fields, budget, within: new Set() }, node, path, 1);
  return fields;
}

interface Collection {
  readonly schemas: SchemaNodes;
  readonly recursive: boolean;
  readonly fields: ExplainedField[];
  readonly budget: Budget;
  /** The references on the way here: a type that contains itself is left out the second time. */
  readonly within: Set<string>;
}

function collect(collection: Collection, node: SchemaNode, path: string, level: number): void {
  const { schemas, recursive, fields, budget, within } = collection;
  budget.spend(1);
  const ref = refOf(node);
  if (ref !== undefined && within.has(ref)) return;
  if (ref !== undefined) within.add(ref);
  const target = resolved(node, schemas);
  const properties = nodeAt(target, 'properties') ?? {};
  for (const name of Object.keys(properties).sort()) {
    const field = fieldOf(schemas, target, name, `${path}.${pathOfSegments([name])}`, level);
    if (fields.push(field) > MAX_FIELDS) throw tooManyFields();
    if (recursive) collect(collection, nodeAt(properties, name) ?? {}, field.path, level + 1);
  }
  for (const each of furtherOf(target)) collect(collection, each, path, level);
  if (ref !== undefined) within.delete(ref);
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
