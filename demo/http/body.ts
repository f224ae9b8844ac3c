import { parse } from 'yaml';
import { printJson } from '../api/json.ts';
import { badRequest, tooLarge, unsupportedBody } from './refusals.ts';

/** Bytes that a request body may have. */
export const MAX_BODY_BYTES = 3 * 1024 * 1024;

/**
 * Reads a whole request body.
 *
 * @throws ApiError 413 behind `MAX_BODY_BYTES`.
 */
export async function readBody(chunks: AsyncIterable<unknown>): Promise<Buffer> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    // Requests have no encoding set, so their chunks are bytes.
    const part = chunk as Buffer;
    bytes += part.length;
    if (bytes > MAX_BODY_BYTES) throw tooLarge(MAX_BODY_BYTES);
    parts.push(part);
  }
  return Buffer.concat(parts);
}

export interface RequestBody {
  readonly contentType: string;
  readonly body: Buffer;
}

const JSON_TYPE = 'application/json';

/**
 * YAML becomes JSON here, so that nothing behind has to know it. An apply patch keeps its media type, which says what is
 * to be done with it.
 *
 * @throws ApiError 415 for other writes than patches in a syntax that is not known, 400 for YAML with errors.
 */
export function decodeBody(verb: string, contentType: string | undefined, body: Buffer): RequestBody {
  const mediaType = (contentType ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  if (verb === 'patch') {
    const isYaml = mediaType.endsWith('+yaml');
    return { contentType: mediaType, body: isYaml ? jsonOf(body) : body };
  }
  if (body.length === 0) return { contentType: mediaType === '' ? JSON_TYPE : mediaType, body };
  if (mediaType === '' || mediaType === JSON_TYPE) return { contentType: JSON_TYPE, body };
  if (mediaType === 'application/yaml') return { contentType: JSON_TYPE, body: jsonOf(body) };
  throw unsupportedBody();
}

const OPENING_BRACE = /^\s*\{/;

function jsonOf(body: Buffer): Buffer {
  const text = body.toString();
  // Most apply patches are JSON already, which the JSON parser behind reads with every digit.
  if (OPENING_BRACE.test(text) && isJson(text)) return body;
  try {
    const value: unknown = parse(text, { intAsBigInt: true, uniqueKeys: false, merge: true });
    return Buffer.from(printJson(value));
  } catch (error) {
    throw badRequest(`error decoding YAML: ${error instanceof Error ? error.message : 'not YAML'}`);
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
