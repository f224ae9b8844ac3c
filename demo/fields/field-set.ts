import type { FieldSet } from '../api/object.ts';
import { compareElements, type Element, type Path } from './elements.ts';

/**
 * A set of fields. A field may be in the set without its children, and children without their parent: a manager that owns
 * `data.a` need not own `data`.
 */
export interface Fields {
  readonly members: ReadonlySet<Element>;
  /** Sets of fields below an element; none is empty. */
  readonly children: ReadonlyMap<Element, Fields>;
}

export const NO_FIELDS: Fields = { members: new Set(), children: new Map() };

export function isEmpty(fields: Fields): boolean {
  return fields.members.size === 0 && fields.children.size === 0;
}

export function hasField(fields: Fields, path: Path): boolean {
  const [head, ...rest] = path;
  if (head === undefined) return false;
  if (rest.length === 0) return fields.members.has(head);
  return hasField(below(fields, head), rest);
}

/** The part of the set that is below an element. */
export function below(fields: Fields, element: Element): Fields {
  return fields.children.get(element) ?? NO_FIELDS;
}

export function union(left: Fields, right: Fields): Fields {
  const children = new Map(left.children);
  for (const [element, child] of right.children) {
    const other = children.get(element);
    children.set(element, other === undefined ? child : union(other, child));
  }
  return { members: new Set([...left.members, ...right.members]), children };
}

/** What is in `left` and not in `right`. A parent in `right` does not take its children out. */
export function difference(left: Fields, right: Fields): Fields {
  return combine(
    left,
    [...left.members].filter((element) => !right.members.has(element)),
    (child, element) => difference(child, below(right, element)),
  );
}

export function intersection(left: Fields, right: Fields): Fields {
  return combine(
    left,
    [...left.members].filter((element) => right.members.has(element)),
    (child, element) => intersection(child, below(right, element)),
  );
}

function combine(
  fields: Fields,
  members: readonly Element[],
  combineChild: (child: Fields, element: Element) => Fields,
): Fields {
  const children = [...fields.children]
    .map(([element, child]) => [element, combineChild(child, element)] as const)
    .filter(([, child]) => !isEmpty(child));
  return { members: new Set(members), children: new Map(children) };
}

/** All paths of the set, in the order in which conflicts are reported. */
export function pathsOf(fields: Fields): Path[] {
  return [
    ...[...fields.members].sort(compareElements).map((element) => [element]),
    ...[...fields.children.keys()]
      .sort(compareElements)
      .flatMap((element) => pathsOf(below(fields, element)).map((path) => [element, ...path])),
  ];
}

/** Reads the notation of managedFields. */
export function parseFieldSet(notation: FieldSet): Fields {
  const members = new Set<Element>();
  const children = new Map<Element, Fields>();
  for (const [element, content] of Object.entries(notation)) {
    if (element === '.') continue;
    const child = parseFieldSet(content);
    if ('.' in content || isEmpty(child)) members.add(element);
    if (!isEmpty(child)) children.set(element, child);
  }
  return { members, children };
}

/** Writes the notation of managedFields, in the real server's order. */
export function printFieldSet(fields: Fields): FieldSet {
  const elements = new Set([...fields.members, ...fields.children.keys()]);
  return Object.fromEntries(
    [...elements].sort(compareElements).map((element): [Element, FieldSet] => {
      const content = printFieldSet(below(fields, element));
      const isBoth = fields.members.has(element) && fields.children.has(element);
      return [element, isBoth ? { '.': {}, ...content } : content];
    }),
  );
}

/** Collects paths into a set. */
export class FieldCollector implements Fields {
  readonly members = new Set<Element>();
  readonly children = new Map<Element, FieldCollector>();

  /** The root itself (an empty path) is no field. */
  add(path: Path): void {
    const [head, ...rest] = path;
    if (head === undefined) return;
    if (rest.length === 0) {
      this.members.add(head);
      return;
    }
    const child = this.children.get(head) ?? new FieldCollector();
    this.children.set(head, child);
    child.add(rest);
  }
}
