import { isJsonObject } from '../util/json.ts';

/**
 * A patch that does not decode makes the API server quote the *whole stored object* in its message and causes, the
 * `data` of a Secret included. A conflict on `uid` quotes the storage key. Neither may leave the gateway.
 */
const QUOTED_OBJECT = /[{[]\s*"|map\[|\\"(?:data|stringData|managedFields)\\"|&(?:core|v1|unstructured)\./;
const STORAGE_KEY = /Key: [^\s,]+,?\s*/g;

/** No honest message of the API server is longer; what is longer quotes something. */
const MAX_MESSAGE_LENGTH = 4096;

/** The Status' own words, or what is left of them when they quote an object. */
export function safeMessage(message: string, details?: Readonly<Record<string, unknown>>): string {
  const withoutKey = message.replace(STORAGE_KEY, '');
  if (isDecodeFailure(message, details)) return cutAtObject(withoutKey);
  return withoutKey.length > MAX_MESSAGE_LENGTH ? `${withoutKey.slice(0, MAX_MESSAGE_LENGTH)}…` : withoutKey;
}

/** `Status.details` with the causes' messages made safe in the same way. */
export function safeDetails(details: Readonly<Record<string, unknown>>): unknown {
  const causes = details['causes'];
  if (!Array.isArray(causes)) return details;
  return { ...details, causes: causes.map(safeCause) };
}

function safeCause(cause: unknown): unknown {
  if (!isJsonObject(cause) || typeof cause['message'] !== 'string') return cause;
  return { ...cause, message: safeMessage(cause['message'], { causes: [cause] }) };
}

/** Decode failures put the patched object behind the field `patch`. */
function isDecodeFailure(message: string, details?: Readonly<Record<string, unknown>>): boolean {
  if (/\bpatch: Invalid value\b/.test(message)) return true;
  const causes = details?.['causes'];
  return Array.isArray(causes) && causes.some((cause) => isJsonObject(cause) && cause['field'] === 'patch');
}

/**
 * Keeps the words before the quoted object and the decoder's verdict behind it: `…: strict decoding error: unknown
 * field "foo"` names fields of the patch, never values.
 */
function cutAtObject(message: string): string {
  const start = message.search(/Invalid value:/);
  const quoted = QUOTED_OBJECT.exec(message)?.index ?? start;
  if (quoted < 0) return message.slice(0, MAX_MESSAGE_LENGTH);
  const head = message.slice(0, start >= 0 ? Math.min(start, quoted) : quoted).trimEnd();
  const verdict =
    /(?:strict decoding error: )?(?:unknown field|duplicate field) "[^"]{1,256}"(?:, (?:unknown field|duplicate field) "[^"]{1,256}")*$/.exec(
      message,
    );
  return `${head} ${verdict?.[0] ?? 'the patched object does not decode (its content is withheld)'}`.trim();
}
