import { isJsonObject } from '../../util/json.ts';

/** An OpenAPI v3 schema object, as far as Kubernetes publishes it. */
export interface OpenApiSchema {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, OpenApiSchema>>;
  readonly additionalProperties?: boolean | OpenApiSchema;
  readonly items?: OpenApiSchema;
  readonly allOf?: readonly OpenApiSchema[];
  readonly enum?: readonly unknown[];
  readonly 'x-kubernetes-group-version-kind'?: readonly {
    readonly group: string;
    readonly version: string;
    readonly kind: string;
  }[];
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly 'x-kubernetes-embedded-resource'?: boolean;
}

export type Definitions = Readonly<Record<string, OpenApiSchema>>;

const REF_PREFIX = '#/components/schemas/';

/** The named schemas of a document; none for anything that is not an OpenAPI document. */
export function definitionsOf(document: unknown): Definitions {
  const components = isJsonObject(document) ? document['components'] : undefined;
  const schemas = isJsonObject(components) ? components['schemas'] : undefined;
  // Every reader below treats each member as optional, so a malformed schema ends as JSON and never throws.
  return isJsonObject(schemas) ? (schemas as Definitions) : {};
}

/**
 * The definition that a schema stands for. A reference with siblings comes wrapped as a one-element `allOf`; the first
 * servers with OpenAPI v3 wrote the siblings beside `$ref`.
 */
export function referenceOf(schema: OpenApiSchema): string | undefined {
  const ref = schema.$ref ?? (schema.allOf?.length === 1 ? schema.allOf[0]?.$ref : undefined);
  return ref?.startsWith(REF_PREFIX) === true ? ref.slice(REF_PREFIX.length) : undefined;
}

export function hasProperties(schema: OpenApiSchema): boolean {
  return schema.properties !== undefined && Object.keys(schema.properties).length > 0;
}

/**
 * The definitions that contain themselves, over any number of steps. In Kubernetes that is `JSONSchemaProps` and what
 * belongs to it; such values are JSON, since no selection could reach all of one.
 */
export function recursiveDefinitions(definitions: Definitions): ReadonlySet<string> {
  const direct = new Map(Object.entries(definitions).map(([name, schema]) => [name, referencesIn(schema)]));
  const recursive = new Set<string>();
  for (const name of direct.keys()) if (reaches(name, name, direct)) recursive.add(name);
  return recursive;
}

function reaches(from: string, target: string, direct: ReadonlyMap<string, ReadonlySet<string>>): boolean {
  const seen = new Set<string>();
  const open = [...(direct.get(from) ?? [])];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (name === target) return true;
    if (seen.has(name)) continue;
    seen.add(name);
    open.push(...(direct.get(name) ?? []));
  }
  return false;
}

function referencesIn(schema: OpenApiSchema, found = new Set<string>()): Set<string> {
  const name = referenceOf(schema);
  if (name !== undefined) found.add(name);
  for (const property of Object.values(schema.properties ?? {})) referencesIn(property, found);
  if (schema.items !== undefined) referencesIn(schema.items, found);
  if (typeof schema.additionalProperties === 'object') referencesIn(schema.additionalProperties, found);
  return found;
}
