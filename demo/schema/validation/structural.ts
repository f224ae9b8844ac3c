import { isRecord } from '../record.ts';
import type { FieldError, Schema } from '../schema.ts';
import { forbidden, invalid, notSupported, required } from './field-errors.ts';
import { valueErrors } from './values.ts';

const TYPES = ['array', 'boolean', 'integer', 'number', 'object', 'string'];

/** JSON Schema that Kubernetes does not have. */
const UNSUPPORTED = [
  '$ref',
  'id',
  'patternProperties',
  'definitions',
  'dependencies',
  'additionalItems',
] as const;

/** What keeps a custom resource's schema from being structural, and what else the real server does not take. */
export function structuralErrors(schema: Schema, path: string): readonly FieldError[] {
  return [...rootErrors(schema, path), ...nodeErrors(schema, path, 'root')];
}

function rootErrors(schema: Schema, path: string): readonly FieldError[] {
  const { type, nullable, additionalProperties, properties } = schema;
  const { type: metadataType, properties: inMetadata = {}, ...restOfMetadata } = properties?.metadata ?? {};
  void metadataType;
  const isMore =
    Object.keys(inMetadata).some((key) => key !== 'name' && key !== 'generateName') ||
    Object.keys(restOfMetadata).some((key) => key !== 'description');
  const metadataRule =
    'must not specify anything other than name and generateName, but metadata is implicitly specified';
  return [
    ...(type === undefined || type === '' ? [required(`${path}.type`, 'must not be empty at the root')] : []),
    ...(type !== undefined && type !== '' && type !== 'object'
      ? [invalid(`${path}.type`, type, 'must be object at the root')]
      : []),
    ...(nullable === true ? [forbidden(`${path}.nullable`, 'nullable cannot be true at the root')] : []),
    ...(additionalProperties === undefined
      ? []
      : [forbidden(`${path}.additionalProperties`, 'must not be used at the root')]),
    ...(isMore ? [forbidden(`${path}.properties[metadata]`, metadataRule)] : []),
  ];
}

type Position = 'root' | 'object fields' | 'array items';

function nodeErrors(schema: Schema, path: string, position: Position): readonly FieldError[] {
  const { properties, items, additionalProperties } = schema;
  const isBoth = properties !== undefined && additionalProperties !== undefined;
  return [
    ...typeErrors(schema, path, position),
    ...UNSUPPORTED.filter((key) => (schema as Readonly<Record<string, unknown>>)[key] !== undefined).map(
      (key) => forbidden(`${path}.${key}`, `${key} is not supported`),
    ),
    ...(schema.uniqueItems === true
      ? [
          forbidden(
            `${path}.uniqueItems`,
            'uniqueItems cannot be set to true since the runtime complexity becomes quadratic',
          ),
        ]
      : []),
    ...(isBoth
      ? [
          forbidden(
            `${path}.additionalProperties`,
            'additionalProperties and properties are mutual exclusive',
          ),
        ]
      : []),
    ...extensionErrors(schema, path),
    ...junctorErrors(schema, path),
    ...defaultErrors(schema, path),
    ...Object.entries(properties ?? {}).flatMap(([key, each]) =>
      nodeErrors(each, `${path}.properties[${key}]`, 'object fields'),
    ),
    ...(isRecord(additionalProperties)
      ? nodeErrors(additionalProperties, `${path}.additionalProperties`, 'object fields')
      : []),
    ...(items === undefined ? [] : nodeErrors(items, `${path}.items`, 'array items')),
  ];
}

function typeErrors(schema: Schema, path: string, position: Position): readonly FieldError[] {
  const { type = '', items } = schema;
  const isUntyped =
    schema['x-kubernetes-int-or-string'] === true || schema['x-kubernetes-preserve-unknown-fields'] === true;
  if (type === '') {
    if (isUntyped || position === 'root' || schema.$ref !== undefined) return [];
    return [required(`${path}.type`, `must not be empty for specified ${position}`)];
  }
  if (!TYPES.includes(type)) return [notSupported(`${path}.type`, type, TYPES)];
  return type === 'array' && items === undefined ? [required(`${path}.items`, 'must be specified')] : [];
}

