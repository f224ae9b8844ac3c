import { createHash } from 'node:crypto';

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

/** The scope's selectors as query parameters. */
export function selectorQuery(scope: WatchScope): Record<string, string | undefined> {
  return {
    labelSelector: scope.labelSelector || undefined,
    fieldSelector: scope.fieldSelector || undefined,
  };
}
