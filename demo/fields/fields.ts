import type { KubeObject } from '../api/object.ts';
import type { Schema, SchemaSource } from '../schema/schema.ts';

/** Who writes, and what. */
export interface FieldWrite {
  readonly source: SchemaSource;
  /** The schema of the kind; undefined for objects of unknown shape, whose lists are then atomic. */
  readonly schema: Schema | undefined;
  /** The `apiVersion` that the writer uses. */
  readonly apiVersion: string;
  readonly manager: string;
  /** Set for writes to `/status` and `/scale`: a manager owns those fields separately. */
  readonly subresource?: string;
  /** RFC 3339, in seconds. */
  readonly time: string;
}

export interface Apply extends FieldWrite {
  /** Undefined when the object is to be created. */
  readonly live: KubeObject | undefined;
  readonly patch: Readonly<Record<string, unknown>>;
  readonly force: boolean;
  /** The part of the patch that counts. The whole patch must be well-formed nevertheless. Default: all of it. */
  readonly relevant?: (patch: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>;
}

/** What `fields/` offers to `verbs/`; the files beside implement it. */
export interface FieldManagement {
  /**
   * Server-side apply: merges `patch` into `live`, removes what the manager applied before and no longer names, and
   * records who owns what. The answer has everything but a new resourceVersion; equal to `live` when nothing changes.
   *
   * @throws ApiError 409 Conflict with one cause per field that another manager owns, unless `force`; 500 without reason
   *   for a field that the schema does not have; 400 for managedFields in the patch.
   */
  apply(options: Apply): KubeObject;
  /** `next` with managedFields brought up to date for a write that is no apply. */
  update(
    options: FieldWrite & { readonly live: KubeObject | undefined; readonly next: KubeObject },
  ): KubeObject;
  /**
   * Strategic merge patch, by the merge keys of the schema: `$patch: delete|replace`, `$setElementOrder`, `$retainKeys`
   * and `$deleteFromPrimitiveList` included.
   */
  strategicMerge(
    live: KubeObject,
    patch: Readonly<Record<string, unknown>>,
    schema: Schema,
    source: SchemaSource,
  ): unknown;
}
