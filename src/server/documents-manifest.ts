import { isJsonObject, tryParseJson } from '../util/json.ts';

/**
 * The documents in a manifest, by name. It is a JSON object of texts by name, as graphql-codegen's client preset writes it, or
 * Apollo's list of operations. Throws what `refuse` makes; the words follow the name of the file.
 */
export function readManifest(text: string, refuse: (words: string) => Error): ReadonlyMap<string, string> {
  const manifest = tryParseJson(text);
  if (!isJsonObject(manifest)) throw refuse('is no JSON object');
  const entries =
    manifest['format'] === APOLLO_FORMAT
      ? operationsOf(manifest['operations'], refuse)
      : Object.entries(manifest);
  const wrong = entries.find(([, document]) => typeof document !== 'string');
  if (wrong !== undefined) throw refuse(`has no text for ${JSON.stringify(wrong[0])}`);
  if (entries.some(([name]) => name === '')) throw refuse('has a document without a name');
  // Every document has just been seen to be a text.
  return new Map(entries as readonly (readonly [string, string])[]);
}

const APOLLO_FORMAT = 'apollo-persisted-query-manifest';

function operationsOf(
  operations: unknown,
  refuse: (words: string) => Error,
): readonly (readonly [string, unknown])[] {
  if (!Array.isArray(operations)) throw refuse('has no list of operations');
  return operations.map((operation: unknown) => {
    const { id, body } = isJsonObject(operation) ? operation : {};
    if (typeof id !== 'string') throw refuse('has an operation without an id');
    return [id, body];
  });
}
