import { compareNumbers, exactNumber, type ExactNumber } from './exact-number.ts';

type Present = boolean | ExactNumber | string;

/** What an object is sorted by; undefined where it does not have it. */
export type SortKey = Present | undefined;

/** The key that a JSON value is. Objects and lists are none. */
export function sortKeyOf(json: string): SortKey {
  switch (json.charAt(0)) {
    case 't':
    case 'f':
      return json === 'true';
    case '"': {
      const text = JSON.parse(json) as string;
      return exactNumber(text) ?? text;
    }
    case 'n':
    case '{':
    case '[':
      return undefined;
    default:
      return exactNumber(json) ?? json;
  }
}

/** Negative when `a` comes first. Absent keys come last, whichever way the others are sorted. */
export function compareSortKeys(a: SortKey, b: SortKey, isDescending: boolean): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  const order = comparePresent(a, b);
  return isDescending ? -order : order;
}

/** Kinds of values stand apart: comparing some texts by value and some by their letters would be no order. */
function comparePresent(a: Present, b: Present): number {
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b);
  if (typeof a === 'object' && typeof b === 'object') return compareNumbers(a, b);
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b);
  return rank(a) - rank(b);
}

function rank(key: Present): number {
  return ['boolean', 'object', 'string'].indexOf(typeof key);
}

/** By code points; JavaScript's own order is by UTF-16 units, in which an emoji comes before U+FFFD. */
function compareText(a: string, b: string): number {
  const end = Math.min(a.length, b.length);
  for (let at = 0; at < end; at++) {
    const unit = a.charCodeAt(at);
    const other = b.charCodeAt(at);
    if (unit !== other) return pointRank(unit) - pointRank(other);
  }
  return a.length - b.length;
}

/** Halves of surrogate pairs stand for what comes behind all that one unit can say. */
function pointRank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
