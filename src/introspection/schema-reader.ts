import { createHash } from 'node:crypto';
import type { Identity } from '../cluster/identity.ts';
import type {
  FoundDefinition,
  PartDefinitions,
  Passing,
  SchemaPart,
} from '../mapping/definitions/definitions.ts';
import type { GatewaySchema } from '../mapping/gateway-schema.ts';

/** What introspection reads of a schema. */
export type DefinedSchema = Pick<
  GatewaySchema,
  'parts' | 'kindNames' | 'definitions' | 'definition' | 'hasOperation'
>;

/** Reads a schema for one answer, as one identity, at one moment: what is known of its parts may change. */
export class SchemaReader {
  readonly parts: readonly SchemaPart[];
  /** Equal for equal content, and only then. */
  readonly key: string;
  readonly #schema: DefinedSchema;
  readonly #identity: Identity;

  constructor(schema: DefinedSchema, identity: Identity) {
    this.#schema = schema;
    this.#identity = identity;
    this.parts = schema.parts;
    const content = JSON.stringify(this.parts.map(({ key }) => key));
    this.key = createHash('sha256').update(content).digest('base64url');
  }

  get kindNames(): readonly string[] {
    return this.#schema.kindNames;
  }

  part(part: SchemaPart): Promise<PartDefinitions> {
    return this.#schema.definitions(part, this.#identity);
  }

  type(name: string): Promise<FoundDefinition> {
    return this.#schema.definition(name, this.#identity);
  }
}

/** What a text is written from. Once something of it is passing, the text must not be kept under any key. */
export class Sources implements Passing {
  #isPassing = false;

  get isPassing(): boolean {
    return this.#isPassing;
  }

  /** Answers what it is given. */
  add<T extends Passing>(source: T): T {
    this.#isPassing ||= source.isPassing;
    return source;
  }
}
