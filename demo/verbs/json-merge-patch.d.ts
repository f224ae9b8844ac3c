/** The package has no types of its own. */
declare module 'json-merge-patch' {
  /** Applies an RFC 7396 patch. Changes `target` itself where it is an object. */
  export function apply(target: unknown, patch: unknown): unknown;
}
