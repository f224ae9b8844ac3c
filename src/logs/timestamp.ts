/** RFC 3339 with any fraction of a second; the kubelet writes nine digits, in the time zone of its machine. */
const RFC_3339 = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9})\d*)?(Z|[+-]\d\d:\d\d)$/;

/** `2026-01-01T00:00:00` */
const SECOND_LENGTH = 19;

/**
 * A moment as text that sorts as time does: in UTC, nine digits of a second, `Z` left out. Undefined for what is no
 * timestamp.
 */
export function moment(timestamp: string): string | undefined {
  const [, second, fraction = '', zone] = RFC_3339.exec(timestamp) ?? [];
  if (second === undefined || zone === undefined) return undefined;
  const utc = zone === 'Z' ? second : inUtc(second + zone);
  return utc && `${utc}.${fraction.padEnd(9, '0')}`;
}

/** The moment as `sinceTime` takes it, which the API server cuts to the second. */
export function sinceTimeOf(at: string): string {
  return `${secondOf(at)}Z`;
}

/** Its second, which sorts among moments as its beginning. */
export function secondOf(at: string): string {
  return at.slice(0, SECOND_LENGTH);
}

function inUtc(text: string): string | undefined {
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : new Date(time).toISOString().slice(0, SECOND_LENGTH);
}
