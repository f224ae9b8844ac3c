/**
 * A step of a path in FieldsV1 notation: `f:NAME` for a field, `k:{…}` for the list item with these keys, `v:VALUE` for a
 * member of a set.
 */
export type Element = string;

export type Path = readonly Element[];

export function fieldElement(name: string): Element {
  return `f:${name}`;
}

/** @param keys with their names sorted, as one item must always give one element. */
export function keyElement(keys: Readonly<Record<string, unknown>>): Element {
  return `k:${goJson(keys)}`;
}

export function valueElement(value: unknown): Element {
  return `v:${goJson(value)}`;
}

/** The path as conflicts show it: `.spec.ports[port=80,protocol="TCP"].name`. */
export function printPath(path: Path): string {
  return path.map(printElement).join('');
}

export function printElement(element: Element): string {
  const text = element.slice(2);
  if (element.startsWith('f:')) return `.${text}`;
  if (!element.startsWith('k:')) return `[=${text}]`;
  const keys = Object.entries(JSON.parse(text) as Record<string, unknown>);
  return `[${keys.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(',')}]`;
}

/** The order in which the real server writes elements: fields, then items by the values of their keys, then members. */
export function compareElements(left: Element, right: Element): number {
  const kinds = KINDS.indexOf(left.charAt(0)) - KINDS.indexOf(right.charAt(0));
  if (kinds !== 0) return kinds;
  if (left.startsWith('f:')) return compareText(left, right);
  const [one, other] = [left, right].map((element): unknown => JSON.parse(element.slice(2)));
  return left.startsWith('k:') ? compareKeys(one, other) : compareScalars(one, other);
}

const KINDS = 'fkvi';

function compareKeys(left: unknown, right: unknown): number {
  const [one, other] = [Object.entries(left as object), Object.entries(right as object)];
  for (const [index, [name, value]] of one.entries()) {
    const pair = other[index];
    if (pair === undefined) return 1;
    const order = compareText(name, pair[0]) || compareScalars(value, pair[1]);
    if (order !== 0) return order;
  }
  return one.length - other.length;
}

function compareScalars(left: unknown, right: unknown): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  if (typeof left === typeof right) return compareText(String(left), String(right));
  return SCALARS.indexOf(typeof left) - SCALARS.indexOf(typeof right);
}

const SCALARS = ['number', 'string', 'boolean'];

function compareText(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}

/** Go's JSON escapes what HTML would read, and the escapes are part of the notation. */
function goJson(value: unknown): string {
  const escape = (match: string): string => `\\u${match.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'bigint' ? Number(part) : part,
  ).replaceAll(/[<>&\u2028\u2029]/g, escape);
}
