import type { KubeObject, ManagedFieldsEntry } from '../api/object.ts';
import { difference, isEmpty, parseFieldSet, printFieldSet, union, type Fields } from './field-set.ts';

/** Who owns which fields. A manager is a different owner per operation and subresource, and per apiVersion of updates. */
export interface Owner {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly subresource: string | undefined;
  /** Undefined for owners that only ever claimed fields that had their value already. */
  readonly time: string | undefined;
  readonly fields: Fields;
}

/** Owners by `ownerKey`; none owns nothing. */
export type Owners = ReadonlyMap<string, Owner>;

export type OwnerIdentity = Pick<Owner, 'manager' | 'operation' | 'apiVersion' | 'subresource'>;

/** Appliers are the same in all versions. The order of the members is that of conflicts with several managers. */
export function ownerKey({ manager, operation, apiVersion, subresource }: OwnerIdentity): string {
  return JSON.stringify({ manager, operation, ...(operation === 'Update' && { apiVersion }), subresource });
}

/** Reads an object's managedFields. */
export function ownersOf(object: KubeObject | undefined): Owners {
  const entries = object?.metadata.managedFields ?? [];
  return new Map(
    entries.map((entry) => {
      const { manager, operation, apiVersion, subresource, time } = entry;
      const owner = {
        manager,
        operation,
        apiVersion,
        subresource,
        time,
        fields: parseFieldSet(entry.fieldsV1),
      };
      return [ownerKey(owner), owner];
    }),
  );
}

/** The object with these owners as its managedFields. */
export function withOwners(object: KubeObject, owners: Owners): KubeObject {
  const { managedFields: _, ...metadata } = object.metadata;
  const entries = [...owners.values()].map(printOwner).sort(compareEntries);
  return { ...object, metadata: entries.length === 0 ? metadata : { ...metadata, managedFields: entries } };
}

function printOwner({
  manager,
  operation,
  apiVersion,
  time,
  fields,
  subresource,
}: Owner): ManagedFieldsEntry {
  return {
    manager,
    operation,
    apiVersion,
    ...(time !== undefined && { time }),
    fieldsType: 'FieldsV1',
    fieldsV1: printFieldSet(fields),
    ...(subresource !== undefined && { subresource }),
  };
}

/** Appliers first, then the oldest. */
function compareEntries(left: ManagedFieldsEntry, right: ManagedFieldsEntry): number {
  for (const member of ['operation', 'time', 'manager', 'apiVersion', 'subresource'] as const) {
    const [one, other] = [left[member] ?? '', right[member] ?? ''];
    if (one !== other) return one < other ? -1 : 1;
  }
  return 0;
}

/** The owners without some fields; who then owns nothing is gone. */
export function withoutFields(owners: Owners, fields: Fields, except?: string): Owners {
  const rest = [...owners].map(([key, owner]): [string, Owner] => [
    key,
    key === except ? owner : { ...owner, fields: difference(owner.fields, fields) },
  ]);
  return new Map(rest.filter(([, { fields }]) => !isEmpty(fields)));
}

/** Fields that say what an object is, which nobody can own. */
const UNOWNED = parseFieldSet({
  'f:apiVersion': {},
  'f:kind': {},
  'f:metadata': {
    '.': {},
    'f:name': {},
    'f:namespace': {},
    'f:creationTimestamp': {},
    'f:selfLink': {},
    'f:uid': {},
    'f:generation': {},
    'f:managedFields': {},
    'f:resourceVersion': {},
    'f:deletionTimestamp': {},
    'f:deletionGracePeriodSeconds': {},
  },
});

export function ownableFields(fields: Fields): Fields {
  return difference(fields, UNOWNED);
}

/** How many owners by update an object may have; the real server's number. */
const MAX_UPDATERS = 10;

const COLLECTIVE_MANAGER = 'ancient-changes';

/** Puts the oldest owners by update together until there are no more than ten; those of different versions stay apart. */
export function withFewUpdaters(owners: Owners): Owners {
  const rest = new Map(owners);
  const byAge = [...owners].filter(([, { operation }]) => operation === 'Update').sort(compareAge);
  let surplus = byAge.length - MAX_UPDATERS;
  const first = new Map<string, string>();
  for (const [key, owner] of byAge) {
    if (surplus <= 0) break;
    const { apiVersion, fields, time } = owner;
    const firstKey = first.get(apiVersion);
    if (firstKey === undefined) {
      first.set(apiVersion, key);
      continue;
    }
    const collective: OwnerIdentity = {
      manager: COLLECTIVE_MANAGER,
      operation: 'Update',
      apiVersion,
      subresource: undefined,
    };
    const bucket = rest.get(ownerKey(collective)) ?? rest.get(firstKey);
    rest.delete(firstKey);
    rest.delete(key);
    rest.set(ownerKey(collective), {
      ...collective,
      time,
      fields: bucket === undefined ? fields : union(bucket.fields, fields),
    });
    surplus--;
  }
  return rest;
}

function compareAge(
  [leftKey, left]: readonly [string, Owner],
  [rightKey, right]: readonly [string, Owner],
): number {
  const [one, other] = [`${left.time ?? ''} ${leftKey}`, `${right.time ?? ''} ${rightKey}`];
  return one < other ? -1 : 1;
}
