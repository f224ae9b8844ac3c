import { elementsOf, findMembers, senseless, stringAt } from './json-bytes.ts';
import { observe, type ObservedObject } from './observed-object.ts';

const NULL = 0x6e;

/** One page of a list. */
export interface ListPage {
  readonly items: readonly ObservedObject[];
  readonly resourceVersion: string;
  /** Asks for the next page; undefined on the last one. */
  readonly continueToken: string | undefined;
}

/**
 * Takes a list apart and leaves its items' bytes alone.
 *
 * Built-in lists put `metadata` before `items`, lists of custom resources behind it and with `"continue":""` on the last
 * page; an empty list may say `"items":null`.
 *
 * @throws UPSTREAM_ERROR when the body is no list, or breaks off.
 */
export function parseListPage(body: Buffer): ListPage {
  const [metadata, items] = findMembers(body, 0, ['metadata', 'items']);
  if (metadata === undefined || items === undefined) throw senseless('it is not a list');
  const [version, next] = findMembers(body, metadata.start, ['resourceVersion', 'continue']);
  const resourceVersion = stringAt(body, version);
  if (!resourceVersion) throw senseless('a list has no resourceVersion');
  const elements = body[items.start] === NULL ? [] : elementsOf(body, items.start);
  return {
    items: elements.map((element) => observe(body, element)),
    resourceVersion,
    continueToken: stringAt(body, next) || undefined,
  };
}
