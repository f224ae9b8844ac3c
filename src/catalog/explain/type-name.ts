import {
  alternativesOf,
  nodeAt,
  refOf,
  resolved,
  type SchemaNode,
  type SchemaNodes,
  textAt,
} from './schema-node.ts';

/** A schema's type as kubectl prints it: `string`, `[]Container`, `map[string]Quantity`, `Object`. */
export function typeName(node: SchemaNode, schemas: SchemaNodes): string {
  const items = nodeAt(node, 'items');
  if (items !== undefined) return `[]${typeName(items, schemas)}`;
  const values = nodeAt(node, 'additionalProperties');
  if (values !== undefined) return `map[string]${typeName(values, schemas)}`;
  const [only, ...others] = alternativesOf(node);
  if (only !== undefined && others.length === 0 && nodeAt(node, 'properties') === undefined) {
    return typeName(only, schemas);
  }
  const ref = refOf(node);
  return ref === undefined ? ownType(node) : referencedType(ref, node, schemas);
}

function ownType(node: SchemaNode): string {
  const type = textAt(node, 'type') ?? 'object';
  return type === 'object' ? 'Object' : type;
}

/** Objects go by the last part of their name, anything else by what it is: a `Time` is a `string`. */
function referencedType(ref: string, node: SchemaNode, schemas: SchemaNodes): string {
  const target = resolved(node, schemas);
  const type = target === node ? 'object' : (textAt(target, 'type') ?? 'object');
  return type === 'object' ? (/[^./]+$/.exec(ref)?.[0] ?? 'Object') : type;
}
