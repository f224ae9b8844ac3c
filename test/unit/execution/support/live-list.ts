/** An answer of a live query, as far as it shows objects. */
export interface LiveJson {
  readonly type?: string;
  readonly items: readonly unknown[] | null;
  readonly patches:
    | readonly { readonly op: string; readonly index: number; readonly object: unknown }[]
    | null;
  readonly total?: number;
}

/** What a payload says of `podsLive`. */
export function liveJson(json: Buffer): LiveJson {
  return (JSON.parse(json.toString()) as { data: { podsLive: LiveJson } }).data.podsLive;
}

/** What a client has after an answer. */
export function shown(items: readonly unknown[], answer: LiveJson): readonly unknown[] {
  return (answer.patches ?? []).reduce<readonly unknown[]>((list, { op, index, object }) => {
    if (index > list.length - (op === 'INSERT' ? 0 : 1)) throw new Error(`there is no ${index} to ${op}`);
    return op === 'REMOVE'
      ? list.toSpliced(index, 1)
      : list.toSpliced(index, op === 'UPDATE' ? 1 : 0, object);
  }, answer.items ?? items);
}

/** The selection that `sortedByNode` is about, of items and of patches. */
export const BY_NODE = '{ metadata { name } spec { nodeName } }';

/** Nodes as `spec.nodeName` sorts them. */
export const NODES = ['1', '2', '10', 'x'];

/** Pods by their names, as a list sorted by `spec.nodeName` shows them. */
export function sortedByNode(present: ReadonlyMap<string, string>): readonly object[] {
  return [...present]
    .sort(([a, x], [b, y]) => NODES.indexOf(x) - NODES.indexOf(y) || (a < b ? -1 : 1))
    .map(([name, nodeName]) => ({ metadata: { name }, spec: { nodeName } }));
}
