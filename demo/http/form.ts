import type { ServedResource } from '../api/resource.ts';
import type { ListMetadata } from '../verbs/request.ts';
import type { JsonObject, KeyOrder } from './layout.ts';
import type { Representation } from './negotiation.ts';
import { columnsOf } from './tables/columns.ts';
import { includeObjectOf, type TableOptions } from './tables/table.ts';

/** How an answer is wanted. */
export interface RenderOptions {
  readonly representation: Representation;
  readonly resource: ServedResource;
  readonly subresource: string | undefined;
  readonly query: URLSearchParams;
  readonly acceptsGzip: boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Custom resources come with sorted keys; forms of our own, such as tables, and the scale of one, do not. */
export function orderOf({ representation, resource, subresource }: RenderOptions): KeyOrder {
  const isPlain = representation.form === 'object' && (subresource === undefined || subresource === 'status');
  return resource.isCustom && isPlain ? 'alphabetical' : 'struct';
}

export function tableOptions({ resource, subresource, query, now }: RenderOptions): TableOptions {
  return { columns: columnsOf(resource, subresource), includeObject: includeObjectOf(query), now: now() };
}

/** A table of one object has that object's version. */
export function versionOf(object: JsonObject): JsonObject {
  const metadata = object['metadata'] as { readonly resourceVersion?: string } | undefined;
  return metadata?.resourceVersion === undefined ? {} : { resourceVersion: metadata.resourceVersion };
}

/** List metadata with the members that are there. */
export function listMetadata({
  resourceVersion,
  continueToken,
  remainingItemCount,
}: ListMetadata): JsonObject {
  return {
    resourceVersion,
    ...(continueToken === undefined || continueToken === '' ? {} : { continue: continueToken }),
    ...(remainingItemCount === undefined ? {} : { remainingItemCount }),
  };
}
