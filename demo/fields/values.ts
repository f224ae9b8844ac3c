import { keyElement, valueElement, type Element } from './elements.ts';
import type { ListShape, MapShape, Shape } from './shape.ts';

export type JsonMap = Readonly<Record<string, unknown>>;

export function isMap(value: unknown): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

export type View =
  | { readonly kind: 'scalar'; readonly scalar: NonNullable<Shape['scalar']> }
  | { readonly kind: 'list'; readonly list: ListShape }
  | { readonly kind: 'map'; readonly map: MapShape };

/** As what a value is to be read. One that does not fit its shape, or is null, is read as what the shape names first. */
export function viewOf(shape: Shape, value: unknown): View {
  const { scalar, list, map } = shape;
  const views: readonly (View | undefined)[] = [
    map && { kind: 'map', map },
    scalar && { kind: 'scalar', scalar },
    list && { kind: 'list', list },
  ];
  const possible = views.filter((view) => view !== undefined);
  const view = possible.find(({ kind }) => kind === kindOf(value)) ?? possible[0];
  if (view === undefined) throw new Error('a shape allows nothing');
  return view;
}

function kindOf(value: unknown): View['kind'] | undefined {
  if (value === undefined || value === null) return undefined;
  if (isList(value)) return 'list';
  return isMap(value) ? 'map' : 'scalar';
}

/** The shape of a map's entry; undefined where there must be none of this name. */
export function entryShape(map: MapShape, name: string): Shape | undefined {
  return map.fields.get(name)?.shape() ?? map.others?.();
}

/** The element of an item of a list that is not atomic; `error` in the real server's words. */
export function itemElement(
  list: ListShape,
  item: unknown,
): { readonly element: Element } | { readonly error: string } {
  return list.keys.length > 0 ? keyedElement(list, item) : memberElement(item);
}

function keyedElement(
  list: ListShape,
  item: unknown,
): { readonly element: Element } | { readonly error: string } {
  if (item === null) return { error: 'associative list with keys may not have a null element' };
  if (!isMap(item)) return { error: 'associative list with keys may not have non-map elements' };
  const fields = list.items().map?.fields;
  const keys = list.keys
    .map((name) => [name, name in item ? item[name] : fields?.get(name)?.default] as const)
    .filter(([, value]) => value !== undefined)
    .sort(([left], [right]) => (left < right ? -1 : 1));
  if (keys.length > 0) return { element: keyElement(Object.fromEntries(keys)) };
  const names = list.keys.map((name) => JSON.stringify(name)).join(' ');
  return {
    error:
      `associative list with keys has an element that omits all key fields [${names}] ` +
      `(and doesn't have default values for any key fields)`,
  };
}

function memberElement(item: unknown): { readonly element: Element } | { readonly error: string } {
  if (item === null) return { error: `associative list without keys has an element that's an explicit null` };
  if (isMap(item)) return { error: `associative list without keys has an element that's a map type` };
  if (isList(item)) return { error: 'not supported: associative list with lists as elements' };
  return { element: valueElement(item) };
}

/**
 * The items of a list by their elements. Lists that came past validation may have an element more than once, and items
 * that have none are left out.
 */
export function itemsByElement(list: ListShape, items: readonly unknown[]): Map<Element, unknown[]> {
  const found = new Map<Element, unknown[]>();
  for (const item of items) {
    const result = itemElement(list, item);
    if ('error' in result) continue;
    const others = found.get(result.element);
    if (others === undefined) found.set(result.element, [item]);
    else others.push(item);
  }
  return found;
}

/** Equality of JSON values; the order of an object's members does not count. */
export function isEqual(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (isList(left)) {
    return (
      isList(right) &&
      left.length === right.length &&
      left.every((item, index) => isEqual(item, right[index]))
    );
  }
  if (!isMap(left) || !isMap(right)) return false;
  const names = Object.keys(left);
  return (
    names.length === Object.keys(right).length &&
    names.every((name) => name in right && isEqual(left[name], right[name]))
  );
}
