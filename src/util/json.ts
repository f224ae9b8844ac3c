/** Any JSON value, with integers beyond 2^53 as BigInt so that no digit is lost. */
export type Json =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };

/** `JSON.stringify` that also writes BigInt, as plain digits. `undefined` members are left out. */
export function stringifyJson(value: unknown): string {
  if (typeof value === 'bigint') return value.toString();
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(stringifyJson).join(',')}]`;
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .map(([key, member]) => `${JSON.stringify(key)}:${stringifyJson(member)}`);
  return `{${members.join(',')}}`;
}

/** Whether a parsed JSON value is an object (not an array, not null). */
export function isJsonObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `JSON.parse` that answers undefined for text that is not JSON. */
export function tryParseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const SPACE = 0x20;

/**
 * JSON bytes without line breaks, for values that are passed on as they are: server-sent events end at one. Between the
 * tokens of JSON a line break means nothing, and inside strings there is none.
 *
 * Changes `json` itself.
 */
export function oneLine(json: Buffer): Buffer {
  let end = json.length;
  while (end > 0 && (json[end - 1] as number) <= SPACE) end--;
  const text = json.subarray(0, end);
  for (const byte of [0x0a, 0x0d]) {
    for (let at = text.indexOf(byte); at >= 0; at = text.indexOf(byte, at + 1)) text[at] = SPACE;
  }
  return text;
}
