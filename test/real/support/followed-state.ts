import { textAt } from './exact-json.ts';
import type { StreamedEvent } from './event-stream.ts';

/** What a client knows that applies every event: resourceVersions by name. */
export type FollowedState = ReadonlyMap<string, string>;

/**
 * The state after these events. Each object must have selected `metadata { name resourceVersion }`.
 *
 * An event that a resumed subscription repeats changes nothing.
 */
export function follow(events: readonly StreamedEvent[], before: FollowedState = new Map()): FollowedState {
  const state = new Map(before);
  for (const { type, object } of events) {
    if (type === 'SYNCED') continue;
    const name = textAt(object, 'metadata', 'name');
    if (type === 'DELETED') state.delete(name);
    else state.set(name, textAt(object, 'metadata', 'resourceVersion'));
  }
  return state;
}
