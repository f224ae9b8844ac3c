import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../../demo/api/object.ts';
import type { HistoryBounds } from '../../../../demo/storage/history.ts';
import { createStore } from '../../../../demo/storage/memory-store.ts';
import type { Change, Store } from '../../../../demo/storage/store.ts';

const KEY = '/configmaps';

function configMap(name: string, data: string, namespace = 'a'): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data: { value: data } };
}

interface Bench {
  readonly store: Store;
  readonly pass: (ms: number) => void;
}

function bench(history?: HistoryBounds): Bench {
  let now = 0;
  const clock = { now: () => now, after: () => () => undefined };
  return {
    store: createStore({ clock, ...(history === undefined ? {} : { history }) }),
    pass: (ms) => {
      now += ms;
    },
  };
}

function contents(objects: readonly KubeObject[] | undefined): readonly string[] | undefined {
  return objects?.map(({ metadata, data }) => {
    const { value } = data as { readonly value: string };
    return `${metadata.namespace}/${metadata.name}=${value}@${metadata.resourceVersion}`;
  });
}

function summary({ type, object, revision }: Change): string {
  return `${type} ${object.metadata.name}@${object.metadata.resourceVersion} r${revision}`;
}

describe('revisions', () => {
  it('counts all changes of all resources with one counter, and writes it into the objects', () => {
    const { store } = bench();
    store.insert(KEY, configMap('x', '1'));
    store.insert('/secrets', configMap('y', '1'));
    expect(store.replace(KEY, configMap('x', '2')).metadata.resourceVersion).toBe('4');
    expect(store.revision).toBe(4);
  });

  it('does not count a replacement that changes nothing', () => {
    const { store } = bench();
    const stored = store.insert(KEY, configMap('x', '1'));
    expect(store.replace(KEY, configMap('x', '1'))).toBe(stored);
    expect(store.revision).toBe(2);
  });

  it('gives a deletion a revision of its own', () => {
    const { store } = bench();
    store.insert(KEY, configMap('x', '1'));
    expect(store.remove(KEY, 'a', 'x')?.metadata.resourceVersion).toBe('3');
    expect(store.remove(KEY, 'a', 'x')).toBeUndefined();
    expect(store.revision).toBe(3);
  });

  it('refuses to insert what is there, and to replace what is not', () => {
    const { store } = bench();
    store.insert(KEY, configMap('x', '1'));
    expect(() => store.insert(KEY, configMap('x', '2'))).toThrow('already stored');
    expect(() => store.replace(KEY, configMap('y', '2'))).toThrow('not stored');
  });
});

describe('snapshots', () => {
  it('are in the order of keys, in which a hyphen comes before the slash', () => {
    const { store } = bench();
    for (const namespace of ['b', 'a', 'a-b']) store.insert(KEY, configMap('x', '1', namespace));
    expect(store.snapshot(KEY).objects.map(({ metadata }) => metadata.namespace)).toEqual(['a-b', 'a', 'b']);
  });

  it('hold one namespace when asked to', () => {
    const { store } = bench();
    store.insert(KEY, configMap('x', '1', 'a'));
    store.insert(KEY, configMap('x', '1', 'b'));
    expect(contents(store.snapshot(KEY, 'b').objects)).toEqual(['b/x=1@3']);
  });

  it('do not change with what comes after', () => {
    const { store } = bench();
    store.insert(KEY, configMap('x', '1'));
    const { objects } = store.snapshot(KEY);
    store.insert(KEY, configMap('y', '1'));
    expect(contents(objects)).toEqual(['a/x=1@2']);
  });

  it('show the past: what was there, as it was', () => {
    const { store } = bench();
    store.insert(KEY, configMap('x', '1'));
    store.insert(KEY, configMap('y', '1'));
    const then = store.revision;
    store.replace(KEY, configMap('x', '2'));
    store.remove(KEY, 'a', 'y');
    store.insert(KEY, configMap('z', '1'));
    expect(contents(store.snapshotAt(KEY, 'a', then)?.objects)).toEqual(['a/x=1@2', 'a/y=1@3']);
    expect(contents(store.snapshot(KEY).objects)).toEqual(['a/x=2@4', 'a/z=1@6']);
  });

  it('bring back an object under a name that was given again', () => {
    const { store } = bench();
    store.insert(KEY, configMap('x', 'old'));
    store.remove(KEY, 'a', 'x');
    store.insert(KEY, configMap('x', 'new'));
    expect(contents(store.snapshotAt(KEY, 'a', 2)?.objects)).toEqual(['a/x=old@2']);
    expect(store.snapshotAt(KEY, 'a', 3)?.objects).toEqual([]);
  });
});

