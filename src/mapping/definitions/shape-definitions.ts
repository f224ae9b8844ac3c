import {
  type ObjectShape,
  SCALAR_CODES,
  type Shapes,
  type Texts,
  type TypeCode,
} from '../../catalog/openapi/shapes.ts';
import type { FieldDefinition, InputValueDefinition, TypeRef } from './definitions.ts';
import { deprecationIn } from './deprecation.ts';
import { nameFields, type ShapeNames } from '../names/shape-names.ts';

/** One OpenAPI document's shapes, with the names that their types have. */
export interface NamedShapes {
  readonly shapes: Shapes;
  readonly texts: Texts;
  readonly names: ShapeNames;
}

const NO_NAMES: ReadonlySet<string> = new Set();

const SCALAR_NAME_BY_CODE: Readonly<Record<string, string>> = {
  [SCALAR_CODES.string]: 'String',
  [SCALAR_CODES.int32]: 'Int',
  [SCALAR_CODES.int64]: 'Int64',
  [SCALAR_CODES.float]: 'Float',
  [SCALAR_CODES.boolean]: 'Boolean',
  [SCALAR_CODES.dateTime]: 'DateTime',
  [SCALAR_CODES.microTime]: 'MicroTime',
  [SCALAR_CODES.quantity]: 'Quantity',
  [SCALAR_CODES.intOrString]: 'IntOrString',
  [SCALAR_CODES.base64]: 'Base64',
  [SCALAR_CODES.json]: 'JSON',
  [SCALAR_CODES.stringMap]: 'StringMap',
  [SCALAR_CODES.quantityMap]: 'QuantityMap',
};

/** The fields of an object inside another one. GraphQL has no empty types, so there is always `raw` to ask for. */
export function partFields(document: NamedShapes, shapeName: string): readonly FieldDefinition[] {
  const shape = shapeOf(document, shapeName);
  const fields = outputFields(document, shapeName, Object.keys(shape.fields), NO_NAMES);
  const needsRaw = shape.open === true || fields.length === 0;
  return needsRaw && !fields.some(({ name }) => name === 'raw') ? [...fields, RAW] : fields;
}

const RAW: FieldDefinition = {
  name: 'raw',
  description: 'The whole value, fields that the schema does not know included.',
  type: 'JSON',
  args: [],
  deprecated: undefined,
  source: { computed: 'raw' },
};

/** @param reserved field names that the keys may not have. */
export function outputFields(
  document: NamedShapes,
  shapeName: string,
  keys: readonly string[],
  reserved: ReadonlySet<string>,
): readonly FieldDefinition[] {
  const { fields, enums } = shapeOf(document, shapeName);
  const texts = document.texts[shapeName];
  return [...nameFields(keys, reserved)].map(([key, name]) => {
    const text = own(texts, key);
    return {
      name,
      description: describe(text, own(enums, key)),
      type: typeRef(fields[key] as TypeCode, document.names.outputs),
      args: [],
      deprecated: deprecationIn(text),
      ...(name === key ? {} : { source: { key } }),
    };
  });
}

/**
 * The fields of a shape's input type.
 *
 * @param reserved field names that the keys may not have, so that they are called as in answers.
 */
export function inputFields(
  document: NamedShapes,
  shapeName: string,
  reserved: ReadonlySet<string> = NO_NAMES,
): readonly InputValueDefinition[] {
  const shape = shapeOf(document, shapeName);
  const texts = document.texts[shapeName];
  const fields: InputValueDefinition[] = [];
  for (const [key, name] of nameFields(Object.keys(shape.fields), reserved)) {
    const code = shape.fields[key] as TypeCode;
    const text = own(texts, key);
    const enumName = document.names.enums.get(`${shapeName}/${key}`);
    fields.push({
      name,
      description: describe(text, enumName === undefined ? own(shape.enums, key) : undefined),
      type: enumName === undefined ? typeRef(code, document.names.inputs) : inLists(code, enumName),
      defaultValue: undefined,
      deprecated: deprecationIn(text),
      ...(name === key ? {} : { key }),
    });
  }
  const all =
    shape.open === true && !fields.some(({ name }) => name === 'raw') ? [...fields, RAW_INPUT] : fields;
  // Tools ask for inputs without what is deprecated, and an input type without fields is an invalid schema to them.
  const isAllDeprecated = all.every(({ deprecated }) => deprecated !== undefined);
  return isAllDeprecated ? all.map((field) => ({ ...field, deprecated: undefined })) : all;
}

const RAW_INPUT: InputValueDefinition = {
  name: 'raw',
  description: 'Members that the schema does not know; the typed fields win over them.',
  type: 'JSON',
  defaultValue: undefined,
  deprecated: undefined,
  spread: true,
};

/** The values of the enum of an input field, which is named `SHAPE/FIELD`. */
export function enumValues(shapes: Shapes, field: string): readonly string[] {
  const end = field.lastIndexOf('/');
  return shapes.objects[field.slice(0, end)]?.enums?.[field.slice(end + 1)] ?? [];
}

function shapeOf(document: NamedShapes, shapeName: string): ObjectShape {
  return document.shapes.objects[shapeName] as ObjectShape;
}

/** @param names of the document's types, outputs or inputs, by shape name. */
function typeRef(code: TypeCode, names: ReadonlyMap<string, string>): TypeRef {
  if (code.startsWith('[')) return `[${typeRef(code.slice(1), names)}]`;
  return (code.startsWith('@') ? names.get(code.slice(1)) : SCALAR_NAME_BY_CODE[code]) ?? 'JSON';
}

/** A type in as many lists as a code has. */
function inLists(code: TypeCode, name: string): TypeRef {
  return code.startsWith('[') ? `[${inLists(code.slice(1), name)}]` : name;
}

/** A member of a record by a name that the API server chose, which may be that of something every object has. */
function own<T>(record: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined;
}

/** A field's description, with the values that it may have where no enum type shows them. */
function describe(text: string | undefined, values: readonly string[] | undefined): string | undefined {
  if (values === undefined) return text;
  const known = `Known values: ${values.map((value) => `\`${value}\``).join(', ')}.`;
  return text === undefined ? known : `${text}\n\n${known}`;
}
