import { apiVersionOf, type Resource } from '../../catalog/resource.ts';
import type { FieldDefinition } from './definitions.ts';

/** What the shapes of whole objects have too, and `identityFields` say better. */
export const IDENTITY_KEYS: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata']);

/** What answers have beside an object's own keys. */
export const COMPUTED_NAMES: ReadonlySet<string> = new Set(['id', 'raw', 'yaml']);

/** What every whole object has, whatever its shape says. The descriptions are those of the interface in base.graphql. */
export function identityFields(resource: Resource): readonly FieldDefinition[] {
  return [
    field('id', 'ID!', { computed: 'id' }, ID),
    // Items of built-in lists come without these two; the type says what they are.
    field('apiVersion', 'String!', { constant: apiVersionOf(resource) }),
    field('kind', 'String!', { constant: resource.kind }),
    field('metadata', 'ObjectMeta!'),
    field(
      'raw',
      'JSON!',
      { computed: 'raw' },
      'The whole object as JSON, fields that the schema does not know included.',
    ),
    field('yaml', 'String!', { computed: 'yaml' }, 'The whole object as YAML.'),
  ];
}

const ID = 'Opaque and stable: the same for this object in every answer, and what `object(id:)` takes.';

function field(
  name: string,
  type: string,
  source?: FieldDefinition['source'],
  description?: string,
): FieldDefinition {
  return {
    name,
    description,
    type,
    args: [],
    deprecated: undefined,
    ...(source === undefined ? {} : { source }),
  };
}
