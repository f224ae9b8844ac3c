import { fieldElement, type Element, type Path } from './elements.ts';
import { FieldCollector, type Fields } from './field-set.ts';
import type { ListShape, MapShape, Shape } from './shape.ts';
import { entryShape, isEqual, isList, isMap, itemsByElement, viewOf, type View } from './values.ts';

/** What distinguishes two values of a shape. */
export interface Comparison {
  readonly added: Fields;
  readonly modified: Fields;
  readonly removed: Fields;
}

interface Differences extends Comparison {
  readonly added: FieldCollector;
  readonly modified: FieldCollector;
  readonly removed: FieldCollector;
}

/** From `before` to `after`. Undefined values are absent ones; null is a value. */
export function compare(shape: Shape, before: unknown, after: unknown): Comparison {
  const found = {
    added: new FieldCollector(),
    modified: new FieldCollector(),
    removed: new FieldCollector(),
  };
  compareValues(shape, before, after, [], found);
  return found;
}

function compareValues(shape: Shape, before: unknown, after: unknown, path: Path, found: Differences): void {
  const view = viewOf(shape, after ?? before);
  if (viewOf(shape, before ?? after).kind !== view.kind) {
    // What was a map and is now a scalar: nothing of the one is in the other.
    compareValues(shape, before, undefined, path, found);
    compareValues(shape, undefined, after, path, found);
    return;
  }
  if (isLeaf(view, before, after)) {
    compareLeaves(before, after, path, found);
    return;
  }
  if (view.kind === 'map') compareMaps(view.map, before, after, path, found);
  if (view.kind === 'list') compareLists(view.list, before, after, path, found);
  if (before === undefined) found.added.add(path);
  else if (after === undefined) found.removed.add(path);
}

/** Two empty containers are compared as values, since null and empty are not the same. */
function isLeaf(view: View, before: unknown, after: unknown): boolean {
  switch (view.kind) {
    case 'scalar':
      return true;
    case 'list':
      return view.list.isAtomic || (itemsOf(before).length === 0 && itemsOf(after).length === 0);
    case 'map':
      return (
        view.map.isAtomic || (entriesOf(view.map, before).size === 0 && entriesOf(view.map, after).size === 0)
      );
  }
}

function compareLeaves(before: unknown, after: unknown, path: Path, found: Differences): void {
  if (before === undefined) found.added.add(path);
  else if (after === undefined) found.removed.add(path);
  else if (!isEqual(before, after)) found.modified.add(path);
}

function compareMaps(map: MapShape, before: unknown, after: unknown, path: Path, found: Differences): void {
  const [left, right] = [entriesOf(map, before), entriesOf(map, after)];
  for (const name of new Set([...left.keys(), ...right.keys()])) {
    const shape = entryShape(map, name);
    const entryPath = [...path, fieldElement(name)];
    if (isMap(before) && isMap(after) && isAbsentOnBothSides(map, name, left, right)) continue;
    if (shape !== undefined) compareValues(shape, left.get(name), right.get(name), entryPath, found);
  }
}

function isAbsentOnBothSides(map: MapShape, name: string, left: Entries, right: Entries): boolean {
  const isAbsent = (entries: Entries): boolean => (entries.get(name) ?? null) === null;
  return isAbsent(left) && isAbsent(right) && map.fields.get(name)?.isAbsentIfNull === true;
}

type Entries = ReadonlyMap<string, unknown>;

/** With the fields that a Go type always has. */
function entriesOf(map: MapShape, value: unknown): Entries {
  if (!isMap(value)) return new Map();
  const implied = [...map.fields].map(([name, field]) => [name, field.implied()] as const);
  const given = Object.entries(value);
  return new Map([...implied, ...given].filter(([, entry]) => entry !== undefined));
}

function itemsOf(value: unknown): readonly unknown[] {
  return isList(value) ? value : [];
}

function compareLists(
  list: ListShape,
  before: unknown,
  after: unknown,
  path: Path,
  found: Differences,
): void {
  const [left, right] = [itemsByElement(list, itemsOf(before)), itemsByElement(list, itemsOf(after))];
  for (const element of new Set([...left.keys(), ...right.keys()])) {
    compareItems(list, element, left.get(element) ?? [], right.get(element) ?? [], path, found);
  }
}

/** Items that look the same are one field; its children count only where there is one item of its kind. */
function compareItems(
  list: ListShape,
  element: Element,
  before: readonly unknown[],
  after: readonly unknown[],
  path: Path,
  found: Differences,
): void {
  const itemPath = [...path, element];
  if (before.length <= 1 && after.length <= 1) {
    compareValues(list.items(), before[0], after[0], itemPath, found);
  } else if (before.length > 1 && after.length > 1) {
    if (!isEqual(before, after)) found.modified.add(itemPath);
  } else if (before.length > 1) {
    if (after.length > 0) compareValues(list.items(), undefined, after[0], itemPath, found);
    found.removed.add(itemPath);
  } else {
    if (before.length > 0) compareValues(list.items(), before[0], undefined, itemPath, found);
    found.added.add(itemPath);
  }
}
