import { createHash } from 'node:crypto';

/** A backslash would escape what follows it, which no name needs. */
const PINNED_NAME = /^metadata\.name==?([^=!\\]+)$/;

/** What is watched: one collection, possibly narrowed by selectors. */
export interface WatchScope {
  /** Collection path with its segments percent-encoded, for example `/api/v1/namespaces/default/pods`. */
  readonly path: string;
  /** As the API server takes it. Absent and `''` both mean: everything. */
  readonly labelSelector?: string;
  /** As the API server takes it. Absent and `''` both mean: everything. */
  readonly fieldSelector?: string;
}

/** Equal for two scopes exactly when they select the same objects in the same words. */
export function scopeKey(scope: WatchScope): string {
  // A JSON array, because a selector could contain any separator.
  return JSON.stringify([scope.path, scope.labelSelector ?? '', scope.fieldSelector ?? '']);
}

/** A short digest of the scope, safe to hand to clients. */
export function scopeDigest(scope: WatchScope): string {
  return createHash('sha256').update(scopeKey(scope)).digest('base64url').slice(0, 16);
}

/** The name that the field selector pins, if it does; then the API server asks for a permission on that name only. */
export function pinnedName(scope: WatchScope): string | undefined {
  const terms = (scope.fieldSelector ?? '').split(',');
  return terms.map((term) => PINNED_NAME.exec(term)?.[1]).find((name) => name !== undefined);
}

/** The scope's selectors as query parameters. */
export function selectorQuery(scope: WatchScope): Record<string, string | undefined> {
  return {
    labelSelector: scope.labelSelector || undefined,
    fieldSelector: scope.fieldSelector || undefined,
  };
}
