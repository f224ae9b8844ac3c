import type { Resource, Subresource } from '../../catalog/resource.ts';
import type { ResourceAction } from '../bindings.ts';
import { type FieldNames, subresourceNames, type SubresourceNames } from './naming.ts';

export type Operation = 'query' | 'mutation' | 'subscription';

/** A root field, before its types are known. */
export interface RootField {
  readonly name: string;
  readonly action: ResourceAction;
  readonly resource: Resource;
  readonly subresource: Subresource | undefined;
}

interface ActionRule {
  readonly action: ResourceAction;
  readonly name: keyof FieldNames;
  /** The verbs that discovery has to list. */
  readonly verbs: readonly string[];
}

const ACTIONS: Readonly<Record<Operation, readonly ActionRule[]>> = {
  query: [
    { action: 'list', name: 'list', verbs: ['list'] },
    { action: 'get', name: 'get', verbs: ['get'] },
  ],
  subscription: [
    { action: 'watch', name: 'list', verbs: ['list', 'watch'] },
    { action: 'live', name: 'live', verbs: ['list', 'watch'] },
  ],
  mutation: [
    { action: 'create', name: 'create', verbs: ['create'] },
    { action: 'replace', name: 'replace', verbs: ['update'] },
    { action: 'patch', name: 'patch', verbs: ['patch'] },
    { action: 'apply', name: 'apply', verbs: ['patch'] },
    { action: 'delete', name: 'delete', verbs: ['delete'] },
    { action: 'deleteCollection', name: 'deleteCollection', verbs: ['deletecollection'] },
  ],
};

/** The actions on a subresource, and the verb of its own that each needs. */
const SUBRESOURCE_ACTIONS: Readonly<
  Record<Operation, readonly { readonly action: keyof SubresourceNames; readonly verb: string }[]>
> = {
  query: [{ action: 'get', verb: 'get' }],
  subscription: [],
  mutation: [
    { action: 'create', verb: 'create' },
    { action: 'replace', verb: 'update' },
    { action: 'patch', verb: 'patch' },
    { action: 'apply', verb: 'patch' },
    { action: 'scale', verb: 'patch' },
  ],
};

/** What these answer is a stream or a connection and no object; discovery gives them a kind all the same. */
const CONNECTIONS: ReadonlySet<string> = new Set(['attach', 'exec', 'log', 'portforward', 'proxy']);

/** The fields of one root type that a resource has under `names`, its subresources' included. */
export function fieldsOf(operation: Operation, resource: Resource, names: FieldNames): readonly RootField[] {
  const fields: RootField[] = [];
  for (const { action, name, verbs } of ACTIONS[operation]) {
    if (verbs.every((verb) => resource.verbs.includes(verb)))
      fields.push({ name: names[name], action, resource, subresource: undefined });
  }
  for (const subresource of resource.subresources) {
    fields.push(...subresourceFields(operation, resource, subresource, names));
  }
  return fields;
}

function subresourceFields(
  operation: Operation,
  resource: Resource,
  subresource: Subresource,
  names: FieldNames,
): readonly RootField[] {
  const actions = subresourceActions(operation, subresource);
  if (actions.length === 0) return [];
  const own = subresourceNames(names, subresource.name);
  return actions.flatMap((action): readonly RootField[] => {
    const name = own[action];
    return name === undefined ? [] : [{ name, action, resource, subresource }];
  });
}

/** What the fields of one root type can do with a subresource. */
export function subresourceActions(
  operation: Operation,
  { name, kind, verbs }: Subresource,
): readonly (keyof SubresourceNames)[] {
  if (kind === undefined || CONNECTIONS.has(name)) return [];
  return SUBRESOURCE_ACTIONS[operation]
    .filter(({ verb }) => verbs.includes(verb))
    .map(({ action }) => action);
}
