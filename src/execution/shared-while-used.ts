import type { FieldNode } from 'graphql';
import { compiledOnce, type SelectionContext } from './selections.ts';

/**
 * What subscribers with the same document share. It holds answers that it has made, so that it lives only as long as one of
 * them holds it: a plan outlives its subscribers.
 *
 * @param nodes of the root field.
 */
export function sharedWhileUsed<T extends object>(
  context: SelectionContext,
  nodes: readonly FieldNode[],
  make: () => T,
): T {
  const shared = compiledOnce<{ ref?: WeakRef<T> }>(context, nodes, () => ({}));
  const known = shared.ref?.deref();
  if (known !== undefined) return known;
  const made = make();
  shared.ref = new WeakRef(made);
  return made;
}
