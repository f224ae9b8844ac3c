import { KubegraphError } from '../../errors/kubegraph-error.ts';
import { isJsonObject } from '../../util/json.ts';
import { apiVersionOf, type Resource } from '../resource.ts';
import { descriptionOf, type ExternalDocs, externalDocsOf } from './description.ts';
import { type ExplainedField, fieldOf, fieldsOf } from './fields.ts';
import type { PathTarget } from './find-resource.ts';
import { pathOfSegments } from './field-path.ts';
import {
  alternativesOf,
  elementsOf,
  listAt,
  nodeAt,
  refOf,
  resolved,
  type SchemaNode,
  type SchemaNodes,
} from './schema-node.ts';
import { suggestion } from './suggestions.ts';

/** What `kubectl explain` says about a resource's kind, or about one of its fields. */
export interface Explanation {
  readonly resource: Resource;
  /** Leads here again. */
  readonly path: string;
  /** Undefined for the kind itself. */
  readonly field: ExplainedField | undefined;
  /** Its own description and that of its type, each with a line break behind it. */
  readonly description: string;
  readonly externalDocs: ExternalDocs | undefined;
  /** The fields of the object, or of the objects in the list or map; those of them, too, when `recursive`. */
  readonly fields: readonly ExplainedField[];
  readonly recursive: boolean;
}

/**
 * Explains what `target` is about by the schemas of its group-version. Throws NOT_FOUND for a field that is not there
 * and for a kind that the API server does not describe, RESULT_TOO_LARGE for too many fields.
 */
export function explain(schemas: SchemaNodes, target: PathTarget, recursive: boolean): Explanation {
  const { resource, head, fields: names } = target;
  const found = descend(schemas, kindNode(schemas, resource), names);
  if (found === undefined) throw noSuchField(schemas, target);
  const node = resolved(found.node, schemas);
  const pathTo = pathOfSegments([...head, ...names]);
  return {
    resource,
    path: pathTo,
    field: found.parent && fieldOf(schemas, found.parent, names.at(-1) as string, pathTo, 0),
    description: descriptionOf(node, schemas),
    externalDocs: externalDocsOf(node),
    fields: fieldsOf(schemas, node, pathTo, recursive),
    recursive,
  };
}

/** A schema, and the object that it is a field of. */
interface Found {
  readonly node: SchemaNode;
  readonly parent?: SchemaNode;
}

/** Follows field names, through the elements of lists and maps; the first alternative that has them counts. */
function descend(
  schemas: SchemaNodes,
  node: SchemaNode,
  names: readonly string[],
  seen: ReadonlySet<string> = new Set(),
): Found | undefined {
  const [name, ...rest] = names;
  if (name === undefined) return { node };
  const ref = refOf(node);
  if (ref !== undefined && seen.has(ref)) return undefined;
  const next = ref === undefined ? seen : new Set([...seen, ref]);
  const target = resolved(node, schemas);
  const property = nodeAt(nodeAt(target, 'properties') ?? {}, name);
  if (property !== undefined) {
    return rest.length === 0 ? { node: property, parent: target } : descend(schemas, property, rest);
  }
  const elements = elementsOf(target);
  if (elements !== undefined) return descend(schemas, elements, names, next);
  for (const alternative of alternativesOf(target)) {
    const found = descend(schemas, alternative, names, next);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The schema of a kind. The API server marks it; a name would be a guess. */
function kindNode(schemas: SchemaNodes, { group, version, kind }: Resource): SchemaNode {
  const isMeant = (of: unknown): boolean =>
    isJsonObject(of) && of['group'] === group && of['version'] === version && of['kind'] === kind;
  for (const name of Object.keys(schemas).sort()) {
    const node = nodeAt(schemas, name);
    if (node !== undefined && listAt(node, 'x-kubernetes-group-version-kind').some(isMeant)) return node;
  }
  throw notDescribed({ group, version, kind });
}

/** For a kind without a schema, as aggregated APIs may have. */
export function notDescribed(of: Pick<Resource, 'group' | 'version' | 'kind'>): KubegraphError {
  return new KubegraphError('NOT_FOUND', `the API server does not describe ${apiVersionOf(of)} ${of.kind}`);
}

/** Names the first field that is missing. (kubectl names the last one of the path.) */
function noSuchField(schemas: SchemaNodes, { resource, head, fields }: PathTarget): KubegraphError {
  const root = kindNode(schemas, resource);
  const isThere = (length: number) => descend(schemas, root, fields.slice(0, length)) !== undefined;
  const known = fields.findIndex((_, index) => !isThere(index + 1));
  const parent = resolved((descend(schemas, root, fields.slice(0, known)) as Found).node, schemas);
  const where = pathOfSegments([...head, ...fields.slice(0, known)]);
  const missing = fields[known] as string;
  const siblings = fieldsOf(schemas, parent, where, false).map(({ name }) => name);
  return new KubegraphError(
    'NOT_FOUND',
    `field ${JSON.stringify(missing)} does not exist in ${where}${suggestion(missing, siblings)}`,
  );
}
