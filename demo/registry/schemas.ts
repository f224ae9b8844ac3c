import type { Definition, DefinitionVersion } from '../schema/definition.ts';
import { referredBy } from '../schema/names.ts';
import { publishedSchemas } from '../schema/published.ts';
import type { Schema, SchemaSource } from '../schema/schema.ts';
import { builtIn, definitionName } from '../schema/unpack.ts';
import { customDefinitionName } from '../schema/names.ts';
import type { LiveRegistry } from './registry.ts';

/** The schemas of everything that `registry` serves, and of what its subresources answer. */
export function createSchemas(registry: LiveRegistry): SchemaSource {
  return {
    schemaOf(of) {
      const served = registry.definitionOf(of);
      if (served !== undefined) {
        return customSchemas(served.definition, served.version)[customDefinitionName(of)];
      }
      const name = definitionName(of);
      return name === undefined ? undefined : builtIn().definitions[name];
    },
    resolve,
  };
}

function resolve(schema: Schema): Schema {
  const reference = schema.$ref ?? (schema.allOf?.length === 1 ? schema.allOf[0]?.$ref : undefined);
  if (reference === undefined) return schema;
  return builtIn().definitions[referredBy(reference)] ?? schema;
}

/** A definition in the store is never changed, only replaced. */
const known = new WeakMap<Definition, Map<string, Readonly<Record<string, Schema>>>>();

/** The published schemas of a version of a custom kind and of its list. */
export function customSchemas(
  definition: Definition,
  version: DefinitionVersion,
): Readonly<Record<string, Schema>> {
  let versions = known.get(definition);
  if (versions === undefined) known.set(definition, (versions = new Map()));
  let schemas = versions.get(version.name);
  if (schemas === undefined) versions.set(version.name, (schemas = publishedSchemas(definition, version)));
  return schemas;
}
