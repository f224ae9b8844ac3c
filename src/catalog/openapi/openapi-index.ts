import type { Identity } from '../../cluster/identity.ts';
import { errorOf, readJson } from '../../cluster/read.ts';
import type { Upstream } from '../../cluster/upstream.ts';
import { isJsonObject } from '../../util/json.ts';

/** The hash of each group-version's OpenAPI document, by its base path without the leading slash (`apis/apps/v1`). */
export type OpenApiIndex = ReadonlyMap<string, string>;

const GROUP_VERSION = /^(?:api\/[^/]+|apis\/[^/]+\/[^/]+)$/;

/**
 * Reads `/openapi/v3`. Its content type is wrong behind the aggregator (`text/plain`) and it has no ETag: changes show
 * in the hashes only. A server without OpenAPI v3 has an empty index, and every shape is then JSON.
 *
 * The same object comes back when nothing has changed since `last`.
 */
export async function fetchOpenApiIndex(
  upstream: Upstream,
  identity: Identity,
  last?: OpenApiIndex,
): Promise<OpenApiIndex> {
  const index = await fetchIndex(upstream, identity);
  return last !== undefined && isEqual(index, last) ? last : index;
}

function isEqual(one: OpenApiIndex, other: OpenApiIndex): boolean {
  return one.size === other.size && [...one].every(([path, hash]) => other.get(path) === hash);
}

async function fetchIndex(upstream: Upstream, identity: Identity): Promise<OpenApiIndex> {
  const answer = await upstream.send({ identity, method: 'GET', path: '/openapi/v3' });
  if (answer.status === 404) {
    answer.body.destroy();
    return new Map();
  }
  if (answer.status !== 200) throw await errorOf(answer);
  const index: unknown = await readJson(answer.body);
  const paths = isJsonObject(index) && isJsonObject(index['paths']) ? index['paths'] : {};
  return new Map(
    Object.entries(paths)
      .filter(([key]) => GROUP_VERSION.test(key))
      .map(([key, entry]) => [key, hashOf(entry)]),
  );
}

/** Empty where the server gives none: such a document is kept nowhere, and fetched again whenever it is asked for. */
function hashOf(entry: unknown): string {
  const url =
    isJsonObject(entry) && typeof entry['serverRelativeURL'] === 'string' ? entry['serverRelativeURL'] : '';
  // Hundreds of them, before the first answer: a URL's parser takes 8 ms for what is hexadecimal as a rule.
  const plain = /^[^?#]*\?hash=(\w+)$/.exec(url)?.[1];
  if (plain !== undefined) return plain;
  // Aggregated servers write theirs themselves, and one of them must not take the whole index along.
  if (!URL.canParse(url, 'http://localhost')) return '';
  return new URL(url, 'http://localhost').searchParams.get('hash') ?? '';
}

/**
 * One group-version's OpenAPI document, or undefined when the server does not have it (any more).
 *
 * A hash that is out of date is answered with a redirect to the current document, which is then asked for without one:
 * `isOfHash` is false, and it must not be kept under that hash. Any document is of no hash.
 */
export async function fetchOpenApiDocument(
  upstream: Upstream,
  identity: Identity,
  groupVersionPath: string,
  hash: string,
): Promise<{ readonly document: unknown; readonly isOfHash: boolean } | undefined> {
  const ask = (query: Readonly<Record<string, string | undefined>>) =>
    upstream.send({ identity, method: 'GET', path: `/openapi/v3/${groupVersionPath}`, query });
  let answer = await ask({ hash: hash === '' ? undefined : hash });
  const isOfHash = answer.status !== 301;
  if (answer.status === 301) {
    answer.body.destroy();
    answer = await ask({});
  }
  if (answer.status === 404) {
    answer.body.destroy();
    return undefined;
  }
  if (answer.status !== 200) throw await errorOf(answer);
  return { document: await readJson(answer.body), isOfHash };
}
