import type { KubeObject } from '../../../../demo/api/object.ts';
import type { Store } from '../../../../demo/storage/store.ts';

/** A store without history: what the HTTP layer looks at. */
export function fakeStore(): Store {
  const objects = new Map<string, KubeObject>();
  const keyOf = (storageKey: string, namespace: string | undefined, name: string): string =>
    `${storageKey}|${namespace ?? ''}|${name}`;
  const put = (storageKey: string, object: KubeObject): KubeObject => {
    objects.set(keyOf(storageKey, object.metadata.namespace, object.metadata.name), object);
    return object;
  };
  return {
    revision: 1,
    oldestRevision: 1,
    get: (storageKey, namespace, name) => objects.get(keyOf(storageKey, namespace, name)),
    snapshot: (storageKey, namespace) => ({
      revision: 1,
      objects: [...objects]
        .filter(([key]) => key.startsWith(`${storageKey}|`))
        .map(([, object]) => object)
        .filter(({ metadata }) => namespace === undefined || metadata.namespace === namespace),
    }),
    snapshotAt: () => undefined,
    changesAfter: () => undefined,
    insert: put,
    replace: put,
    remove: (storageKey, namespace, name) => {
      const key = keyOf(storageKey, namespace, name);
      const object = objects.get(key);
      objects.delete(key);
      return object;
    },
    onChange: () => () => undefined,
    compact: () => undefined,
  };
}
