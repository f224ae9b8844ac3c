import type { KubeObject } from '../api/object.ts';
import type { Definition, DefinitionCondition } from '../schema/definition.ts';
import { withCondition } from './naming.ts';

/** Keeps a deleted definition until the last of its objects is gone. */
export const CLEANUP_FINALIZER = 'customresourcecleanup.apiextensions.k8s.io';

/** What a new definition has as its status before its names have been looked at. */
export function createdDefinition(definition: KubeObject): KubeObject {
  const { spec } = definition as Definition;
  const storedVersions = spec.versions.filter(({ storage }) => storage).map(({ name }) => name);
  return {
    ...definition,
    status: { conditions: null, acceptedNames: { plural: '', kind: '' }, storedVersions },
  };
}

/**
 * A definition that has been asked to go, for the verb to store instead of removing it.
 *
 * @param now RFC 3339, in seconds.
 */
export function deletedDefinition(definition: KubeObject, now: string): KubeObject {
  const { metadata } = definition;
  const finalizers = metadata.finalizers ?? [];
  return terminating(
    {
      ...(definition as Definition),
      metadata: {
        ...metadata,
        deletionTimestamp: metadata.deletionTimestamp ?? now,
        finalizers: finalizers.includes(CLEANUP_FINALIZER) ? finalizers : [...finalizers, CLEANUP_FINALIZER],
      },
    },
    {
      reason: 'InstanceDeletionPending',
      message: 'CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon',
    },
    now,
  );
}

/** `definition` with its Terminating condition set. */
export function terminating(
  definition: Definition,
  why: Required<Pick<DefinitionCondition, 'reason' | 'message'>>,
  now: string,
): Definition {
  const condition: DefinitionCondition = { type: 'Terminating', status: 'True', ...why };
  const conditions = withCondition(definition.status?.conditions ?? [], condition, now);
  return { ...definition, status: { ...definition.status, conditions } };
}
