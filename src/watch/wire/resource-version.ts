/**
 * Kubernetes >= 1.35 promises resourceVersions of one resource to be positive integers that grow. Other API servers may
 * use anything, so what does not look like such an integer stays opaque.
 */
const COMPARABLE = /^[1-9][0-9]*$/;

/** Negative when `a` is older, 0 when equal, positive when newer; undefined when the two cannot be compared. */
export function compareVersions(a: string, b: string): number | undefined {
  if (a === b) return 0;
  if (!COMPARABLE.test(a) || !COMPARABLE.test(b)) return undefined;
  // By length, then by digits: they may be too long for a number.
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : 1;
}

/** Whether it can be compared with others of its kind. */
export function isComparable(version: string): boolean {
  return COMPARABLE.test(version);
}

/** Whether `a` is known to be older than `b`. */
export function isOlder(a: string, b: string): boolean {
  return (compareVersions(a, b) ?? 0) < 0;
}

/** The newer of the two, or `next` when they cannot be compared. */
export function laterVersion(current: string, next: string): string {
  return isOlder(next, current) ? current : next;
}

/** The newest of `versions`, as far as they compare. */
export function newestOf(versions: Iterable<string>): string | undefined {
  let newest: string | undefined;
  for (const version of versions) {
    if (newest === undefined || isOlder(newest, version)) newest = version;
  }
  return newest;
}
