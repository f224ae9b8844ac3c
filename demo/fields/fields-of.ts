import { fieldElement, type Path } from './elements.ts';
import { FieldCollector, type Fields } from './field-set.ts';
import type { ListShape, MapShape, Shape } from './shape.ts';
import { entryShape, isList, isMap, itemElement, itemsByElement, viewOf, type JsonMap } from './values.ts';

/** The fields that a value names: what a manager owns who applies it. */
export function fieldsOf(shape: Shape, value: unknown): Fields {
  const fields = new FieldCollector();
  collect(shape, value, [], fields);
  return fields;
}

function collect(shape: Shape, value: unknown, path: Path, fields: FieldCollector): void {
  const view = viewOf(shape, value);
  if (view.kind === 'scalar') fields.add(path);
  else if (view.kind === 'list' && view.list.isAtomic) fields.add(path);
  else if (view.kind === 'map' && view.map.isAtomic) fields.add(path);
  else if (view.kind === 'list' && isList(value)) collectItems(view.list, value, path, fields);
  else if (view.kind === 'map' && isMap(value)) collectEntries(view.map, value, path, fields);
}

function collectItems(list: ListShape, items: readonly unknown[], path: Path, fields: FieldCollector): void {
  const byElement = itemsByElement(list, items);
  for (const item of items) {
    const result = itemElement(list, item);
    if ('error' in result) continue;
    const itemPath = [...path, result.element];
    fields.add(itemPath);
    // Of items that look the same nobody can say whose fields are meant.
    if (byElement.get(result.element)?.length === 1) collect(list.items(), item, itemPath, fields);
  }
}

function collectEntries(map: MapShape, entries: JsonMap, path: Path, fields: FieldCollector): void {
  for (const [name, value] of Object.entries(entries)) {
    const shape = entryShape(map, name);
    const entryPath = [...path, fieldElement(name)];
    if (shape !== undefined) collect(shape, value, entryPath, fields);
    const isEmptyMap = isMap(value) && Object.keys(value).length === 0;
    if (value === null || isEmptyMap || !map.fields.has(name)) fields.add(entryPath);
  }
}
