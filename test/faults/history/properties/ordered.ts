import { type Check, changesOf, violation } from '../case.ts';

/** Ordered: within a subscription, an object's versions come in the order in which they were written. */
export const ordered: Check = function* ordered(one) {
  const latest = new Map<string, number>();
  for (const [index, { key, version, type }] of changesOf(one)) {
    if (version === undefined) continue;
    const before = latest.get(key) ?? 0;
    if (version < before) {
      yield violation(one, 'ordered', index, `${type} ${key} went from version ${before} to ${version}`);
    }
    latest.set(key, version);
  }
};
