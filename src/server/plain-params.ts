import { type DocumentRequest, namesDocument } from '../execution/document-name.ts';
import { isJsonObject, tryParseJson } from '../util/json.ts';

/** The parameters of GraphQL over HTTP, as they come when nothing is wrong with them. */
export interface PlainParams extends DocumentRequest {
  readonly variables: Readonly<Record<string, unknown>> | undefined;
  readonly operationName: string | undefined;
}

/** The parameters in a body of JSON; undefined when anything about them is odd. */
export function bodyParams(body: Buffer): PlainParams | undefined {
  const params = tryParseJson(body.toString('utf8'));
  if (!isJsonObject(params) || !Object.keys(params).every((name) => PARAMETERS.has(name))) return undefined;
  return plainParams(params);
}

/**
 * The parameters in a URL's query, each at most once; undefined when anything about them is odd. Others may be there: some
 * clients add one to get past caches.
 */
export function queryParams(search: string): PlainParams | undefined {
  if (ODD_IN_URL.test(search)) return undefined;
  const params = new Map<string, unknown>();
  for (const [name, text] of new URLSearchParams(search)) {
    if (!PARAMETERS.has(name)) continue;
    // Bytes that are no UTF-8 have become this character.
    if (params.has(name) || text.includes('\ufffd')) return undefined;
    const value = JSON_PARAMETERS.has(name) ? tryParseJson(text) : text;
    if (text !== '' && value === undefined) return undefined;
    params.set(name, text === '' ? undefined : value);
  }
  return plainParams(Object.fromEntries(params));
}

function plainParams(params: Readonly<Record<string, unknown>>): PlainParams | undefined {
  const { query, variables, operationName, extensions, documentId } = params;
  if (!isObjectOrAbsent(variables) || !isObjectOrAbsent(extensions)) return undefined;
  if (!isTextOrAbsent(operationName) || !isTextOrAbsent(query)) return undefined;
  const named = { documentId, extensions };
  if (typeof query !== 'string' && !namesDocument(named)) return undefined;
  return { ...named, query, variables: variables ?? undefined, operationName: operationName ?? undefined };
}

const PARAMETERS: ReadonlySet<string> = new Set([
  'query',
  'variables',
  'operationName',
  'extensions',
  'documentId',
]);

const JSON_PARAMETERS: ReadonlySet<string> = new Set(['variables', 'extensions']);

/** What URLs do not hold, and percent signs that begin no escape. */
const ODD_IN_URL = /[^\x21-\x7e]|#|%(?![0-9a-f]{2})/i;

function isObjectOrAbsent(value: unknown): value is Readonly<Record<string, unknown>> | null | undefined {
  return value === undefined || value === null || isJsonObject(value);
}

function isTextOrAbsent(value: unknown): value is string | null | undefined {
  return value === undefined || value === null || typeof value === 'string';
}
