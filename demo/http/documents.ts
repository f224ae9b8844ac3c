/** A text that the server gives as a whole: discovery, OpenAPI. */
export interface Document {
  readonly body: Buffer;
  readonly contentType: string;
  /** As the header has it, quotes included. Absent where the real server gives none (legacy discovery, OpenAPI index). */
  readonly etag?: string;
}

export interface OpenApiDocument extends Document {
  readonly etag: string;
  /** The value of `?hash=` in the index: the etag without quotes. */
  readonly hash: string;
}

/**
 * What the server says about itself. `registry/` makes the documents; `http/` decides which one is asked for, compares
 * etags and hashes, and sets cache headers.
 */
export interface Documents {
  /** `/api` or `/apis`: `aggregated` is an APIGroupDiscoveryList, `legacy` APIVersions or an APIGroupList. */
  discovery(half: 'api' | 'apis', form: 'aggregated' | 'legacy'): Document;
  /** `/apis/GROUP`: an APIGroup. Undefined for a group that is not served. */
  group(group: string): Document | undefined;
  /** `/api/v1`, `/apis/GROUP/VERSION`: an APIResourceList. Undefined for a group-version that is not served. */
  groupVersion(group: string, version: string): Document | undefined;
  /** `/openapi/v3`. */
  openApiIndex(): Document;
  /** `/openapi/v3/PATH`, as in `apis/apps/v1`. Undefined for a path that the index does not have. */
  openApiDocument(path: string): OpenApiDocument | undefined;
}
