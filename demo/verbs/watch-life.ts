import { isDeepStrictEqual } from 'node:util';
import type { Clock, Random } from '../api/clock.ts';
import type { ServedResource } from '../api/resource.ts';
import { DEFINITIONS } from '../registry/custom.ts';
import type { Change } from '../storage/store.ts';
import type { ListOptions } from './list-options.ts';
import type { Cluster } from './request.ts';

/** The shortest watch when the client does not say; the longest is twice that. */
const MIN_TIMEOUT_MS = 1_800_000;
const BOOKMARK_PERIOD_MS = 60_000;
/** How long before its end a watch sends a last bookmark, so that its client can go on without a gap. */
const LAST_BOOKMARK_MS = 2000;
/** Watches shorter than this get no last bookmark. */
const SHORT_WATCH_MS = 5000;
/** How long watches on a custom resource outlive its definition. */
const DEFINITION_GRACE_MS = 1100;

export function timeoutMs({ timeoutSeconds }: ListOptions, random: Random): number {
  if (timeoutSeconds !== undefined && timeoutSeconds > 0) return timeoutSeconds * 1000;
  return MIN_TIMEOUT_MS * (1 + random.next());
}

interface BookmarkPlan {
  readonly clock: Clock;
  readonly resource: ServedResource;
  /** Of the watch, in milliseconds. */
  readonly duration: number;
  readonly send: () => void;
}

/** Calls `send` every minute and shortly before the end; the function it answers stops that. */
export function scheduleBookmarks({ clock, resource, duration, send }: BookmarkPlan): () => void {
  // Events have no watch cache, and without one there are no bookmarks.
  if (resource.storageKey === '/events' || duration < SHORT_WATCH_MS) return () => undefined;
  const start = clock.now();
  let cancel: () => void = () => undefined;
  const schedule = (): void => {
    const last = start + duration - LAST_BOOKMARK_MS - clock.now();
    if (last <= 0) return;
    cancel = clock.after(Math.min(BOOKMARK_PERIOD_MS, last), () => {
      send();
      schedule();
    });
  };
  schedule();
  return () => cancel();
}

/** Calls `end` a moment after the definition of a custom resource has changed its spec or has gone. */
export function endsWithDefinition(
  { store, clock }: Cluster,
  resource: ServedResource,
  end: () => void,
): () => void {
  if (!resource.isCustom) return () => undefined;
  const name = definitionName(resource);
  let cancel: () => void = () => undefined;
  const stop = store.onChange(DEFINITIONS, (change) => {
    if (isOfSpec(change, name)) cancel = clock.after(DEFINITION_GRACE_MS, end);
  });
  return () => {
    stop();
    cancel();
  };
}

/** Whether a custom resource got another definition after `revision`: its cache starts anew then, and knows nothing before. */
export function isRedefinedAfter({ store }: Cluster, resource: ServedResource, revision: number): boolean {
  if (!resource.isCustom) return false;
  const changes = store.changesAfter(DEFINITIONS, revision) ?? [];
  return changes.some((change) => isOfSpec(change, definitionName(resource)));
}

function definitionName({ resource, group }: ServedResource): string {
  return `${resource}.${group}`;
}

/** Whether it is this definition whose spec has changed. */
function isOfSpec({ type, object, previous }: Change, name: string): boolean {
  if (object.metadata.name !== name) return false;
  return type !== 'MODIFIED' || !isDeepStrictEqual(object['spec'], previous?.['spec']);
}
