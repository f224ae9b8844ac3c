import type { KubeObject, OwnerReference } from '../../api/object.ts';
import type { Controller, World } from '../controller.ts';
import { isBeingDeleted, keyOf } from '../objects.ts';
import type { Owned } from '../owners.ts';
import type { Resource } from '../kinds.ts';

const FOREGROUND = 'foregroundDeletion';
const ORPHAN = 'orphan';

/**
 * Deletes what nobody owns any more. It looks at every resource, so unlike other controllers it hears of changes through
 * `Owners`; keys are `STORAGE-KEY NAMESPACE/NAME`, or the uid of an owner that is gone.
 */
export function createGarbageCollector(world: World, look: (key: string) => void): Controller {
  const { objects, owners } = world;
  const known = new Map<string, Owned>();

  owners.onChange((change, resource) => {
    const { object } = change;
    const note = (owned: Owned): void => {
      const key = `${owned.resource.key} ${keyOf(owned.object)}`;
      known.set(key, owned);
      look(key);
    };
    if (change.type === 'DELETED')
      for (const dependent of owners.dependents(object.metadata.uid)) note(dependent);
    else if (change.type === 'ADDED' ? hasOwners(object) : isBeingDeleted(object)) note({ resource, object });
    // An owner that is deleted in the foreground waits for its dependents.
    if (change.type !== 'ADDED' && isBeingDeleted(object)) {
      for (const reference of object.metadata.ownerReferences ?? []) {
        const owner = ownerOf(world, object, reference);
        if (owner?.object !== undefined && isBeingDeleted(owner.object))
          note({ resource: owner.resource, object: owner.object });
      }
    }
  });

  return {
    name: 'garbage',
    watches: [],
    reconcile(key) {
      const noted = known.get(key);
      known.delete(key);
      if (noted === undefined) return undefined;
      const { namespace, name } = noted.object.metadata;
      const object = objects.get(noted.resource, namespace, name);
      if (object === undefined || object.metadata.uid !== noted.object.metadata.uid) return undefined;
      if (isBeingDeleted(object)) finalize(world, noted.resource, object);
      else collect(world, noted.resource, object);
      return undefined;
    },
  };
}

function hasOwners({ metadata }: KubeObject): boolean {
  return (metadata.ownerReferences ?? []).length > 0;
}

function finalize(world: World, resource: Resource, owner: KubeObject): void {
  const { finalizers = [] } = owner.metadata;
  const dependents = world.owners.dependents(owner.metadata.uid);
  if (finalizers.includes(ORPHAN)) {
    for (const { resource, object } of dependents)
      withoutOwners(world, resource, object, new Set([owner.metadata.uid]));
    world.objects.release(resource, owner, ORPHAN);
  }
  if (!finalizers.includes(FOREGROUND)) return;
  for (const { resource, object } of dependents) {
    if (!isBeingDeleted(object))
      world.objects.delete(resource, object, { propagation: dependentsOf(world, object) });
  }
  const isBlocked = world.owners
    .dependents(owner.metadata.uid)
    .some(({ object }) =>
      object.metadata.ownerReferences?.some(
        (one) => one.uid === owner.metadata.uid && one.blockOwnerDeletion === true,
      ),
    );
  if (!isBlocked) world.objects.release(resource, owner, FOREGROUND);
}

function dependentsOf({ owners }: World, { metadata }: KubeObject): 'Foreground' | 'Background' {
  return owners.dependents(metadata.uid).length > 0 ? 'Foreground' : 'Background';
}

/** Deletes an object whose owners are all gone; of one that has others left, only the references to gone ones. */
function collect(world: World, resource: Resource, object: KubeObject): void {
  const references = object.metadata.ownerReferences ?? [];
  const gone = references.filter((reference) => ownerOf(world, object, reference)?.object === undefined);
  // A kind that is not served may come back: nothing is concluded from that.
  const absent = gone.filter((reference) => ownerOf(world, object, reference) !== undefined);
  if (absent.length === 0) return;
  if (absent.length < references.length)
    withoutOwners(world, resource, object, new Set(absent.map(({ uid }) => uid)));
  else world.objects.delete(resource, object);
}

/** Undefined for a kind that is not served; without `object` where the owner is not there, or is another by that name. */
function ownerOf(
  { owners, objects, registry }: World,
  dependent: KubeObject,
  reference: OwnerReference,
): { readonly resource: Resource; readonly object: KubeObject | undefined } | undefined {
  const served = registry.findKind(reference.apiVersion, reference.kind);
  const resource = owners.resourceOf(reference.apiVersion, reference.kind);
  if (served === undefined || resource === undefined) return undefined;
  const object = objects.get(
    resource,
    served.namespaced ? dependent.metadata.namespace : undefined,
    reference.name,
  );
  return { resource, object: object?.metadata.uid === reference.uid ? object : undefined };
}

function withoutOwners(
  { objects }: World,
  resource: Resource,
  object: KubeObject,
  uids: ReadonlySet<string | undefined>,
): void {
  const live = objects.get(resource, object.metadata.namespace, object.metadata.name);
  if (live === undefined) return;
  const left = live.metadata.ownerReferences?.filter(({ uid }) => !uids.has(uid)) ?? [];
  const { ownerReferences: _, ...rest } = live.metadata;
  objects.put(resource, {
    ...live,
    metadata: left.length === 0 ? rest : { ...live.metadata, ownerReferences: left },
  });
}
