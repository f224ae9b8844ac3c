import { type Check, changesOf, syncedIndex, violation } from '../case.ts';

/**
 * Unique: no version of an object is told twice within a subscription, nor is its deletion; and what the snapshot holds is
 * not told again behind it.
 */
export const unique: Check = function* unique(one) {
  const told = new Set<string>();
  const snapshot = one.basis === 'snapshot' ? one.session.told[syncedIndex(one)]?.position : undefined;
  for (const [index, { key, uid, version, type, isSnapshot }] of changesOf(one)) {
    const name = `${type === 'DELETED' ? 'the deletion of' : 'version'} ${key} ${uid ?? ''}@${version ?? ''}`;
    if (told.has(name)) yield violation(one, 'unique', index, `${name} came twice`);
    told.add(name);
    const isInSnapshot = type !== 'DELETED' && !isSnapshot && (version ?? 0) <= (snapshot ?? -1);
    if (isInSnapshot)
      yield violation(one, 'unique', index, `${name} came again behind the snapshot of ${snapshot}`);
  }
};
