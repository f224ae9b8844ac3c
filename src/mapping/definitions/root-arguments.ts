import type { InputValueDefinition, TypeRef } from './definitions.ts';
import type { RootField } from '../names/resource-fields.ts';

/** The arguments of a resource's root field. @param input the type to write its objects with. */
export function rootArguments(field: RootField, input: TypeRef): readonly InputValueDefinition[] {
  const { resource, subresource, action } = field;
  const ofNamespace = (type: TypeRef, description: string): readonly InputValueDefinition[] =>
    resource.namespaced ? [argument('namespace', type, description)] : [];
  const inNamespace = ofNamespace('String!', 'Where it is.');
  const inAny = ofNamespace('String', 'Only of this namespace. Default: of all.');
  const orInInput = ofNamespace('String', 'Where it is. Default: what `input.metadata.namespace` says.');
  switch (action) {
    case 'get':
      return [...inNamespace, NAME, NOT_OLDER];
    case 'list':
      return [...inAny, ...SELECTORS, ...PAGING, ...FRESHNESS];
    case 'watch':
      return [...inAny, ...SELECTORS, ...WATCHING];
    case 'live':
      return [...inAny, ...SELECTORS, ...LIVE];
    case 'create':
      return subresource === undefined
        ? [...orInInput, argument('input', `${input}!`, 'What to create.'), ...WRITING, VALIDATION]
        : [...inNamespace, NAME, argument('input', input, 'What to post.'), ...WRITING, VALIDATION];
    case 'replace':
      return [
        ...orInInput,
        argument('name', 'String', 'Of the object. Default: what `input.metadata.name` says.'),
        argument('input', `${input}!`, 'The whole object as it shall be.'),
        ...WRITING,
        VALIDATION,
      ];
    case 'apply':
      return [
        ...orInInput,
        NAME,
        argument(
          'input',
          `${input}!`,
          'The fields to set. Those that this manager set before and are not here are removed.',
        ),
        FORCE,
        ...WRITING,
      ];
    case 'patch':
      return [...inNamespace, NAME, ...PATCHING, ...WRITING, VALIDATION];
    case 'scale':
      return [...inNamespace, NAME, argument('replicas', 'Int!', 'How many there shall be.'), ...WRITING];
    case 'delete':
      return [...inNamespace, NAME, ...DELETING, DRY_RUN];
    case 'deleteCollection':
      return [...inNamespace, ...SELECTORS, ALL, ...DELETING, DRY_RUN];
  }
}

function argument(
  name: string,
  type: TypeRef,
  description: string,
  defaultValue?: string,
): InputValueDefinition {
  return { name, type, description, defaultValue, deprecated: undefined };
}

const NAME = argument('name', 'String!', 'Of the object.');

const NOT_OLDER = argument(
  'resourceVersion',
  'String',
  'A state that the answer must not be older than; `0` takes what the API server has at hand. Default: the newest.',
);

const SELECTORS = [
  argument('labelSelector', 'String', 'As for kubectl: `app=web,tier in (a,b),!canary`.'),
  argument('fieldSelector', 'String', 'As for kubectl: `status.phase=Running`.'),
];

const PAGING = [
  argument('first', 'Int', 'At most so many. Default: all of them.'),
  argument('after', 'String', 'The cursor of an edge, or the `endCursor` of a page.'),
];

const FRESHNESS = [
  argument(
    'resourceVersion',
    'String',
    'The state to list; `resourceVersionMatch` says how exactly. Default: the newest.',
  ),
  argument('resourceVersionMatch', 'ResourceVersionMatch', 'Needs `resourceVersion`.'),
];

const WATCHING = [
  argument('name', 'String', 'Only the object of this name; a permission for that name is enough.'),
  argument(
    'resumeFrom',
    'String',
    'The `cursor` of an earlier event: go on behind it, without a snapshot. Default: a snapshot first.',
  ),
  argument(
    'known',
    '[KnownObject!]',
    'What the subscriber holds already: instead of a snapshot, only what differs from it. At most 50,000.',
  ),
  argument('initial', 'Boolean', 'Whether a snapshot comes first; without it only changes come.', 'true'),
  argument(
    'onlyWhenSelectedChanges',
    'Boolean',
    'No MODIFIED when nothing that is selected below `object` has changed.',
    'false',
  ),
  argument(
    'batchMs',
    'Int',
    'Collect changes for so many milliseconds, 1 to 60,000, and send them as one BATCH: of each object the latest state.',
  ),
  argument(
    'snapshotPageSize',
    'Int',
    'Send the snapshot in BATCHes of so many events, 1 to 10,000, instead of one by one.',
  ),
];

const LIVE = [
  argument(
    'orderBy',
    '[LiveOrder!]',
    'What the list is sorted by, the first path first; what is equal then, by namespace and name. Default: by these two.',
  ),
  argument('first', 'Int', 'Only the first so many of the sorted list. Default: all of it.'),
  argument(
    'batchMs',
    'Int',
    'Collect changes for so many milliseconds, 1 to 60,000, before a PATCH is sent.',
    '100',
  ),
];

const PATCHING = [
  argument('patch', 'JSON!', 'As `type` says: an object, or for `JSON` a list of operations.'),
  argument('type', 'PatchType', 'How `patch` is meant.', 'MERGE'),
];

const DELETING = [
  argument(
    'propagationPolicy',
    'PropagationPolicy',
    'What becomes of the objects that it owns.',
    'Background',
  ),
  argument('gracePeriodSeconds', 'Int', "Default: the object's own. 0 deletes at once."),
  argument('preconditions', 'PreconditionsInput', 'What must hold, or nothing is deleted.'),
];

const DRY_RUN = argument('dryRun', 'Boolean!', 'Check and answer, but store nothing.', 'false');

const WRITING = [DRY_RUN, argument('fieldManager', 'String', 'Who sets the fields. Default: `kubegraph`.')];

const VALIDATION = argument(
  'fieldValidation',
  'FieldValidation',
  'What becomes of fields that the API server does not know.',
  'STRICT',
);

const FORCE = argument('force', 'Boolean!', 'Take over fields that other managers own.', 'false');

const ALL = argument('all', 'Boolean!', 'Must be true to delete without a selector.', 'false');
