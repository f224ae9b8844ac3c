import { type GraphQLNamedType, type GraphQLSchema, isIntrospectionType, isScalarType } from 'graphql';
import type { ChangeLevel, SchemaChange } from './changes.ts';
import { type Member, membersOf } from './members.ts';

/**
 * What graphql-js' finders do not tell: new types and fields, descriptions, deprecations, types that promise more than
 * before, defaults that are new. Of changed types also what they do tell, in their words.
 */
export function otherChanges(before: GraphQLSchema, after: GraphQLSchema): readonly SchemaChange[] {
  return Object.values(after.getTypeMap()).flatMap((type) => {
    if (isIntrospectionType(type)) return [];
    const old = before.getType(type.name);
    if (old === undefined) return [change('safe', 'TYPE_ADDED', `${type.name} was added.`)];
    return [...ofTypeItself(old, type), ...ofMembers(old, type)];
  });
}

function ofTypeItself(old: GraphQLNamedType, type: GraphQLNamedType): readonly SchemaChange[] {
  const changes = description(type.name, old, type);
  const urlChanged =
    isScalarType(old) && isScalarType(type) && old.specifiedByURL !== type.specifiedByURL
      ? [change('safe', 'SPECIFIED_BY_CHANGED', `The specification of ${type.name} is another one.`)]
      : [];
  return [...changes, ...urlChanged];
}

function ofMembers(old: GraphQLNamedType, type: GraphQLNamedType): readonly SchemaChange[] {
  // That the kind is another one the finders tell.
  if (old.constructor !== type.constructor) return [];
  const known = membersOf(old);
  return [...membersOf(type)].flatMap(([place, member]) => {
    const was = known.get(place);
    if (was !== undefined) return ofMember(place, was, member);
    // The finders tell of everything else that is new, because it is more than safe.
    return member.kind === 'FIELD' ? [change('safe', 'FIELD_ADDED', `${place} was added.`)] : [];
  });
}

function ofMember(place: string, was: Member, now: Member): readonly SchemaChange[] {
  return [
    ...description(place, was, now),
    ...deprecation(place, was, now),
    ...type(place, was, now),
    ...defaultValue(place, was, now),
  ];
}

interface Described {
  readonly description?: string | null | undefined;
}

function description(place: string, was: Described, now: Described): readonly SchemaChange[] {
  if ((was.description ?? '') === (now.description ?? '')) return [];
  return [change('safe', DESCRIPTION_CHANGED, `${place} is described differently.`)];
}

/** The type of changes to descriptions. */
export const DESCRIPTION_CHANGED = 'DESCRIPTION_CHANGED';

function deprecation(place: string, was: Member, now: Member): readonly SchemaChange[] {
  if (was.deprecated === now.deprecated) return [];
  if (now.deprecated === undefined)
    return [change('safe', 'DEPRECATION_REMOVED', `${place} is no longer deprecated.`)];
  const words = was.deprecated === undefined ? 'is deprecated' : 'is deprecated for another reason';
  return [change('safe', 'DEPRECATED', `${place} ${words}: ${now.deprecated}`)];
}

function type(place: string, was: Member, now: Member): readonly SchemaChange[] {
  if (was.type === now.type) return [];
  const verb = now.kind === 'ARG' ? 'has changed' : 'changed';
  return [
    change('safe', `${now.kind}_CHANGED_KIND`, `${place} ${verb} type from ${was.type} to ${now.type}.`),
  ];
}

function defaultValue(place: string, was: Member, now: Member): readonly SchemaChange[] {
  const isTold = now.kind === 'ARG' && was.defaultValue !== undefined;
  if (was.defaultValue === now.defaultValue || isTold) return [];
  const from = was.defaultValue ?? 'none';
  const to = now.defaultValue ?? 'none';
  const words = `${place} has changed defaultValue from ${from} to ${to}.`;
  return [change('dangerous', `${now.kind}_DEFAULT_VALUE_CHANGE`, words)];
}

function change(level: ChangeLevel, type: string, message: string): SchemaChange {
  return { level, type, message };
}
