import { printJson } from '../api/json.ts';
import type { KubeObject } from '../api/object.ts';
import { ApiError } from '../api/status.ts';
import { cleanBuiltIn } from './clean.ts';
import { decodeBuiltIn, duplicateFields } from './decode.ts';
import { builtInDefaults } from './defaults/built-in.ts';
import { metaDefinition, referenceTo } from './names.ts';
import { pruneCustom } from './prune.ts';
import { isRecord } from './record.ts';
import type { DecodingProblem, Prepared, Schema, SchemaSource } from './schema.ts';
import { definitionName } from './unpack.ts';

export interface PrepareOptions {
  readonly source: SchemaSource;
  /** Of the object's kind; undefined for one of unknown shape, which is taken as it is. */
  readonly schema: Schema | undefined;
  /** With `apiVersion`, `kind` and `metadata.namespace` set. */
  readonly object: unknown;
  readonly isCustom: boolean;
  /** The JSON that `object` was parsed from; empty where it came otherwise. */
  readonly text: string;
  /**
   * Whether a custom resource keeps nulls that its schema does not allow, for validation to find: an apply is not decoded as
   * other bodies are. Default false.
   */
  readonly keepsNulls?: boolean;
}

/** A value of a wrong type. */
export class DecodingError extends ApiError {
  /** What the decoder says: `json: cannot unmarshal number into Go struct field …`. The message says of which kind too. */
  readonly problem: string;

  constructor(kind: string, version: string, problem: string) {
    const message = `${kind} in version "${version}" cannot be handled as a ${kind}: ${problem}`;
    super(400, message, { reason: 'BadRequest' });
    this.problem = problem;
  }
}

/**
 * An object as it is before validation: decoded as the server's types would have it, pruned (custom resources) and with
 * defaults.
 *
 * @throws DecodingError 400 for values of a wrong type in a built-in kind, or in anyone's metadata.
 */
export function prepare(options: PrepareOptions): Prepared {
  const { object, schema, isCustom } = options;
  if (!isRecord(object))
    throw new DecodingError('Object', '', 'json: cannot unmarshal it: an object is expected');
  if (schema === undefined)
    return { object: object as KubeObject, problems: duplicateFields(textOf(options)) };
  return isCustom ? prepareCustom(object, schema, options) : prepareBuiltIn(object, schema, options);
}

function prepareBuiltIn(
  object: Readonly<Record<string, unknown>>,
  schema: Schema,
  options: PrepareOptions,
): Prepared {
  const { source } = options;
  const named = namedSchema(schema);
  const { problems, error } = decodeBuiltIn(textOf(options), named, source);
  refuse(object, error);
  const cleaned = cleanBuiltIn(object, named, source) as Readonly<Record<string, unknown>>;
  return { object: builtInDefaults(cleaned) as KubeObject, problems };
}

/** By its name, which the decoder's messages have. */
function namedSchema(schema: Schema): Schema {
  const kind = schema['x-kubernetes-group-version-kind']?.[0];
  const name = kind === undefined ? undefined : definitionName(kind);
  return name === undefined ? schema : { $ref: referenceTo(name) };
}

function prepareCustom(
  object: Readonly<Record<string, unknown>>,
  schema: Schema,
  options: PrepareOptions,
): Prepared {
  const { source } = options;
  const duplicates = duplicateFields(textOf(options));
  const meta = { $ref: referenceTo(metaDefinition('ObjectMeta')) };
  refuse(object, decodeBuiltIn(printJson(object.metadata ?? {}), meta, source).error);
  const pruned = pruneCustom(object, schema, options);
  const unknown = pruned.dropped.map((path): DecodingProblem => ({
    kind: 'unknown',
    text: `unknown field "${path}"`,
  }));
  return { object: pruned.object as KubeObject, problems: [...duplicates, ...unknown] };
}

function refuse({ apiVersion, kind }: Readonly<Record<string, unknown>>, error: string | undefined): void {
  if (error === undefined) return;
  throw new DecodingError(String(kind), String(apiVersion).split('/').at(-1) ?? '', error);
}

/** Bodies may be YAML, and patches have no text of the whole: what is left to find is found in the object. */
function textOf({ text, object }: PrepareOptions): string {
  return text.trimStart().startsWith('{') ? text : printJson(object);
}
