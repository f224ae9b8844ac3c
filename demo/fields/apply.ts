import type { KubeObject } from '../api/object.ts';
import { ApiError } from '../api/status.ts';
import { problemsOf } from './check.ts';
import { compare } from './compare.ts';
import { conflictError, type Conflict } from './conflict.ts';
import { hasField, intersection, isEmpty, NO_FIELDS, pathsOf, union } from './field-set.ts';
import type { Apply } from './fields.ts';
import { fieldsOf } from './fields-of.ts';
import { asGoValue } from './go-values.ts';
import { KUBECTL, lastAppliedFields, withLastApplied } from './last-applied.ts';
import { merge } from './merge.ts';
import {
  ownableFields,
  ownerKey,
  ownersOf,
  withoutFields,
  withOwners,
  type Owner,
  type Owners,
} from './owners.ts';
import { prune } from './prune.ts';
import { isGoType, shapeOf, type Shape } from './shape.ts';
import { keepIfOnlyTimesDiffer } from './unchanged.ts';
import { ownersAfter } from './update.ts';
import { isEqual, isMap } from './values.ts';

/** See `FieldManagement.apply`. */
export function apply(sent: Apply): KubeObject {
  const shape = shapeOf(sent.schema, sent.source);
  checkPatch(shape, sent);
  const write = sent.relevant === undefined ? sent : { ...sent, patch: sent.relevant(sent.patch) };
  const live = write.live && withOwners(write.live, new Map());
  const owners = ownersBefore(write);
  const own: Owner = {
    manager: write.manager,
    operation: 'Apply',
    apiVersion: write.apiVersion,
    subresource: write.subresource,
    time: write.time,
    fields: fieldsOf(shape, namedPatch(write)),
  };
  const merged = mergeAndPrune(shape, live, write, owners, own);
  const others = ownersOfOthers(shape, live, merged, write, owners, ownerKey(own));
  const owned = withOwn(owners, others, own, live !== undefined && isEqual(live, merged));
  const object = decoded(shape, merged, isGoType(write.schema));
  const annotated = write.manager === KUBECTL ? withLastApplied(object, sent.patch) : object;
  return keepIfOnlyTimesDiffer(write.live, withOwners(annotated, owned));
}

function checkPatch(shape: Shape, { patch }: Apply): void {
  const metadata = isMap(patch['metadata']) ? patch['metadata'] : {};
  if ((metadata['managedFields'] ?? null) !== null) {
    throw new ApiError(400, 'metadata.managedFields must be nil', { reason: 'BadRequest' });
  }
  const problems = problemsOf(shape, patch);
  if (problems.length === 0) return;
  const [apiVersion, kind] = [textOf(patch['apiVersion']), textOf(patch['kind'])];
  const groupVersion = apiVersion.includes('/') ? apiVersion : `/${apiVersion}`;
  const name = `${textOf(metadata['namespace'])}/${textOf(metadata['name'])}`;
  const list = problems.length === 1 ? problems[0] : ['errors:', ...problems].join('\n  ');
  throw new ApiError(
    500,
    `failed to create typed patch object (${name}; ${groupVersion}, Kind=${kind}): ${list}`,
  );
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The patch with the object's name, which an apply need not repeat but always means. */
function namedPatch({ patch, live }: Apply): Readonly<Record<string, unknown>> {
  const metadata = isMap(patch['metadata']) ? patch['metadata'] : {};
  return live === undefined ? patch : { ...patch, metadata: { name: live.metadata.name, ...metadata } };
}

/** What an object without owners has belongs to a manager of its own, so that the apply cannot take it unasked. */
function ownersBefore(write: Apply): Owners {
  const { live } = write;
  const owners = ownersOf(live);
  if (owners.size > 0 || live === undefined) return owners;
  const { status, ...main } = live;
  const next = write.subresource === undefined ? (main as KubeObject) : { ...main, status };
  return ownersAfter({ ...write, manager: 'before-first-apply', live: undefined, next }, owners);
}

function mergeAndPrune(
  shape: Shape,
  live: KubeObject | undefined,
  write: Apply,
  owners: Owners,
  own: Owner,
): KubeObject {
  const merged = merge(shape, live, write.patch);
  const last = owners.get(ownerKey(own))?.fields ?? NO_FIELDS;
  if (live === undefined || isEmpty(last)) return merged as KubeObject;
  const key = ownerKey(own);
  const owned = [...owners].filter(([other]) => other !== key).map(([, { fields }]) => fields);
  // A KubeObject, since its name and kind are among the applied fields.
  return prune(shape, merged, { last, owned: [...owned, own.fields].reduce(union) }) as KubeObject;
}

/** The other owners after the change. Throws when they own what changes, unless the write is forced. */
function ownersOfOthers(
  shape: Shape,
  live: KubeObject | undefined,
  merged: KubeObject,
  write: Apply,
  owners: Owners,
  ownKey: string,
): Owners {
  const { added, modified, removed } = compare(shape, live ?? {}, merged);
  const taken = union(added, modified);
  const conflicts = [...owners]
    .filter(([key]) => key !== ownKey)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .flatMap(([, owner]) =>
      pathsOf(intersection(owner.fields, taken)).map((path): Conflict => ({ owner, path })),
    );
  const refused = write.force ? [] : withoutKubectlsOwn(shape, write, conflicts);
  if (refused.length > 0) throw conflictError(refused);
  return withoutFields(owners, union(taken, removed), ownKey);
}

function withoutKubectlsOwn(
  shape: Shape,
  { manager, live }: Apply,
  conflicts: readonly Conflict[],
): readonly Conflict[] {
  if (manager !== KUBECTL || live === undefined || conflicts.length === 0) return conflicts;
  const allowed = lastAppliedFields(shape, live);
  return conflicts.filter(({ path }) => !hasField(allowed, path));
}

/** Custom resources are stored as they are, but for their metadata. */
function decoded(shape: Shape, object: KubeObject, isGoType: boolean): KubeObject {
  if (isGoType) return asGoValue(shape, object) as KubeObject;
  const metadata = shape.map?.fields.get('metadata')?.shape();
  if (metadata === undefined) return object;
  return { ...object, metadata: asGoValue(metadata, object.metadata) as KubeObject['metadata'] };
}

/** An apply that changes no value leaves the time as it was, and has none if it is the manager's first. */
function withOwn(before: Owners, others: Owners, own: Owner, isUnchanged: boolean): Owners {
  const key = ownerKey(own);
  const after = new Map(others);
  after.delete(key);
  const fields = ownableFields(own.fields);
  if (isEmpty(fields)) return after;
  return after.set(key, { ...own, fields, time: isUnchanged ? before.get(key)?.time : own.time });
}
