import type { Resource } from '../../catalog/resource.ts';
import { isKubegraphError, KubegraphError } from '../../errors/kubegraph-error.ts';
import type { WatchScope } from '../../watch/scope.ts';
import { type Args, collectionPath, optionalText, pathSegment } from '../call.ts';
import { type ObjectReference, parseObjectId } from '../computed-fields.ts';

export const MAX_BATCH_MS = 60_000;

/** What a subscriber may say that it knows: what a request has room for. */
const MAX_KNOWN = 20_000;

/** The collection that a subscription field watches. Throws BAD_USER_INPUT. */
export function watchScope(resource: Resource, args: Args): WatchScope {
  const labelSelector = optionalText(args, 'labelSelector');
  const fieldSelector = fieldSelectorOf(args);
  return {
    path: collectionPath(resource, args),
    ...(labelSelector === undefined ? {} : { labelSelector }),
    ...(fieldSelector === undefined ? {} : { fieldSelector }),
  };
}

/** One object is watched by its name in a field selector: the API server then asks for a permission on that name only. */
function fieldSelectorOf(args: Args): string | undefined {
  const name = optionalText(args, 'name');
  const fieldSelector = optionalText(args, 'fieldSelector');
  if (name === undefined) return fieldSelector;
  // No name has these, and in a field selector they would say more than a name.
  if (/[,=\\]/.test(name))
    throw new KubegraphError('BAD_USER_INPUT', `${JSON.stringify(name)} cannot be the name of an object`);
  const byName = `metadata.name=${pathSegment(name, 'name')}`;
  return fieldSelector === undefined || fieldSelector === '' ? byName : `${byName},${fieldSelector}`;
}

/** A whole number within bounds; undefined where it is not given. Throws BAD_USER_INPUT. */
export function boundedInt(args: Args, name: string, min: number, max: number): number | undefined {
  const value = args[name];
  if (typeof value !== 'number') return undefined;
  if (value >= min && value <= max) return value;
  throw new KubegraphError('BAD_USER_INPUT', `"${name}" must be from ${min} to ${max}`);
}

/**
 * The versions that a subscriber holds, by `namespace/name`; undefined where it does not say. Throws BAD_USER_INPUT for what
 * the field does not watch.
 */
export function knownVersions(resource: Resource, args: Args): ReadonlyMap<string, string> | undefined {
  const known = args['known'];
  if (!Array.isArray(known)) return undefined;
  if (known.length > MAX_KNOWN) {
    throw new KubegraphError(
      'BAD_USER_INPUT',
      `"known" names more than ${MAX_KNOWN} objects: start with a snapshot instead`,
    );
  }
  // What the argument's type guarantees.
  const objects = known as readonly { readonly id: string; readonly resourceVersion: string }[];
  return new Map(objects.map(({ id, resourceVersion }) => [keyOf(resource, args, id), resourceVersion]));
}

function keyOf(resource: Resource, args: Args, id: string): string {
  const reference = referenceOf(id);
  const { namespace, name } = reference;
  const isWatched =
    reference.group === resource.group &&
    reference.version === resource.version &&
    reference.resource === resource.resource &&
    (namespace !== '') === resource.namespaced &&
    namespace === (optionalText(args, 'namespace') ?? namespace) &&
    name === (optionalText(args, 'name') ?? name);
  if (!isWatched) throw unknownId(id, 'is not of an object that this field watches');
  return `${namespace}/${name}`;
}

function referenceOf(id: string): ObjectReference {
  try {
    return parseObjectId(id);
  } catch (error) {
    throw isKubegraphError(error) ? unknownId(id, `cannot be known: ${error.message}`) : error;
  }
}

function unknownId(id: string, problem: string): KubegraphError {
  return new KubegraphError('BAD_USER_INPUT', `"known": the id ${JSON.stringify(id)} ${problem}`);
}
