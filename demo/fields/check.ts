import { fieldElement, printElement } from './elements.ts';
import { goSyntax, goText, goType } from './go-text.ts';
import type { ListShape, MapShape, Shape } from './shape.ts';
import { entryShape, isList, isMap, itemElement, viewOf, type JsonMap } from './values.ts';

/**
 * What keeps a value from being applied, in the real server's words: fields that the schema does not have, values of
 * another type, list items that cannot be told apart. Empty when nothing does.
 */
export function problemsOf(shape: Shape, value: unknown): string[] {
  return check(shape, value).map(({ path, text }) => (path === '' ? text : `${path}: ${text}`));
}

interface Problem {
  readonly path: string;
  readonly text: string;
}

function check(shape: Shape, value: unknown): Problem[] {
  const view = viewOf(shape, value);
  if (value === null || value === undefined) return [];
  switch (view.kind) {
    case 'scalar':
      return problem(scalarProblem(view.scalar, value));
    case 'map':
      return isMap(value) ? checkEntries(view.map, value) : problem(`expected map, got &{${goText(value)}}`);
    case 'list':
      return isList(value) ? checkItems(view.list, value) : problem(`expected list, got &{${goText(value)}}`);
  }
}

function problem(text: string | undefined): Problem[] {
  return text === undefined ? [] : [{ path: '', text }];
}

function scalarProblem(scalar: NonNullable<Shape['scalar']>, value: unknown): string | undefined {
  const isNumber = typeof value === 'number' || typeof value === 'bigint';
  const isScalar = isNumber || typeof value === 'string' || typeof value === 'boolean';
  switch (scalar) {
    case 'numeric':
      return isNumber ? undefined : `expected numeric (int or float), got ${goType(value)}`;
    case 'string':
      return typeof value === 'string'
        ? undefined
        : `expected string, got &value.valueUnstructured{Value:${goSyntax(value)}}`;
    case 'boolean':
      return typeof value === 'boolean' ? undefined : `expected boolean, got &{${goText(value)}}`;
    case 'time':
    case 'untyped':
      return isScalar ? undefined : `expected any scalar, got &{${goText(value)}}`;
  }
}

/** The real server stops at the first unknown field of a map. */
function checkEntries(map: MapShape, entries: JsonMap): Problem[] {
  const problems: Problem[] = [];
  for (const [name, value] of Object.entries(entries)) {
    const shape = entryShape(map, name);
    const prefix = printElement(fieldElement(name));
    if (shape === undefined) return [...problems, { path: prefix, text: 'field not declared in schema' }];
    problems.push(...below(prefix, check(shape, value)));
  }
  return problems;
}

function checkItems(list: ListShape, items: readonly unknown[]): Problem[] {
  const seen = new Set<string>();
  const problems: Problem[] = [];
  for (const [index, item] of items.entries()) {
    const result = list.isAtomic ? { element: undefined } : itemElement(list, item);
    if ('error' in result) return [...problems, { path: '', text: `element ${index}: ${result.error}` }];
    const prefix = result.element === undefined ? `[${index}]` : printElement(result.element);
    if (result.element !== undefined && seen.has(prefix)) {
      problems.push({ path: '', text: `duplicate entries for key ${prefix}` });
    }
    seen.add(prefix);
    problems.push(...below(prefix, check(list.items(), item)));
  }
  return problems;
}

function below(prefix: string, problems: readonly Problem[]): Problem[] {
  return problems.map(({ path, text }) => ({ path: `${prefix}${path}`, text }));
}
