import { isDeepStrictEqual } from 'node:util';
import type { KubeObject, ObjectMeta, OwnerReference } from '../api/object.ts';
import type { FieldError } from '../schema/schema.ts';
import { fieldForbidden, fieldInvalid, fieldRequired } from './errors.ts';
import { labelValueErrors, qualifiedNameErrors } from '../schema/validation/names.ts';
import type { Strategy } from './strategy.ts';

/** What is wrong with the metadata of an object to be created, in the real server's order. */
export function newMetadataErrors(metadata: ObjectMeta, { nameErrors }: Strategy): readonly FieldError[] {
  const { generateName = '', name } = metadata;
  // The end of a generated name is random and good, so its beginning may end in a hyphen.
  const start = generateName.replace(/-$/, '');
  return [
    ...(generateName === '' ? [] : inField('metadata.generateName', generateName, nameErrors(start))),
    ...(name === ''
      ? [fieldRequired('metadata.name', 'name or generateName is required')]
      : inField('metadata.name', name, nameErrors(name))),
    ...commonErrors(metadata),
  ];
}

const STANDARD_FINALIZERS: ReadonlySet<string> = new Set(['foregroundDeletion', 'kubernetes', 'orphan']);

/**
 * Finalizers should say whose they are: `example.com/cleanup`. Built-in kinds insist, custom ones only warn.
 *
 * @returns what is wrong
 */
export function finalizerErrors(
  { finalizers = [] }: ObjectMeta,
  isCustom: boolean,
  warn: (text: string) => void,
): readonly FieldError[] {
  return finalizers.flatMap((name, index) => {
    if (name.includes('/') || STANDARD_FINALIZERS.has(name)) return [];
    const why = 'name is neither a standard finalizer name nor is it fully qualified';
    if (!isCustom) return [fieldInvalid(`metadata.finalizers[${index}]`, name, why)];
    warn(
      `metadata.finalizers: ${JSON.stringify(name)}: prefer a domain-qualified finalizer name to avoid accidental conflicts with other finalizer writers`,
    );
    return [];
  });
}

/** What is wrong with the metadata of a changed object. */
export function changedMetadataErrors(next: ObjectMeta, live: ObjectMeta): readonly FieldError[] {
  return [...newFinalizerErrors(next, live), ...immutableErrors(next, live), ...commonErrors(next)];
}

function commonErrors(metadata: ObjectMeta): readonly FieldError[] {
  return [
    ...Object.entries(metadata.labels ?? {}).flatMap(([key, value]) => [
      ...inField('metadata.labels', key, qualifiedNameErrors(key)),
      ...inField('metadata.labels', value, labelValueErrors(value)),
    ]),
    ...annotationErrors(metadata.annotations ?? {}),
    ...(metadata.ownerReferences ?? []).flatMap(ownerErrors),
    ...(metadata.finalizers ?? []).flatMap((name) =>
      inField('metadata.finalizers', name, qualifiedNameErrors(name)),
    ),
  ];
}

const MAX_ANNOTATION_BYTES = 256 * 1024;

function annotationErrors(annotations: Readonly<Record<string, string>>): readonly FieldError[] {
  const field = 'metadata.annotations';
  const sizes = Object.entries(annotations).map(
    ([key, value]) => Buffer.byteLength(key) + Buffer.byteLength(value),
  );
  const isTooLong = sizes.reduce((sum, size) => sum + size, 0) > MAX_ANNOTATION_BYTES;
  const message = `Too long: may not be more than ${MAX_ANNOTATION_BYTES} bytes`;
  return [
    // Keys may be in any case, unlike those of labels.
    ...Object.keys(annotations).flatMap((key) => inField(field, key, qualifiedNameErrors(key.toLowerCase()))),
    ...(isTooLong ? [{ reason: 'FieldValueTooLong', field, message }] : []),
  ];
}

function ownerErrors(owner: OwnerReference): readonly FieldError[] {
  const field = 'metadata.ownerReferences';
  return [
    ...(owner.apiVersion ? [] : [fieldInvalid(`${field}.apiVersion`, '', 'version must not be empty')]),
    ...(['kind', 'name', 'uid'] as const).flatMap((key) =>
      owner[key] ? [] : [fieldInvalid(`${field}.${key}`, '', 'must not be empty')],
    ),
  ];
}

function newFinalizerErrors(next: ObjectMeta, live: ObjectMeta): readonly FieldError[] {
  if (live.deletionTimestamp === undefined) return [];
  const added = (next.finalizers ?? []).filter((name) => !(live.finalizers ?? []).includes(name));
  if (added.length === 0) return [];
  const list = added.map((name) => JSON.stringify(name)).join(', ');
  const why = `no new finalizers can be added if the object is being deleted, found new finalizers []string{${list}}`;
  return twice(fieldForbidden('metadata.finalizers', why));
}

const IMMUTABLE = ['name', 'namespace', 'uid', 'deletionTimestamp', 'deletionGracePeriodSeconds'] as const;

function immutableErrors(next: ObjectMeta, live: ObjectMeta): readonly FieldError[] {
  return IMMUTABLE.filter((key) => next[key] !== live[key]).flatMap((key) =>
    twice(fieldInvalid(`metadata.${key}`, next[key], 'field is immutable')),
  );
}

/** The real server checks metadata in two places, and lists both findings as causes. */
function twice(error: FieldError): readonly FieldError[] {
  return [error, error];
}

function inField(field: string, value: string, errors: readonly string[]): readonly FieldError[] {
  return errors.map((error) => fieldInvalid(field, value, error));
}

/** The object with each owner once, and a warning where there was one twice. */
export function withDistinctOwners(object: KubeObject, warn: (text: string) => void): KubeObject {
  const owners = object.metadata.ownerReferences ?? [];
  const distinct = owners.filter(
    (owner, index) => !owners.slice(0, index).some((other) => isDeepStrictEqual(owner, other)),
  );
  if (distinct.length === owners.length) return object;
  const uids = new Set(owners.filter((owner) => !distinct.includes(owner)).map(({ uid }) => uid));
  warn(
    `.metadata.ownerReferences contains duplicate entries; API server dedups owner references in 1.20+, and may reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: ${[...uids].join(', ')}`,
  );
  return { ...object, metadata: { ...object.metadata, ownerReferences: distinct } };
}
