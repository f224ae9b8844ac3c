/** A point in time as `metadata.creationTimestamp` has it: RFC 3339, in seconds. */
export function timestamp(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** A point in time as MicroTime fields have it: always six digits of a second. */
export function microTime(ms: number): string {
  const micros = Math.floor((ms % 1) * 1000);
  return `${new Date(ms).toISOString().slice(0, 23)}${micros.toString().padStart(3, '0')}Z`;
}

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
