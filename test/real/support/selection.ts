import { getNamedType, type GraphQLObjectType, isObjectType, isRequiredArgument } from 'graphql';
import type { Exact } from './exact-json.ts';

/** Selected fields by name; null for those without fields of their own. */
export interface Selection {
  [field: string]: Selection | null;
}

/** What is computed from the whole object has no path in it. */
const COMPUTED = new Set(['id', 'raw', 'yaml']);

/**
 * Every field below `type` that stands for a value in the object, breadth first, until there are `maxFields` of them:
 * types may contain themselves.
 */
export function everythingIn(type: GraphQLObjectType, maxFields: number): Selection {
  const root: Selection = {};
  const queue: { readonly type: GraphQLObjectType; readonly selection: Selection }[] = [
    { type, selection: root },
  ];
  let left = maxFields;
  for (const { type, selection } of queue) {
    for (const field of Object.values(type.getFields())) {
      // A member of a map by its key is no field of the object.
      if (COMPUTED.has(field.name) || field.args.some(isRequiredArgument)) continue;
      if (left-- <= 0) return withoutEmpty(root);
      const child = getNamedType(field.type);
      if (isObjectType(child)) {
        const below: Selection = {};
        selection[field.name] = below;
        queue.push({ type: child, selection: below });
      } else {
        selection[field.name] = null;
      }
    }
  }
  return withoutEmpty(root);
}

export function printSelection(selection: Selection): string {
  const fields = Object.entries(selection).map(([name, below]) =>
    below === null ? name : `${name}${printSelection(below)}`,
  );
  return `{ ${fields.join(' ')} }`;
}

/** What a selection must answer for a value: the selected members, null for those that it lacks, lists member by member. */
export function selected(selection: Selection, value: Exact | undefined): Exact {
  if (value === undefined || value === null) return null;
  if (Array.isArray(value)) return value.map((item: Exact) => selected(selection, item));
  const members = Object.entries(selection).map(([name, below]) => {
    const member = memberNamed(value, name);
    return [name, below === null ? (member ?? null) : selected(below, member)];
  });
  return Object.fromEntries(members) as Exact;
}

/** What GraphQL does not allow in a name has become `_`. */
function memberNamed(value: Exact, name: string): Exact | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const members = value as { readonly [key: string]: Exact };
  if (Object.hasOwn(members, name)) return members[name];
  const key = Object.keys(members).find((candidate) => candidate.replace(/\W/g, '_') === name);
  return key === undefined ? undefined : members[key];
}

/** GraphQL has no empty selections. */
function withoutEmpty(selection: Selection): Selection {
  const kept = Object.entries(selection)
    .map(([name, below]) => [name, below === null ? null : withoutEmpty(below)] as const)
    .filter(([, below]) => below === null || Object.keys(below).length > 0);
  return Object.fromEntries(kept);
}
