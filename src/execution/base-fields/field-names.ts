import type { Resource, Subresource } from '../../catalog/resource.ts';
import { type FieldNames, subresourceNames, type SubresourceNames } from '../../mapping/names/naming.ts';
import type { Operation } from '../../mapping/names/resource-fields.ts';
import type { RootNames } from '../../mapping/names/root-names.ts';

/** The names of the fields that reach something, by what they do; null where there is none. */
type Names = Readonly<Record<string, string | null>>;

const OPERATIONS: Readonly<Record<keyof FieldNames, Operation>> = {
  list: 'query',
  live: 'subscription',
  get: 'query',
  create: 'mutation',
  replace: 'mutation',
  patch: 'mutation',
  apply: 'mutation',
  delete: 'mutation',
  deleteCollection: 'mutation',
};

const SUBRESOURCE_OPERATIONS: Readonly<Record<keyof SubresourceNames, Operation>> = {
  get: 'query',
  create: 'mutation',
  replace: 'mutation',
  patch: 'mutation',
  apply: 'mutation',
  scale: 'mutation',
};

/** The fields of a schema that reach a resource, as ApiResourceFields has them. */
export function resourceFieldNames(names: RootNames, resource: Resource): Names {
  const { qualified, short } = names.namesOf(resource);
  const ifMine = mine(names, resource, undefined);
  return {
    ...both(OPERATIONS, qualified, short, ifMine),
    watch: ifMine('subscription', qualified.list),
    shortWatch: ifMine('subscription', short.list),
  };
}

/** The fields of a schema that reach a subresource, as ApiSubresourceFields has them. */
export function subresourceFieldNames(names: RootNames, resource: Resource, subresource: Subresource): Names {
  const { qualified, short } = names.namesOf(resource);
  const { name } = subresource;
  const ifMine = mine(names, resource, subresource);
  return both(
    SUBRESOURCE_OPERATIONS,
    subresourceNames(qualified, name),
    subresourceNames(short, name),
    ifMine,
  );
}

type IfMine = (operation: Operation, name: string | undefined) => string | null;

/** A name counts only while the schema has it and means this resource by it. */
function mine(names: RootNames, resource: Resource, subresource: Subresource | undefined): IfMine {
  return (operation, name) => {
    const field = name === undefined ? undefined : names.field(operation, name);
    return field?.resource === resource && field.subresource === subresource ? field.name : null;
  };
}

function both<Key extends string>(
  operations: Readonly<Record<Key, Operation>>,
  qualified: Readonly<Record<Key, string | undefined>>,
  short: Readonly<Record<Key, string | undefined>>,
  ifMine: IfMine,
): Names {
  const keys = Object.keys(operations) as Key[];
  const members = keys.flatMap((key): readonly [string, string | null][] => [
    [key, ifMine(operations[key], qualified[key])],
    [`short${key.charAt(0).toUpperCase()}${key.slice(1)}`, ifMine(operations[key], short[key])],
  ]);
  return Object.fromEntries(members);
}
