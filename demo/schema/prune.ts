import { isRecord } from './record.ts';
import type { Schema, SchemaSource } from './schema.ts';
import { definitionOf } from './shape.ts';
import { cleanBuiltIn } from './clean.ts';

export interface Pruned {
  readonly object: unknown;
  /** Paths of what was dropped: those in metadata first, then the others by name. */
  readonly dropped: readonly string[];
}

/**
 * A custom resource without what its schema does not have, without nulls where they are not allowed (unless they are to be
 * kept), and with the schema's defaults. What is no object at all stays, for validation to find.
 */
export function pruneCustom(
  object: Readonly<Record<string, unknown>>,
  schema: Schema,
  { source, keepsNulls = false }: { readonly source: SchemaSource; readonly keepsNulls?: boolean },
): Pruned {
  const pruner = new Pruner(source, keepsNulls);
  const { metadata, ...rest } = object;
  const cleaned = pruner.metadata(metadata, 'metadata');
  const others = pruner.value({ apiVersion: '', kind: '', ...rest }, withoutMetadata(schema), '');
  const result = metadata === undefined ? others : { ...(others as object), metadata: cleaned };
  return { object: result, dropped: [...pruner.inMetadata, ...pruner.elsewhere.toSorted()] };
}

function withoutMetadata(schema: Schema): Schema {
  const { metadata, ...properties } = schema.properties ?? {};
  void metadata;
  return { ...schema, properties };
}

class Pruner {
  readonly inMetadata: string[] = [];
  readonly elsewhere: string[] = [];
  readonly #source: SchemaSource;
  readonly #keepsNulls: boolean;

  constructor(source: SchemaSource, keepsNulls: boolean) {
    this.#source = source;
    this.#keepsNulls = keepsNulls;
  }

  value(value: unknown, schema: Schema, path: string): unknown {
    if (Array.isArray(value)) {
      const { items } = schema;
      if (items === undefined) return value;
      return value.map((item: unknown, index) => this.value(item, items, `${path}[${index}]`));
    }
    if (!isRecord(value)) return value;
    return this.#object(value, schema, path);
  }

  metadata(value: unknown, path: string, dropped = this.inMetadata): unknown {
    const schema = this.#source.resolve(OBJECT_META);
    if (!isRecord(value)) return value;
    const owners = Array.isArray(value.ownerReferences) ? (value.ownerReferences as readonly unknown[]) : [];
    dropped.push(...unknownKeys(value, schema).map((key) => `${path}.${key}`));
    for (const [index, owner] of owners.entries()) {
      if (!isRecord(owner)) continue;
      const unknown = unknownKeys(owner, this.#source.resolve(OWNER_REFERENCE));
      dropped.push(...unknown.map((key) => `${path}.ownerReferences[${index}].${key}`));
    }
    return cleanBuiltIn(value, OBJECT_META, this.#source);
  }

  #object(
    value: Readonly<Record<string, unknown>>,
    schema: Schema,
    path: string,
  ): Readonly<Record<string, unknown>> {
    const { properties = {}, additionalProperties } = schema;
    const isOpen = schema['x-kubernetes-preserve-unknown-fields'] === true || additionalProperties === true;
    const values = isRecord(additionalProperties) ? additionalProperties : undefined;
    // Not an object: a client may call a member `__proto__`.
    const kept = new Map<string, unknown>();
    for (const [key, member] of Object.entries(value)) {
      const memberSchema = Object.hasOwn(properties, key) ? properties[key] : values;
      const memberPath = path === '' ? key : `${path}.${key}`;
      if (memberSchema === undefined) {
        if (isOpen) kept.set(key, member);
        else this.elsewhere.push(memberPath);
      } else if (member !== null || memberSchema.nullable === true || this.#staysNull(memberSchema)) {
        kept.set(key, this.#member(member, memberSchema, memberPath));
      }
    }
    for (const [key, memberSchema] of Object.entries(properties)) {
      if (kept.has(key) || memberSchema.default === undefined) continue;
      // A default may have members with defaults of their own.
      kept.set(key, this.#member(structuredClone(memberSchema.default), memberSchema, key));
    }
    return Object.fromEntries(kept);
  }

  /** Where there is a default, it takes the place of a null. */
  #staysNull(schema: Schema): boolean {
    return this.#keepsNulls && schema.default === undefined;
  }

  #member(value: unknown, schema: Schema, path: string): unknown {
    if (definitionOf(schema) !== undefined) return this.metadata(value, path, this.elsewhere);
    return this.value(value, schema, path);
  }
}

const META = '#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.';
const OBJECT_META: Schema = { $ref: `${META}ObjectMeta` };
const OWNER_REFERENCE: Schema = { $ref: `${META}OwnerReference` };

function unknownKeys(
  value: Readonly<Record<string, unknown>>,
  { properties = {} }: Schema,
): readonly string[] {
  return Object.keys(value).filter((key) => !Object.hasOwn(properties, key));
}
