/** The part of OpenAPI that CustomResourceDefinitions use. */
export interface Schema {
  readonly type?: string;
  readonly format?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly minimum?: number;
  readonly minItems?: number;
  readonly minProperties?: number;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly 'x-kubernetes-int-or-string'?: boolean;
}

/**
 * How much of a schema to fill in.
 *
 *   required  what must be there
 *   rich      optional members too, some levels deep: more to compare, and more that a rule may refuse
 */
export type Richness = 'required' | 'rich';

const RICH_DEPTH = 5;

/** Texts that are tried against a pattern, the plainest first. */
const TEXTS = [
  'a',
  'a1',
  '1',
  '10s',
  '1h0m0s',
  'A',
  'a.b',
  'a.example.com',
  'a.example.com/b',
  'https://a.example.com',
  'ssh://git@a.example.com/b',
  'oci://a.example.com/b',
  '10.0.0.1',
  '10.0.0.0/8',
  'v1',
  'v1.2.3',
  '1.2.3',
  '50%',
  '/a',
  'arn:aws:iam::123456789012:role/a',
  '0 0 * * *',
  '0123456789abcdef0123456789abcdef',
];

/** A value that the schema's structure allows. Rules (CEL, patterns that nothing here fits) may still refuse it. */
export function exampleOf(schema: Schema, richness: Richness, depth = 0): unknown {
  if (schema.default !== undefined) return schema.default;
  if (schema.enum !== undefined) return schema.enum.find((value) => value !== '') ?? schema.enum[0];
  if (schema['x-kubernetes-int-or-string'] === true) return depth % 2 === 0 ? 8080 : '25%';
  switch (schema.type) {
    case 'object':
      return exampleObject(schema, richness, depth);
    case 'array':
      return exampleList(schema, richness, depth);
    case 'integer':
    case 'number':
      return Math.max(schema.minimum ?? 1, 1);
    case 'boolean':
      return true;
    case 'string':
      return exampleText(schema);
    default:
      return {};
  }
}

function exampleObject(schema: Schema, richness: Richness, depth: number): unknown {
  const { properties = {}, additionalProperties } = schema;
  const required = new Set([...(schema.required ?? []), ...firstAlternative(schema)]);
  const isWanted = (name: string) => required.has(name) || (richness === 'rich' && depth < RICH_DEPTH);
  const members = Object.entries(properties)
    .filter(([name]) => isWanted(name))
    .map(([name, member]) => [name, exampleOf(member, richness, depth + 1)]);
  const isMap = typeof additionalProperties === 'object' && (schema.minProperties ?? 0) > 0;
  const extra = isMap ? { a: exampleOf(additionalProperties, richness, depth + 1) } : {};
  return { ...Object.fromEntries(members), ...extra };
}

function exampleList(schema: Schema, richness: Richness, depth: number): unknown {
  const wanted = richness === 'rich' && depth < RICH_DEPTH ? 1 : 0;
  const length = Math.max(schema.minItems ?? 0, wanted);
  return Array.from({ length }, () => exampleOf(schema.items ?? {}, richness, depth + 1));
}

/** What the first of several alternatives requires. */
function firstAlternative({ anyOf, oneOf }: Schema): readonly string[] {
  return (oneOf ?? anyOf)?.[0]?.required ?? [];
}

function exampleText({ format, pattern, minLength = 0 }: Schema): string {
  if (format === 'date-time') return '2026-01-01T00:00:00Z';
  if (format === 'byte') return 'AAE=';
  if (format === 'uri') return 'https://a.example.com';
  const texts = [...TEXTS, 'a'.repeat(minLength)].filter((text) => text.length >= minLength);
  return texts.find((text) => pattern === undefined || matches(pattern, text)) ?? 'a';
}

/** Patterns are Go's: nearly all mean the same here, but not all can be read. */
function matches(pattern: string, text: string): boolean {
  try {
    return new RegExp(pattern).test(text);
  } catch {
    return false;
  }
}