function extensionErrors(schema: Schema, path: string): readonly FieldError[] {
  const listType = schema['x-kubernetes-list-type'];
  const isArray = schema.type === 'array';
  const isEmbedded = schema['x-kubernetes-embedded-resource'] === true;
  const isOpen = schema['x-kubernetes-preserve-unknown-fields'] === true;
  return [
    ...(isEmbedded && !isOpen && schema.properties === undefined
      ? [
          required(
            `${path}.properties`,
            `must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields`,
          ),
        ]
      : []),
    ...(isEmbedded && schema.type !== 'object'
      ? [
          invalid(
            `${path}.type`,
            schema.type ?? '',
            'must be object if x-kubernetes-embedded-resource is true',
          ),
        ]
      : []),
    ...(listType !== undefined && !isArray
      ? [invalid(`${path}.type`, schema.type ?? '', 'must be array if x-kubernetes-list-type is specified')]
      : []),
    ...(listType !== undefined && !['atomic', 'set', 'map'].includes(listType)
      ? [notSupported(`${path}.x-kubernetes-list-type`, listType, ['atomic', 'set', 'map'])]
      : []),
    ...(listType === 'map' ? mapListErrors(schema, path) : []),
  ];
}

function mapListErrors(schema: Schema, path: string): readonly FieldError[] {
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  const { type, properties = {}, required: needed = [] } = schema.items ?? {};
  const isUnknown = type === 'object' && keys.some((key) => !Object.hasOwn(properties, key));
  const at = `${path}.x-kubernetes-list-map-keys`;
  const rule =
    'this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property';
  const optional = keys.filter(
    (key) =>
      Object.hasOwn(properties, key) && properties[key]?.default === undefined && !needed.includes(key),
  );
  return [
    ...(keys.length === 0 ? [required(at, 'must not be empty if x-kubernetes-list-type is map')] : []),
    ...(type === 'object'
      ? []
      : [
          invalid(
            `${path}.items.type`,
            type ?? '',
            "must be object if parent array's x-kubernetes-list-type is map",
          ),
        ]),
    ...(isUnknown ? [invalid(at, keys, 'entries must all be names of item properties')] : []),
    ...optional.map((key) => required(`${path}.items.properties[${key}].default`, rule)),
  ];
}

/** What combined schemas may not say, because it would say what fields there are. */
const NOT_IN_JUNCTORS = ['type', 'description', 'default', 'nullable', 'additionalProperties'] as const;

function junctorErrors(schema: Schema, path: string): readonly FieldError[] {
  if (schema['x-kubernetes-int-or-string'] === true) return [];
  return (['allOf', 'anyOf', 'oneOf'] as const).flatMap((key) =>
    (schema[key] ?? []).flatMap((each, index) => valueOnlyErrors(each, `${path}.${key}[${index}]`)),
  );
}

function valueOnlyErrors(schema: Schema, path: string): readonly FieldError[] {
  const { properties = {}, items } = schema;
  return [
    ...NOT_IN_JUNCTORS.filter((key) => schema[key] !== undefined).map((key) =>
      forbidden(`${path}.${key}`, 'must be empty to be structural'),
    ),
    ...Object.entries(properties).flatMap(([key, each]) =>
      valueOnlyErrors(each, `${path}.properties[${key}]`),
    ),
    ...(items === undefined ? [] : valueOnlyErrors(items, `${path}.items`)),
  ];
}

function defaultErrors(schema: Schema, path: string): readonly FieldError[] {
  if (schema.default === undefined) return [];
  const errors = valueErrors(schema.default, { ...schema, enum: schema.enum ?? [schema.default] }, '');
  return errors
    .filter(({ reason }) => reason === 'FieldValueTypeInvalid')
    .map((error) => ({ ...error, field: `${path}.default${error.field === '' ? '' : `.${error.field}`}` }));
}
