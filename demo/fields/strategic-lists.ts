import { ApiError } from '../api/status.ts';
import { goText } from './go-text.ts';
import { isList, isMap, type JsonMap } from './values.ts';

export interface ListMerge {
  /** The field that tells items apart; empty for lists of scalars. */
  readonly mergeKey: string;
  readonly mergeItems: (live: JsonMap, patch: JsonMap) => JsonMap;
}

/** Most of what is wrong with a strategic merge patch is an internal error to the real server. */
export function patchError(message: string): ApiError {
  return new ApiError(500, message);
}

export function badRequest(message: string): ApiError {
  return new ApiError(400, message, { reason: 'BadRequest' });
}

/** `patch` merged into `live`: items that both have are merged, the others are kept or added; directives are obeyed. */
export function mergeLists(
  live: readonly unknown[],
  patch: readonly unknown[],
  how: ListMerge,
): readonly unknown[] {
  if (live.length === 0 && patch.length === 0) return live;
  checkItems(live, patch);
  if (!isMap([...live, ...patch][0])) return orderItems([...new Set([...live, ...patch])], patch, live, '');
  if (how.mergeKey === '') throw patchError('cannot merge lists without merge key for struct');
  return mergeKeyed(live as readonly JsonMap[], patch as readonly JsonMap[], how);
}

function checkItems(live: readonly unknown[], patch: readonly unknown[]): void {
  const kinds = new Set(
    [...live, ...patch].map((item) => (isList(item) ? 'list' : isMap(item) ? 'map' : typeof item)),
  );
  if (kinds.size > 1) throw patchError(`list element types are not identical: ${goText([live, patch])}`);
  if (!kinds.has('list')) return;
  const message = 'the server rejected our request due to an error in our request';
  throw new ApiError(422, message, { reason: 'Invalid', details: {} });
}

function mergeKeyed(live: readonly JsonMap[], patch: readonly JsonMap[], how: ListMerge): readonly JsonMap[] {
  const { mergeKey } = how;
  const directives = patch.filter((item) => '$patch' in item);
  const changes = patch.filter((item) => !('$patch' in item));
  const deleted = new Set(directives.filter((item) => isDelete(item)).map((item) => keyOf(item, mergeKey)));
  if (directives.some((item) => item['$patch'] === 'replace')) return changes;
  const kept = live.filter((item) => !deleted.has(item[mergeKey]));
  const merged = [...kept];
  for (const change of changes) {
    const key = keyOf(change, mergeKey);
    const index = merged.findIndex((item) => item[mergeKey] === key);
    const found = merged[index];
    if (found === undefined) merged.push(change);
    else merged[index] = how.mergeItems(found, change);
  }
  // Only maps went in.
  return orderItems(merged, changes, kept, mergeKey) as readonly JsonMap[];
}

function isDelete(item: JsonMap): boolean {
  const directive = item['$patch'];
  if (directive === 'merge') throw patchError('merging lists cannot yet be specified in the patch');
  if (directive === 'delete' || directive === 'replace') return directive === 'delete';
  throw patchError(`unknown patch type: ${goText(directive)} in map: ${goText(item)}`);
}

function keyOf(item: JsonMap, mergeKey: string): unknown {
  if (mergeKey in item) return item[mergeKey];
  throw patchError(`map: ${goText(item)} does not contain declared merge key: ${mergeKey}`);
}

/**
 * The order of the live list after its items were deleted and added. As many new items as were deleted count as live ones
 * at its end: the real server puts them into the freed places of the list that it then takes the order from.
 */
export function orderAfterMerge(
  live: readonly unknown[],
  merged: readonly unknown[],
  mergeKey: string,
): unknown[] {
  const keysOf = (items: readonly unknown[]): Set<unknown> =>
    new Set(items.map((item) => (isMap(item) ? item[mergeKey] : item)));
  const isIn = (keys: Set<unknown>, item: unknown): boolean => keys.has(isMap(item) ? item[mergeKey] : item);
  const [liveKeys, mergedKeys] = [keysOf(live), keysOf(merged)];
  const kept = live.filter((item) => isIn(mergedKeys, item));
  const added = merged.filter((item) => !isIn(liveKeys, item));
  return [...kept, ...added.slice(0, live.length - kept.length)];
}

/**
 * The items that `order` names, in its order; the others, in the order of `live`, come before the first of those that they
 * were in front of. So new items, which were in front of nothing, stay where the patch has them: first.
 */
export function orderItems(
  items: readonly unknown[],
  order: readonly unknown[],
  live: readonly unknown[],
  mergeKey: string,
): readonly unknown[] {
  const keyOf = (item: unknown): unknown => (mergeKey !== '' && isMap(item) ? item[mergeKey] : item);
  const rank = (list: readonly unknown[]): ((item: unknown) => number) => {
    const keys = list.map(keyOf);
    return (item) => keys.indexOf(keyOf(item));
  };
  const [inOrder, inLive] = [rank(order), rank(live)];
  const by = (rank: (item: unknown) => number) => (left: unknown, right: unknown) => rank(left) - rank(right);
  const named = items.filter((item) => inOrder(item) >= 0).sort(by(inOrder));
  const others = items.filter((item) => inOrder(item) < 0).sort(by(inLive));
  const ordered: unknown[] = [];
  for (const item of named) {
    while (others.length > 0 && inLive(others[0]) >= 0 && inLive(others[0]) < inLive(item))
      ordered.push(others.shift());
    ordered.push(item);
  }
  return [...ordered, ...others];
}
