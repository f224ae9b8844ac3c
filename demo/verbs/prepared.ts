import type { KubeObject } from '../api/object.ts';
import { apiVersionOf } from '../api/resource.ts';
import { ApiError } from '../api/status.ts';
import { prepare } from '../schema/prepare.ts';
import { validate } from '../schema/validate.ts';
import type { FieldError } from '../schema/schema.ts';
import { fieldInvalid } from './errors.ts';
import type { BodyKind, SentObject } from './body.ts';
import type { Cluster, ResourceRequest } from './request.ts';
import type { FieldValidation } from './write-options.ts';

interface Preparation {
  readonly cluster: Cluster;
  readonly of: BodyKind;
  readonly sent: SentObject;
  readonly fieldValidation: FieldValidation;
  readonly warn: ResourceRequest['warn'];
}

/**
 * The object with defaults, without unknown fields. These are warned about, or refused, as the client wishes.
 *
 * @throws ApiError 400 for values of a wrong type, and for unknown fields under Strict
 */
export function preparedObject({ cluster, of, sent, fieldValidation, warn }: Preparation): KubeObject {
  const { object, problems } = prepare({
    source: cluster.schemas,
    schema: cluster.schemas.schemaOf(of),
    object: sent.value,
    isCustom: of.isCustom,
    text: sent.text,
    ...(sent.keepsNulls === undefined ? {} : { keepsNulls: sent.keepsNulls }),
  });
  if (problems.length > 0 && fieldValidation === 'Strict') {
    const list = problems.map(({ text }) => text).join(', ');
    throw new StrictDecodingError(of, `strict decoding error: ${list}`);
  }
  if (fieldValidation === 'Warn') for (const { text } of problems) warn(text);
  return withMetadata(object);
}

/**
 * What is wrong with the values of an object, by its schema.
 *
 * @param live what it is to replace
 */
export function schemaErrors(
  { schemas }: Cluster,
  of: BodyKind,
  object: KubeObject,
  live?: KubeObject,
): readonly FieldError[] {
  return validate({ source: schemas, schema: schemas.schemaOf(of), object, isCustom: of.isCustom, live });
}

/** Custom resources find out only when they validate that an object is of another kind. */
export function kindErrors(of: BodyKind, { kind, apiVersion }: KubeObject): readonly FieldError[] {
  const expected = apiVersionOf(of);
  return [
    ...(kind === of.kind ? [] : [fieldInvalid('kind', kind, `must be ${of.kind}`)]),
    ...(apiVersion === expected ? [] : [fieldInvalid('apiVersion', apiVersion, `must be ${expected}`)]),
  ];
}

/** Errors name the kind that the object says it is. */
export function kindOf({ apiVersion, kind }: KubeObject): { readonly group: string; readonly kind: string } {
  return { group: apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '', kind };
}

/** Unknown or duplicate fields in an object of a client that does not want them. */
export class StrictDecodingError extends ApiError {
  /** What the decoder says; the message says of which kind too. */
  readonly problem: string;

  constructor({ kind, version }: BodyKind, problem: string) {
    super(400, `${kind} in version "${version}" cannot be handled as a ${kind}: ${problem}`, {
      reason: 'BadRequest',
    });
    this.problem = problem;
  }
}

/** Some clients leave metadata out where they need not name anything. */
function withMetadata(object: KubeObject): KubeObject {
  const metadata: Partial<KubeObject['metadata']> | undefined = object.metadata;
  return { ...object, metadata: { ...metadata, name: metadata?.name ?? '' } };
}
