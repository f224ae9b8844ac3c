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
 * and for a kind that the API server does not describe, RESULT_TOO_LARGE for too many fields, or ways to them.
 */
export function explain(schemas: SchemaNodes, target: PathTarget, recursive: boolean): Explanation {
  const { resource, head, fields: names } = target;
  const found = follow(schemas, kindNode(schemas, resource), names);
  if (found.depth < names.length) throw noSuchField(schemas, target, found);
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
  /** How many of the names lead to it. */
  readonly depth: number;
}

/**
 * Follows field names, through the elements of lists and maps, as far as they lead; the first alternative that leads
 * there counts. No reference is tried twice for the same name: what has led nowhere does so again.
 */
function follow(schemas: SchemaNodes, root: SchemaNode, names: readonly string[]): Found {
  let furthest: Found = { node: root, depth: 0 };
  const tried = new Set<string>();
  const leadsThere = (node: SchemaNode, depth: number): boolean => {
    const name = names[depth];
    if (name === undefined) return true;
    const ref = refOf(node);
    const attempt = `${depth} ${ref}`;
    if (ref !== undefined && tried.has(attempt)) return false;
    if (ref !== undefined) tried.add(attempt);
    const target = resolved(node, schemas);
    const property = nodeAt(nodeAt(target, 'properties') ?? {}, name);
    if (property !== undefined) {
      if (depth >= furthest.depth) furthest = { node: property, parent: target, depth: depth + 1 };
      return leadsThere(property, depth + 1);
    }
    const elements = elementsOf(target);
    if (elements !== undefined) return leadsThere(elements, depth);
    return alternativesOf(target).some((alternative) => leadsThere(alternative, depth));
  };
  leadsThere(root, 0);
  return furthest;
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
function noSuchField(schemas: SchemaNodes, { head, fields }: PathTarget, last: Found): KubegraphError {
  const where = pathOfSegments([...head, ...fields.slice(0, last.depth)]);
  const missing = fields[last.depth] as string;
  const siblings = fieldsOf(schemas, resolved(last.node, schemas), where, false).map(({ name }) => name);
  return new KubegraphError(
    'NOT_FOUND',
    `field ${JSON.stringify(missing)} does not exist in ${where}${suggestion(missing, siblings)}`,
  );
}
