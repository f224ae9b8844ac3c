import { fieldElement } from './elements.ts';
import { below, isEmpty, type Fields } from './field-set.ts';
import type { ListShape, MapShape, Shape } from './shape.ts';
import { entryShape, isList, isMap, itemElement, viewOf, type JsonMap } from './values.ts';

/** `value` without the fields of a set. Containers that become empty turn into null. */
export function remove(shape: Shape, value: unknown, fields: Fields): unknown {
  const view = viewOf(shape, value);
  if (view.kind === 'scalar') return value;
  if (view.kind === 'list' && isList(value) && !view.list.isAtomic)
    return removeItems(view.list, value, fields);
  if (view.kind === 'map' && isMap(value) && !view.map.isAtomic)
    return removeEntries(view.map, value, fields);
  return null;
}

function removeItems(list: ListShape, items: readonly unknown[], fields: Fields): unknown {
  const kept = items.flatMap((item) => {
    const result = itemElement(list, item);
    if ('error' in result) return [item];
    if (fields.members.has(result.element)) return [];
    const rest = below(fields, result.element);
    return [isEmpty(rest) ? item : remove(list.items(), item, rest)];
  });
  return kept.length === 0 ? null : kept;
}

function removeEntries(map: MapShape, entries: JsonMap, fields: Fields): unknown {
  const kept = Object.entries(entries).flatMap(([name, value]): [string, unknown][] => {
    const element = fieldElement(name);
    if (fields.members.has(element)) return [];
    const rest = below(fields, element);
    const shape = entryShape(map, name);
    return [[name, isEmpty(rest) || shape === undefined ? value : remove(shape, value, rest)]];
  });
  return kept.length === 0 ? null : Object.fromEntries(kept);
}
