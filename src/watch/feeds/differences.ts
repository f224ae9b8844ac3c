import type { ChangeDelivery } from '../event.ts';
import { isOlder } from '../wire/resource-version.ts';
import { deliveryOf } from './deliveries.ts';
import type { ObjectStore } from './store.ts';

export interface DifferencesOptions {
  /** For all of them: it has to bring the rest again. */
  readonly cursor: string;
  readonly receivedAt: number;
  /** The latest events, by key: they tell more about an object that is gone. */
  readonly latest: ReadonlyMap<string, ChangeDelivery>;
}

/** What makes of `known` (versions by key) what is in `store`. Deletions come first, as in a new list. */
export function differences(
  store: ObjectStore,
  known: ReadonlyMap<string, string>,
  options: DifferencesOptions,
): readonly ChangeDelivery[] {
  const deliveries: ChangeDelivery[] = [];
  for (const [key, version] of known) {
    if (store.get(key) === undefined) deliveries.push(deletion(key, version, options));
  }
  for (const object of store.values()) {
    const version = known.get(object.key);
    if (version === object.resourceVersion) continue;
    deliveries.push(deliveryOf(object, { type: version === undefined ? 'ADDED' : 'MODIFIED', ...options }));
  }
  return deliveries;
}

function deletion(key: string, version: string, options: DifferencesOptions): ChangeDelivery {
  const { cursor, receivedAt, latest } = options;
  const seen = latest.get(key);
  // An earlier object of that name is not the one that the subscriber knows.
  const last = seen === undefined || isOlder(seen.resourceVersion, version) ? undefined : seen;
  const object = last?.event.object;
  return {
    id: last?.id ?? key,
    resourceVersion: last?.resourceVersion ?? version,
    event: { type: 'DELETED', key, object, before: undefined, isSnapshot: false, cursor, receivedAt },
  };
}
