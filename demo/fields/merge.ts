import type { Element } from './elements.ts';
import type { ListShape, MapShape, Shape } from './shape.ts';
import { entryShape, isList, isMap, itemElement, viewOf } from './values.ts';

/**
 * `patch` merged into `live`: entries of maps and items of lists are added or merged, atomic ones are replaced. Nothing is
 * removed. Undefined stands for an absent value.
 */
export function merge(shape: Shape, live: unknown, patch: unknown): unknown {
  const view = viewOf(shape, patch ?? live);
  const replaced = patch === undefined ? live : patch;
  switch (view.kind) {
    case 'scalar':
      return replaced;
    case 'map':
      return view.map.isAtomic || (isEmptyMap(live) && isEmptyMap(patch))
        ? replaced
        : mergeMaps(view.map, live, patch);
    case 'list':
      return view.list.isAtomic || (isEmptyList(live) && isEmptyList(patch))
        ? replaced
        : mergeLists(view.list, live, patch);
  }
}

function isEmptyMap(value: unknown): boolean {
  return !isMap(value) || Object.keys(value).length === 0;
}

function isEmptyList(value: unknown): boolean {
  return !isList(value) || value.length === 0;
}

function mergeMaps(map: MapShape, live: unknown, patch: unknown): unknown {
  const [left, right] = [live, patch].map((value) => (isMap(value) ? value : {}));
  const names = new Set([...Object.keys(left ?? {}), ...Object.keys(right ?? {})]);
  const entries = [...names]
    .map(
      (name) =>
        [name, merge(entryShape(map, name) ?? { scalar: 'untyped' }, left?.[name], right?.[name])] as const,
    )
    .filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries);
}

interface Item {
  readonly element: Element;
  readonly value: unknown;
}

function itemsOf(list: ListShape, value: unknown): Item[] {
  if (!isList(value)) return [];
  return value.flatMap((item): Item[] => {
    const result = itemElement(list, item);
    return 'error' in result ? [] : [{ element: result.element, value: item }];
  });
}

/**
 * The items that only one side has stay where they are in relation to the items that both have; where the two sides
 * disagree about the order of those, the patch is right.
 */
function mergeLists(list: ListShape, live: unknown, patch: unknown): unknown {
  const [left, right] = [itemsOf(list, live), itemsOf(list, patch)];
  const liveItems = uniqueItems(left);
  const inPatch = new Set(right.map(({ element }) => element));
  const shared = right.map(({ element }) => element).filter((element) => liveItems.has(element));
  const done = new Set<Element>();
  const merged: unknown[] = [];
  while (left.length > 0 || right.length > 0) {
    const [ours, theirs] = [left[0], right[0]];
    if (ours !== undefined && !inPatch.has(ours.element)) {
      merged.push(ours.value);
      left.shift();
      continue;
    }
    const isSame = ours?.element === theirs?.element;
    if (ours !== undefined && theirs !== undefined && !isSame && isLater(ours, shared)) {
      left.shift();
      continue;
    }
    if (ours !== undefined && (isSame || done.has(ours.element))) left.shift();
    if (theirs === undefined) continue;
    merged.push(merge(list.items(), liveItems.get(theirs.element), theirs.value));
    done.add(theirs.element);
    if (shared[0] === theirs.element) shared.shift();
    right.shift();
  }
  return merged;
}

/** An item that the live list has twice cannot be merged: the patch replaces it. */
function uniqueItems(items: readonly Item[]): ReadonlyMap<Element, unknown> {
  const found = new Map<Element, unknown>();
  for (const { element, value } of items) found.set(element, found.has(element) ? undefined : value);
  return found;
}

/** Whether the patch has another shared item first; then the item comes when it is the patch's turn. */
function isLater(item: Item, shared: readonly Element[]): boolean {
  return shared[0] !== undefined && shared[0] !== item.element;
}
