import { difference, intersection, union, type Fields } from './field-set.ts';
import { fieldsOf } from './fields-of.ts';
import { remove } from './remove.ts';
import type { Shape } from './shape.ts';
import { entryShape } from './values.ts';

export interface Claims {
  /** What the manager applied the time before. */
  readonly last: Fields;
  /** What any manager owns now, the applying one included. */
  readonly owned: Fields;
}

/**
 * `merged` without what the manager applied before, no longer does, and nobody else owns.
 *
 * A struct that nobody owns any part of goes with its fields, those included that nobody ever owned (defaults). So a set
 * that has a field is taken to have the structs around it, but not the maps and list items.
 */
export function prune(shape: Shape, merged: unknown, { last, owned }: Claims): unknown {
  const fields = (value: unknown): Fields => withStructs(shape, fieldsOf(shape, value));
  const lastWithStructs = withStructs(shape, last);
  const all = fields(merged);
  const withoutLast = remove(shape, merged, lastWithStructs);
  const claimed = union(fields(withoutLast), withStructs(shape, owned));
  const withOwned = remove(shape, merged, difference(all, claimed));
  const missing = difference(all, fields(withOwned));
  return remove(shape, merged, intersection(missing, lastWithStructs));
}

function withStructs(shape: Shape | undefined, fields: Fields): Fields {
  const { map, list } = shape ?? {};
  const structs = [...fields.children.keys()].filter(
    (element) => element.startsWith('f:') && map?.fields.has(element.slice(2)),
  );
  const children = [...fields.children].map(([element, child]) => {
    const inner = element.startsWith('f:') ? map && entryShape(map, element.slice(2)) : list?.items();
    return [element, withStructs(inner, child)] as const;
  });
  return { members: new Set([...fields.members, ...structs]), children: new Map(children) };
}
