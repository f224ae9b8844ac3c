import type { Clock, Random } from '../api/clock.ts';
import type { KubeObject } from '../api/object.ts';
import type { Registry } from '../api/resource.ts';
import type { Change } from '../storage/store.ts';
import type { Recorder } from './events.ts';
import type { Resource } from './kinds.ts';
import { controllerOf, keyOf, type Objects } from './objects.ts';
import type { Owners } from './owners.ts';

/** What controllers work with. */
export interface World {
  readonly objects: Objects;
  readonly owners: Owners;
  readonly events: Recorder;
  readonly registry: Registry;
  readonly clock: Clock;
  readonly random: Random;
  /** How long ago now is: 0 once the cluster's history is over. What repeats for ever is left out before. */
  readonly agoMs: () => number;
  /** Whether nothing may change by itself now: `quiet`, and the cluster's history is over. */
  readonly isStill: () => boolean;
}

/**
 * Brings what is there nearer to what is wanted, one object at a time, as often as something about it changes. It never
 * relies on having seen every change: it looks at the whole state each time.
 */
export interface Controller {
  readonly name: string;
  readonly watches: readonly Watch[];
  /** Collects changes for so long before looking, in milliseconds. Default 0. */
  readonly batchMs?: number;
  /** Looks at the object `key` and acts. Answers in how many milliseconds to look again, if time alone changes anything. */
  reconcile(key: string): number | undefined;
}

export interface Watch {
  readonly resource: Resource;
  /** The keys that a change concerns. */
  readonly concerns: (change: Change) => readonly string[];
}

/** Changes of the objects themselves. */
export function itself(resource: Resource): Watch {
  return { resource, concerns: ({ object }) => [keyOf(object)] };
}

/** Changes of what the objects of `kind` control. */
export function controlled(resource: Resource, kind: string): Watch {
  return {
    resource,
    concerns: ({ object, previous }) =>
      [...new Set([controllerKey(object, kind), previous && controllerKey(previous, kind)])].filter(
        (key) => key !== undefined,
      ),
  };
}

function controllerKey(object: KubeObject, kind: string): string | undefined {
  const owner = controllerOf(object);
  return owner?.kind === kind ? `${object.metadata.namespace ?? ''}/${owner.name}` : undefined;
}
