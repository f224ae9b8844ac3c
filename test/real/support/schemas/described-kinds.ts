import { apiVersionOf } from '../../../../src/catalog/resource.ts';
import type { FieldDefinition } from '../../../../src/mapping/definitions/definitions.ts';
import type { KindName, Schema } from './open-api.ts';
import type { Schemas } from './served-api.ts';
import type { DefinedSchema, ServedSchema } from './served-schema.ts';

/** A kind of object, as one OpenAPI document describes it and as GraphQL shows it. */
export interface DescribedKind {
  readonly of: KindName;
  /** Whose document describes it. */
  readonly apiVersion: string;
  readonly schema: Schema;
  readonly named: Schemas;
  /** The type of its objects; undefined where nothing answers them. */
  readonly output: string | undefined;
  /** The type to write them with; undefined where nothing takes them. */
  readonly input: string | undefined;
}

/** Every kind that a root field reads or writes, subresources' included, by what OpenAPI says of it. */
export function describedKinds({ api, defined }: ServedSchema): readonly DescribedKind[] {
  const kinds = new Map<string, DescribedKind>();
  for (const { name: apiVersion, roots } of defined.parts) {
    const named = api.documents.get(apiVersion) ?? {};
    for (const field of Object.values(roots).flat()) {
      const of = kindOf(field);
      const schema = of === undefined ? undefined : describing(of, named);
      if (of === undefined || schema === undefined) continue;
      const key = `${apiVersion} ${apiVersionOf(of)} ${of.kind}`;
      const known = kinds.get(key);
      kinds.set(key, {
        of,
        apiVersion,
        schema,
        named,
        output: known?.output ?? outputOf(field, defined.types),
        input: known?.input ?? inputOf(field),
      });
    }
  }
  return [...kinds.values()];
}

/** The names of a document's schemas of kinds that can be asked for: no lists, and not what all groups have. */
export function kindSchemas(named: Schemas): readonly string[] {
  return Object.entries(named)
    .filter(
      ([name, schema]) => schema['x-kubernetes-group-version-kind'] !== undefined && !isCommon(name, schema),
    )
    .map(([name]) => name);
}

/** DeleteOptions, Status and WatchEvent belong to every group, and lists are shown as connections. */
function isCommon(name: string, { properties = {} }: Schema): boolean {
  return (
    name.startsWith('io.k8s.apimachinery.') ||
    JSON.stringify(properties['metadata'] ?? '').includes('.ListMeta"')
  );
}

function describing({ group, version, kind }: KindName, named: Schemas): Schema | undefined {
  return Object.values(named).find((schema) =>
    schema['x-kubernetes-group-version-kind']?.some(
      (each) => each.group === group && each.version === version && each.kind === kind,
    ),
  );
}

function kindOf({ root }: FieldDefinition): KindName | undefined {
  if (root?.kind !== 'resource') return undefined;
  return root.subresource === undefined ? root.resource : root.subresource.kind;
}

const ANSWERED_WITH_OBJECT: ReadonlySet<string> = new Set(['get', 'create', 'replace', 'patch', 'apply']);

function outputOf(field: FieldDefinition, types: DefinedSchema['types']): string | undefined {
  const { root, type } = field;
  if (root?.kind !== 'resource' || type === 'Status') return undefined;
  if (ANSWERED_WITH_OBJECT.has(root.action)) return innermost(type);
  if (root.action !== 'list') return undefined;
  const connection = types.get(innermost(type));
  const items =
    connection?.kind === 'OBJECT' ? connection.fields().find(({ name }) => name === 'items') : undefined;
  return items === undefined ? undefined : innermost(items.type);
}

function inputOf({ args }: FieldDefinition): string | undefined {
  const input = args.find(({ name }) => name === 'input');
  return input === undefined ? undefined : innermost(input.type);
}

/** `Pod` of `[Pod!]!`. */
export function innermost(type: string): string {
  return type.replaceAll(/[[\]!]/g, '');
}
