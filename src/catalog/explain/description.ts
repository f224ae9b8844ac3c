import { Budget } from './budget.ts';
import {
  furtherOf,
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

/** Characters, and schemas that they come from. The longest description of Kubernetes has some 4,000. */
const MAX_CHARACTERS = 200_000;

/**
 * Every description on the way to what a schema stands for, its own first, each with a line break behind it. Throws
 * RESULT_TOO_LARGE where there is no end of them.
 */
export function descriptionOf(node: SchemaNode, schemas: SchemaNodes): string {
  const found: string[] = [];
  collect({ schemas, found, budget: new Budget(MAX_CHARACTERS), within: new Set() }, node);
  return found.map((each) => `${each}\n`).join('');
}

interface Collection {
  readonly schemas: SchemaNodes;
  readonly found: string[];
  readonly budget: Budget;
  /** The references on the way here. */
  readonly within: Set<string>;
}

function collect(collection: Collection, node: SchemaNode): void {
  const { schemas, found, budget, within } = collection;
  const ref = refOf(node);
  // A list of itself: Kubernetes has none, but nothing forbids it.
  if (ref !== undefined && within.has(ref)) return;
  if (ref !== undefined) within.add(ref);
  const target = resolved(node, schemas);
  const own = textAt(target, 'description');
  budget.spend(1 + (own?.length ?? 0));
  if (own !== undefined) found.push(own);
  for (const each of furtherOf(target)) collect(collection, each);
  if (ref !== undefined) within.delete(ref);
}

export function externalDocsOf(node: SchemaNode): ExternalDocs | undefined {
  const docs = nodeAt(node, 'externalDocs');
  return docs && { description: textAt(docs, 'description'), url: textAt(docs, 'url') };
}
