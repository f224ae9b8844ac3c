import { isJsonObject } from '../../util/json.ts';

/**
 * A schema of an OpenAPI document as it came. Aggregated APIs write their documents themselves, so nothing about one is
 * taken for granted: what does not have the form that is expected is as good as absent.
 */
export type SchemaNode = Readonly<Record<string, unknown>>;

/** A document's named schemas. */
export type SchemaNodes = Readonly<Record<string, unknown>>;

const REF_PREFIX = '#/components/schemas/';

export function schemaNodesOf(document: unknown): SchemaNodes {
  const components = isJsonObject(document) ? document['components'] : undefined;
  const schemas = isJsonObject(components) ? components['schemas'] : undefined;
  return isJsonObject(schemas) ? schemas : {};
}

/** The schema under a key; undefined for `true`, and for an empty one, which says as little. */
export function nodeAt(node: SchemaNode, key: string): SchemaNode | undefined {
  const value = Object.hasOwn(node, key) ? node[key] : undefined;
  return isJsonObject(value) && Object.keys(value).length > 0 ? value : undefined;
}

export function listAt(node: SchemaNode, key: string): readonly unknown[] {
  const value = node[key];
  return Array.isArray(value) ? value : [];
}

/** Undefined for an empty text, too. */
export function textAt(node: SchemaNode, key: string): string | undefined {
  const value = node[key];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function alternativesOf(node: SchemaNode): readonly SchemaNode[] {
  return listAt(node, 'allOf').filter(isJsonObject);
}

/** What the elements of a list, or the values of a map, are. */
export function elementsOf(node: SchemaNode): SchemaNode | undefined {
  return nodeAt(node, 'items') ?? nodeAt(node, 'additionalProperties');
}

/** The schemas beside a schema's own fields that an object, or the objects in a list or map, may have fields from. */
export function furtherOf(node: SchemaNode): readonly SchemaNode[] {
  const within = [nodeAt(node, 'items'), nodeAt(node, 'additionalProperties')];
  return [...alternativesOf(node), ...within.filter((each) => each !== undefined)];
}

export function refOf(node: SchemaNode): string | undefined {
  return textAt(node, '$ref');
}

/** The schema that a reference stands for; the node itself when it is none, or leads nowhere. */
export function resolved(node: SchemaNode, schemas: SchemaNodes): SchemaNode {
  const ref = refOf(node);
  const target =
    ref?.startsWith(REF_PREFIX) === true ? nodeAt(schemas, ref.slice(REF_PREFIX.length)) : undefined;
  return target ?? node;
}
