import {
  alternativesOf,
  nodeAt,
  refOf,
  resolved,
  type SchemaNode,
  type SchemaNodes,
  textAt,
} from './schema-node.ts';

/** Further reading, as OpenAPI has it. */
export interface ExternalDocs {
  readonly description: string | undefined;
  readonly url: string | undefined;
}

/** Every description on the way to what a schema stands for, its own first, each with a line break behind it. */
export function descriptionOf(
  node: SchemaNode,
  schemas: SchemaNodes,
  seen: ReadonlySet<string> = new Set(),
): string {
  const ref = refOf(node);
  // A list of itself: Kubernetes has none, but nothing forbids it.
  if (ref !== undefined && seen.has(ref)) return '';
  const next = ref === undefined ? seen : new Set([...seen, ref]);
  const target = resolved(node, schemas);
  const own = textAt(target, 'description');
  const further = [
    ...alternativesOf(target),
    nodeAt(target, 'items'),
    nodeAt(target, 'additionalProperties'),
  ];
  return [
    own === undefined ? '' : `${own}\n`,
    ...further.map((each) => (each === undefined ? '' : descriptionOf(each, schemas, next))),
  ].join('');
}

export function externalDocsOf(node: SchemaNode): ExternalDocs | undefined {
  const docs = nodeAt(node, 'externalDocs');
  return docs && { description: textAt(docs, 'description'), url: textAt(docs, 'url') };
}
