import type { Definition, DefinitionVersion } from './definition.ts';
import { customDefinitionName, metaDefinition, referenceTo } from './names.ts';
import { isRecord } from './record.ts';
import type { Schema } from './schema.ts';

/** The published schemas of one version of a custom kind and of its list, by definition name. */
export function publishedSchemas(
  definition: Definition,
  version: DefinitionVersion,
): Readonly<Record<string, Schema>> {
  const { group, names } = definition.spec;
  const of = { group, version: version.name };
  const kind = customDefinitionName({ ...of, kind: names.kind });
  const listKind = names.listKind ?? `${names.kind}List`;
  const extensions = (name: string): Schema => ({
    'x-kubernetes-group-version-kind': [{ ...of, kind: name }],
    ...selectable(version),
  });
  return {
    [kind]: { ...objectSchema(version.schema?.openAPIV3Schema), ...extensions(names.kind) },
    [customDefinitionName({ ...of, kind: listKind })]: {
      ...listSchema(names.kind, kind),
      ...extensions(listKind),
    },
  };
}

function selectable({ selectableFields = [] }: DefinitionVersion): Readonly<Record<string, unknown>> {
  if (selectableFields.length === 0) return {};
  const fields = selectableFields.map(({ jsonPath }) => ({ fieldPath: jsonPath.replace(/^\./, '') }));
  return { 'x-kubernetes-selectable-fields': fields };
}

/** The schema with what every object has; without any schema just an object. */
function objectSchema(schema: Schema | undefined): Schema {
  if (schema === undefined) return { type: 'object' };
  const published = publish(schema);
  const properties = {
    ...published.properties,
    ...TYPE_META,
    metadata: { allOf: [{ $ref: referenceTo(metaDefinition('ObjectMeta')) }] },
  };
  return { ...published, type: 'object', properties };
}

const TYPE_META: Readonly<Record<string, Schema>> = {
  apiVersion: { type: 'string' },
  kind: { type: 'string' },
};

function listSchema(kind: string, definition: string): Schema {
  return {
    description: `${kind}List is a list of ${kind}`,
    type: 'object',
    required: ['items'],
    properties: {
      ...TYPE_META,
      items: { type: 'array', items: { $ref: referenceTo(definition) } },
      metadata: { allOf: [{ $ref: referenceTo(metaDefinition('ListMeta')) }] },
    },
  };
}

/** A schema as it is published: what the CRD has, with what its extensions imply written out. */
function publish(schema: Schema): Schema {
  const { properties, items, additionalProperties, ...rest } = schema;
  return {
    ...rest,
    ...(properties === undefined ? {} : { properties: mapValues(properties, publish) }),
    ...(items === undefined ? {} : { items: publish(items) }),
    ...(isRecord(additionalProperties) ? { additionalProperties: publish(additionalProperties) } : {}),
    ...(additionalProperties === true ? { additionalProperties } : {}),
    ...(schema['x-kubernetes-int-or-string'] === true
      ? { anyOf: [{ type: 'integer' }, { type: 'string' }] }
      : {}),
    ...(schema['x-kubernetes-embedded-resource'] === true ? embedded(properties, schema.required) : {}),
  };
}

function embedded(properties: Schema['properties'], required: readonly string[] = []): Schema {
  const own = properties === undefined ? {} : mapValues(properties, publish);
  const metadata = { allOf: [{ $ref: referenceTo(metaDefinition('ObjectMeta')) }] };
  return {
    properties: { ...own, ...TYPE_META, metadata },
    required: [...new Set([...required, 'kind', 'apiVersion'])],
  };
}

function mapValues<From, To>(
  of: Readonly<Record<string, From>>,
  map: (value: From) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(of).map(([key, value]) => [key, map(value)]));
}
