import { beforeEach, describe, expect, it } from 'vitest';
import type { ObservedObject } from '../../../src/watch/wire/observed-object.ts';
import { ObjectStore, type Change } from '../../../src/watch/feeds/store.ts';

function object(key: string, resourceVersion: string, uid = `uid-${key}`): ObservedObject {
  return { key, uid, resourceVersion, bytes: Buffer.from(`${key} ${uid} ${resourceVersion}`) };
}

function listOf(...objects: ObservedObject[]): Map<string, ObservedObject> {
  return new Map(objects.map((item) => [item.key, item]));
}

/** `ADDED key@version uid` */
function labels(changes: readonly Change[]): string[] {
  return changes.map(
    ({ type, object: { key, resourceVersion, uid } }) => `${type} ${key}@${resourceVersion} ${uid}`,
  );
}

describe('ObjectStore', () => {
  let store: ObjectStore;

  beforeEach(() => {
    store = new ObjectStore();
    store.replace(listOf(object('a', '5'), object('b', '6')), '10');
  });

  it('says ADDED for an object it does not have, also when the server says MODIFIED', () => {
    expect(labels(store.apply('ADDED', object('c', '7')))).toEqual(['ADDED c@7 uid-c']);
    expect(labels(store.apply('MODIFIED', object('d', '8')))).toEqual(['ADDED d@8 uid-d']);
  });

  it('says MODIFIED for an object it has, also when the server says ADDED', () => {
    expect(labels(store.apply('MODIFIED', object('a', '7')))).toEqual(['MODIFIED a@7 uid-a']);
    expect(labels(store.apply('ADDED', object('a', '8')))).toEqual(['MODIFIED a@8 uid-a']);
  });

  it('says DELETED with what the server sent', () => {
    const last = object('a', '9');
    expect(store.apply('DELETED', last)).toMatchObject([{ type: 'DELETED', object: last }]);
    expect([...store.values()].map(({ key }) => key)).toEqual(['b']);
  });

  it('says DELETED also when the deletion carries the version that is known', () => {
    expect(labels(store.apply('DELETED', object('a', '5')))).toEqual(['DELETED a@5 uid-a']);
  });

  it.each([
    ['the same version again', 'ADDED', object('a', '5')],
    ['an older version', 'MODIFIED', object('a', '4')],
    ['an older deletion', 'DELETED', object('a', '4')],
    ['the deletion of an unknown object', 'DELETED', object('x', '9')],
    ['the deletion of an earlier object of the name', 'DELETED', object('a', '9', 'earlier')],
  ] as const)('says nothing for %s', (_, type, repeated) => {
    expect(store.apply(type, repeated)).toEqual([]);
    expect(labels(store.apply('DELETED', object('a', '10')))).toEqual(['DELETED a@10 uid-a']);
  });

  it('says nothing for what is repeated from before a deletion', () => {
    store.apply('DELETED', object('a', '9'));
    expect(store.apply('ADDED', object('a', '5'))).toEqual([]);
    expect(store.apply('DELETED', object('a', '9'))).toEqual([]);
  });

  it('says nothing for what is repeated from before a list that does not have it', () => {
    store.replace(listOf(object('b', '6')), '20');
    expect(store.apply('MODIFIED', object('a', '15'))).toEqual([]);
    store.apply('DELETED', object('b', '21'));
    store.replace(listOf(), '30');
    expect(store.apply('MODIFIED', object('b', '20'))).toEqual([]);
  });

  it('says ADDED for an object that comes back into the selection', () => {
    store.apply('DELETED', object('a', '9'));
    expect(labels(store.apply('ADDED', object('a', '11')))).toEqual(['ADDED a@11 uid-a']);
  });

  it('says DELETED and ADDED for another object of the same name', () => {
    expect(labels(store.apply('MODIFIED', object('a', '9', 'other')))).toEqual([
      'DELETED a@5 uid-a',
      'ADDED a@9 other',
    ]);
  });

  it('follows versions that do not compare', () => {
    store.replace(listOf(object('a', 'z')), 'y');
    expect(labels(store.apply('MODIFIED', object('a', 'b')))).toEqual(['MODIFIED a@b uid-a']);
  });

  it('follows objects without a uid', () => {
    store.replace(listOf(object('a', '1', '')), '10');
    expect(labels(store.apply('DELETED', object('a', '2', '')))).toEqual(['DELETED a@2 ']);
    expect(labels(store.apply('ADDED', object('a', '3', '')))).toEqual(['ADDED a@3 ']);
  });

  it('says how a complete list differs from what it had', () => {
    store.apply('ADDED', object('same', '7'));
    store.apply('ADDED', object('renewed', '8'));
    const list = listOf(
      object('b', '9'),
      object('same', '7'),
      object('renewed', '10', 'new'),
      object('c', '11'),
    );
    expect(labels(store.replace(list, '20'))).toEqual([
      'DELETED a@5 uid-a',
      'DELETED renewed@8 uid-renewed',
      'MODIFIED b@9 uid-b',
      'ADDED renewed@10 new',
      'ADDED c@11 uid-c',
    ]);
  });

  it('says DELETED with the bytes that were known last for what a list does not have', () => {
    const last = object('a', '7');
    store.apply('MODIFIED', last);
    expect(store.replace(listOf(object('b', '6')), '20')).toEqual([
      { type: 'DELETED', object: last, before: last.bytes },
    ]);
  });

  it('believes a list also when it goes back in time', () => {
    store.apply('DELETED', object('a', '9'));
    expect(labels(store.replace(listOf(object('a', '3'), object('b', '2')), '4'))).toEqual([
      'ADDED a@3 uid-a',
      'MODIFIED b@2 uid-b',
    ]);
    expect(labels(store.apply('MODIFIED', object('a', '4')))).toEqual(['MODIFIED a@4 uid-a']);
  });
});
