import { apiVersionOf, type Resource } from '../../catalog/resource.ts';
import type { FieldDefinition } from './definitions.ts';

/** What the shapes of whole objects have too, and `identityFields` say better. */
export const IDENTITY_KEYS: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata']);

/** What answers have beside an object's own keys. */
export const COMPUTED_NAMES: ReadonlySet<string> = new Set(['id', 'raw', 'yaml']);

/** What every whole object has, whatever its shape says. The descriptions are those of the interface in base.graphql. */
export function identityFields(resource: Resource): readonly FieldDefinition[] {
  return [
    field('id', 'ID!', ID, { computed: 'id' }),
    // Items of built-in lists come without these two; the type says what they are.
    field('apiVersion', 'String!', API_VERSION, { constant: apiVersionOf(resource) }),
    field('kind', 'String!', KIND, { constant: resource.kind }),
    field('metadata', 'ObjectMeta!', METADATA),
    field('raw', 'JSON!', RAW, { computed: 'raw' }),
    field('yaml', 'String!', YAML, { computed: 'yaml' }),
  ];
}

const ID = 'Opaque and stable: the same for this object in every answer, and what `object(id:)` takes.';
const API_VERSION = 'The group and version that the object is read in: `v1`, `apps/v1`.';
const KIND = 'What it is: `Pod`, `Deployment`.';
const METADATA = 'Its name, labels and whatever else every object carries.';
const RAW = 'The whole object as JSON, fields that the schema does not know included.';
const YAML = 'The whole object as YAML.';

function field(
  name: string,
  type: string,
  description: string,
  source?: FieldDefinition['source'],
): FieldDefinition {
  const base = { name, description, type, args: [], deprecated: undefined };
  return source === undefined ? base : { ...base, source };
}
