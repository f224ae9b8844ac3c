/** Why a text is no JSON, in the words of Go's decoder, as far as V8's own message tells. Undefined for JSON. */
export function jsonSyntaxError(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return inGo((error as SyntaxError).message, text);
  }
}

const PLACES: readonly (readonly [RegExp, string])[] = [
  [/^Expected property name/, 'looking for beginning of object key string'],
  [/^Expected double-quoted property name/, 'looking for beginning of object key string'],
  [/^Expected ':'/, 'after object key'],
  [/^Expected ',' or '}'/, 'after object key:value pair'],
  [/^Expected ',' or ']'/, 'after array element'],
  [/^Unexpected non-whitespace/, 'after top-level value'],
  [/^Bad control character/, 'in string literal'],
];

function inGo(message: string, text: string): string {
  const position = Number(/at position (\d+)/.exec(message)?.[1] ?? Number.NaN);
  const character = /^Unexpected token '(.)'/u.exec(message)?.[1] ?? text[position];
  if (character === undefined || /^(Unexpected end|Unterminated)/.test(message))
    return 'unexpected end of JSON input';
  const place = PLACES.find(([pattern]) => pattern.test(message))?.[1] ?? 'looking for beginning of value';
  return `invalid character ${quotedCharacter(character)} ${place}`;
}

/** A character as Go quotes it. */
function quotedCharacter(character: string): string {
  const code = character.charCodeAt(0);
  if (character === "'") return String.raw`'\''`;
  const isPlain = code >= 0x20 && code < 0x7f;
  return `'${isPlain ? character : `\\u${code.toString(16).padStart(4, '0')}`}'`;
}

/** What Go's decoder calls the type of a JSON value. */
export function jsonTypeName(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'bigint') return 'number';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value where it is an object, and an empty one where it is not. */
export function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {};
}

/** The value where it is a text, and an empty one where it is not. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
