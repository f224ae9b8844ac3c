import type { Resource } from '../../catalog/resource.ts';
import type { FieldDefinition, ObjectDefinition, TypeRef } from './definitions.ts';

/** The types around a resource's objects, that only its root fields lead to. */
export const SURROUNDINGS = ['Connection', 'Edge', 'Event', 'Live', 'Patch', 'Deletion'] as const;

export type Surrounding = (typeof SURROUNDINGS)[number];

/** Whether any root field of a resource leads to the type. */
export function isAskedFor(suffix: Surrounding, { verbs }: Resource): boolean {
  switch (suffix) {
    case 'Connection':
    case 'Edge':
      return verbs.includes('list') || verbs.includes('deletecollection');
    case 'Event':
    case 'Live':
    case 'Patch':
      return verbs.includes('list') && verbs.includes('watch');
    case 'Deletion':
      return verbs.includes('delete');
  }
}

/** The names of a resource's surroundings. */
type NameOf = (suffix: Surrounding) => string;

/** @param kind the type of the objects. */
export function surroundingDefinition(suffix: Surrounding, kind: string, nameOf: NameOf): ObjectDefinition {
  const fields = FIELDS[suffix](kind, nameOf);
  return {
    kind: 'OBJECT',
    name: nameOf(suffix),
    description: DESCRIPTIONS[suffix](kind),
    interfaces: [],
    fields: () => fields,
    resource: undefined,
  };
}

const DESCRIPTIONS: Readonly<Record<Surrounding, (kind: string) => string>> = {
  Connection: (kind) => `A list of \`${kind}\`, or a page of one.`,
  Edge: (kind) => `One \`${kind}\` of a list, with the cursor to go on behind it.`,
  Event: (kind) =>
    `What has happened to one \`${kind}\`, that the snapshot is complete, or several of these at once.`,
  Live: (kind) => `A sorted list of \`${kind}\`, or what has changed in it.`,
  Patch: (kind) => `One step that brings a sorted list of \`${kind}\` up to date.`,
  Deletion: (kind) => `What has become of a \`${kind}\` that was to be deleted.`,
};

const FIELDS: Readonly<Record<Surrounding, (kind: string, nameOf: NameOf) => readonly FieldDefinition[]>> = {
  Connection: (kind, nameOf) => [
    field('items', `[${kind}!]!`, 'The objects.'),
    field('edges', `[${nameOf('Edge')}!]!`, 'The objects, each with a cursor of its own.'),
    field('pageInfo', 'PageInfo!', 'Where the page is in the list, and whether more follows.'),
    field(
      'resourceVersion',
      'String',
      'The state that the list shows; a later list can ask for it, or for one that is not older.',
    ),
    field(
      'remainingItemCount',
      'Int64',
      'How many objects follow this page, where the API server counts them (never with selectors). Without `first`, `items` and `edges`: how many there are.',
    ),
  ],
  Edge: (kind) => [
    field('node', `${kind}!`, 'The object.'),
    field('cursor', 'String!', 'What `after` takes to go on behind this object.'),
  ],
  Event: (kind, nameOf) => [
    field('type', 'WatchEventType!', 'What has happened.'),
    field(
      'object',
      kind,
      'Null for SYNCED, for BATCH, and for the DELETED of something that only the subscriber knew.',
    ),
    field('id', 'ID', "The object's `id`, also where `object` is null; itself null for SYNCED and BATCH."),
    field(
      'snapshot',
      'Boolean!',
      'Whether it is part of a complete snapshot: what a SYNCED that says so has not named is gone.',
    ),
    field('cursor', 'String!', 'What `resumeFrom` takes to go on behind this event.'),
    field('events', `[${nameOf('Event')}!]`, 'What a BATCH holds, in order; null for all others.'),
  ],
  Live: (kind, nameOf) => [
    field('type', 'LiveType!', 'Whether this is the whole list, or what has changed.'),
    field('items', `[${kind}!]`, 'The list, or its first part; null for PATCH.'),
    field('patches', `[${nameOf('Patch')}!]`, 'To be applied in this order; null for SNAPSHOT.'),
    field('total', 'Int!', 'How many objects match, also beyond `first`.'),
  ],
  Patch: (kind) => [
    field('op', 'PatchOp!', 'What is to be done.'),
    field('index', 'Int!', 'Where, in the list as the patches before this one have left it.'),
    field('id', 'ID!', "The object's `id`."),
    field('object', kind, 'Its present state; null for REMOVE.'),
  ],
  Deletion: (kind) => [
    field(
      'pending',
      'Boolean!',
      'Whether the object is still there: its finalizers or its grace period have to pass first.',
    ),
    field('object', kind, 'The object, where the API server answers with it.'),
    field('status', 'Status', "The API server's Status, where it answers with one."),
  ],
};

function field(name: string, type: TypeRef, description: string): FieldDefinition {
  return { name, type, description, args: [], deprecated: undefined };
}
