import type { KubeObject } from '../api/object.ts';
import { compare } from './compare.ts';
import { isEmpty, union } from './field-set.ts';
import type { FieldWrite } from './fields.ts';
import {
  ownableFields,
  ownerKey,
  ownersOf,
  withFewUpdaters,
  withoutFields,
  withOwners,
  type Owners,
} from './owners.ts';
import { shapeOf } from './shape.ts';
import { keepIfOnlyTimesDiffer } from './unchanged.ts';

export interface Update extends FieldWrite {
  readonly live: KubeObject | undefined;
  readonly next: KubeObject;
}

/** `next` with managedFields after a write that is no apply: what it adds or changes is the writer's, and only its. */
export function update(write: Update): KubeObject {
  const { live, next } = write;
  const owners = ownersBefore(write);
  // An object that exists and has no owners was made to have none; only an apply starts to keep them again.
  if (owners.size === 0 && live !== undefined) return withOwners(next, owners);
  const updated = withFewUpdaters(ownersAfter(write, owners));
  return keepIfOnlyTimesDiffer(live, withOwners(next, updated));
}

/** The main resource may be written with other owners (`kubectl` moves fields so); no owners at all leaves them. */
function ownersBefore({ live, next, subresource }: Update): Owners {
  const given = next.metadata.managedFields;
  if (subresource !== undefined || given === undefined) return ownersOf(live);
  const isReset = given.length === 0 || (given.length === 1 && Object.keys(given[0] ?? {}).length === 0);
  return isReset ? new Map() : ownersOf(next);
}

/** The owners after `live` has become `next` by an update. Without `live`, everything is new. */
export function ownersAfter(write: Update, owners: Owners): Owners {
  const { manager, apiVersion, subresource, schema, source, live, next, time } = write;
  const { added, modified, removed } = compare(
    shapeOf(schema, source),
    live === undefined ? {} : bare(live),
    bare(next),
  );
  const taken = union(added, modified);
  const rest = new Map(withoutFields(owners, union(taken, removed)));
  const own = ownableFields(taken);
  if (isEmpty(own)) return rest;
  const identity = { manager, operation: 'Update', apiVersion, subresource } as const;
  const key = ownerKey(identity);
  const before = rest.get(key);
  // The real server forgets the time of writes to /scale on the way from the Scale to the object.
  const newTime = subresource === 'scale' ? undefined : time;
  return rest.set(key, {
    ...identity,
    time: newTime,
    fields: before === undefined ? own : union(before.fields, own),
  });
}

function bare(object: KubeObject): KubeObject {
  return withOwners(object, new Map());
}