describe('changes', () => {
  it('are told from a revision on, with the state before', () => {
    const { store } = bench();
    store.insert(KEY, configMap('x', '1'));
    store.replace(KEY, configMap('x', '2'));
    store.insert('/secrets', configMap('other', '1'));
    store.remove(KEY, 'a', 'x');
    const changes = store.changesAfter(KEY, 2) ?? [];
    expect(changes.map(summary)).toEqual(['MODIFIED x@3 r3', 'DELETED x@5 r5']);
    expect(contents(changes.flatMap(({ previous }) => previous ?? []))).toEqual(['a/x=1@2', 'a/x=2@3']);
  });

  it('reach listeners at once, until they stop', () => {
    const { store } = bench();
    const heard: string[] = [];
    const stop = store.onChange(KEY, (change) => heard.push(summary(change)));
    store.insert(KEY, configMap('x', '1'));
    store.insert('/secrets', configMap('other', '1'));
    expect(heard).toEqual(['ADDED x@2 r2']);
    stop();
    store.remove(KEY, 'a', 'x');
    expect(heard).toHaveLength(1);
  });

  it('come to all listeners in the same order, also when one of them makes a change', () => {
    const { store } = bench();
    const heard: string[] = [];
    store.onChange(KEY, ({ type }) => {
      if (type === 'ADDED') store.replace(KEY, configMap('x', '2'));
    });
    store.onChange(KEY, (change) => heard.push(summary(change)));
    store.insert(KEY, configMap('x', '1'));
    expect(heard).toEqual(['ADDED x@2 r2', 'MODIFIED x@3 r3']);
  });

  it('do not reach a listener that another one has stopped', () => {
    const { store } = bench();
    const heard: string[] = [];
    let stop = (): void => undefined;
    store.onChange(KEY, () => stop());
    stop = store.onChange(KEY, (change) => heard.push(summary(change)));
    store.insert(KEY, configMap('x', '1'));
    expect(heard).toEqual([]);
  });
});

describe('history', () => {
  it('forgets by compaction what was before, and still knows the state at that revision', () => {
    const { store } = bench();
    store.insert(KEY, configMap('x', '1'));
    store.replace(KEY, configMap('x', '2'));
    store.replace(KEY, configMap('x', '3'));
    store.compact(3);
    expect(store.oldestRevision).toBe(3);
    expect(store.changesAfter(KEY, 2)).toBeUndefined();
    expect(store.snapshotAt(KEY, 'a', 2)).toBeUndefined();
    expect(contents(store.snapshotAt(KEY, 'a', 3)?.objects)).toEqual(['a/x=2@3']);
    store.compact();
    expect(store.oldestRevision).toBe(4);
  });

  it('keeps young changes beyond the count', () => {
    const { store, pass } = bench({ maxChanges: 2, minAgeMs: 1000 });
    store.insert(KEY, configMap('x', '1'));
    for (const value of ['2', '3', '4']) store.replace(KEY, configMap('x', value));
    expect(store.oldestRevision).toBe(1);
    pass(1001);
    store.replace(KEY, configMap('x', '5'));
    expect(store.oldestRevision).toBe(4);
    expect(store.changesAfter(KEY, 4)?.map(summary)).toEqual(['MODIFIED x@5 r5', 'MODIFIED x@6 r6']);
  });

  it('gives up young changes too when they take too many bytes', () => {
    const { store } = bench({ maxBytes: 5000 });
    store.insert(KEY, configMap('x', 'a'.repeat(2000)));
    for (const letter of ['b', 'c', 'd']) store.replace(KEY, configMap('x', letter.repeat(2000)));
    expect(store.oldestRevision).toBe(3);
  });

  it('always knows the newest change, however large', () => {
    const { store } = bench({ maxBytes: 10 });
    store.insert(KEY, configMap('x', '1'));
    store.replace(KEY, configMap('x', '2'));
    expect(store.changesAfter(KEY, 2)?.map(summary)).toEqual(['MODIFIED x@3 r3']);
  });

  it('stays exact over many changes', () => {
    const { store, pass } = bench({ maxChanges: 100, minAgeMs: 0 });
    store.insert(KEY, configMap('x', '0'));
    for (let count = 1; count <= 5000; count++) {
      pass(1);
      store.replace(KEY, configMap('x', String(count)));
    }
    const changes = store.changesAfter(KEY, store.oldestRevision) ?? [];
    expect(changes).toHaveLength(100);
    expect(contents(store.snapshotAt(KEY, 'a', store.revision - 50)?.objects)).toEqual(['a/x=4950@4952']);
  });
});
