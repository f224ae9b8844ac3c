import type { Resource } from '../../catalog/resource.ts';
import type { FieldDefinition, ObjectDefinition, TypeRef } from './definitions.ts';

/** The types around a resource's objects, that only its root fields lead to. */
export const SURROUNDINGS = ['Connection', 'Edge', 'Event', 'Deletion'] as const;

export type Surrounding = (typeof SURROUNDINGS)[number];

/** Whether any root field of a resource leads to the type. */
export function isAskedFor(suffix: Surrounding, { verbs }: Resource): boolean {
  switch (suffix) {
    case 'Connection':
    case 'Edge':
      return verbs.includes('list') || verbs.includes('deletecollection');
    case 'Event':
      return verbs.includes('list') && verbs.includes('watch');
    case 'Deletion':
      return verbs.includes('delete');
  }
}

/**
 * @param name the type's own.
 * @param kind the type of the objects.
 * @param edge the type of a connection's edges.
 */
export function surroundingDefinition(
  suffix: Surrounding,
  name: string,
  kind: string,
  edge: string,
): ObjectDefinition {
  const fields = FIELDS[suffix](kind, edge);
  return {
    kind: 'OBJECT',
    name,
    description: DESCRIPTIONS[suffix](kind),
    interfaces: [],
    fields: () => fields,
    resource: undefined,
  };
}

const DESCRIPTIONS: Readonly<Record<Surrounding, (kind: string) => string>> = {
  Connection: (kind) => `A list of \`${kind}\`, or a page of one.`,
  Edge: (kind) => `One \`${kind}\` of a list, with the cursor to go on behind it.`,
  Event: (kind) => `What has happened to one \`${kind}\`, or that the snapshot is complete.`,
  Deletion: (kind) => `What has become of a \`${kind}\` that was to be deleted.`,
};

const FIELDS: Readonly<Record<Surrounding, (kind: string, edge: string) => readonly FieldDefinition[]>> = {
  Connection: (kind, edge) => [
    field('items', `[${kind}!]!`, 'The objects.'),
    field('edges', `[${edge}!]!`, 'The objects, each with a cursor of its own.'),
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
  Event: (kind) => [
    field('type', 'WatchEventType!', 'What has happened.'),
    field('object', kind, 'Null for SYNCED only.'),
    field('cursor', 'String!', 'What `resumeFrom` takes to go on behind this event.'),
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
