import { createHash } from 'node:crypto';
import type { GatewaySchema } from '../mapping/gateway-schema.ts';
import type { SchemaPart } from '../mapping/definitions/definitions.ts';

/** What introspection reads of a schema. */
export type DefinedSchema = Pick<
  GatewaySchema,
  'parts' | 'kindNames' | 'definitions' | 'definition' | 'hasOperation'
>;

/** A schema at one moment: what is known of its parts may change. */
export interface SchemaState {
  readonly schema: DefinedSchema;
  readonly parts: readonly SchemaPart[];
  /** Equal for equal content, and only then. */
  readonly key: string;
}

export function stateOf(schema: DefinedSchema): SchemaState {
  const { parts } = schema;
  const content = JSON.stringify(parts.map(({ key }) => key));
  return { schema, parts, key: createHash('sha256').update(content).digest('base64url') };
}
