import { KubegraphError } from '../../errors/kubegraph-error.ts';
import { tryParseJson } from '../../util/json.ts';

/** A value inside a buffer: `[start, end)`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const COMMA = 0x2c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/**
 * Finds members of the object that starts at `start`, and reads no further than the last of them.
 *
 * @param keys ASCII keys; the API server never escapes those.
 * @returns the spans of their values, in the order of `keys`; undefined for an absent one.
 * @throws UPSTREAM_ERROR when there is no object, or when it breaks off before all keys are found.
 */
export function findMembers(json: Buffer, start: number, keys: readonly string[]): (Span | undefined)[] {
  const found: (Span | undefined)[] = keys.map(() => undefined);
  let missing = keys.length;
  let at = skipSpace(json, expect(json, skipSpace(json, start), OPEN_BRACE));
  if (json[at] === CLOSE_BRACE) return found;
  for (;;) {
    const keyStart = expect(json, at, QUOTE);
    const keyEnd = endOfString(json, at);
    const valueStart = skipSpace(json, expect(json, skipSpace(json, keyEnd), COLON));
    const end = endOfValue(json, valueStart);
    const index = keys.indexOf(json.toString('latin1', keyStart, keyEnd - 1));
    if (index >= 0 && found[index] === undefined) {
      found[index] = { start: valueStart, end };
      missing -= 1;
      if (missing === 0) return found;
    }
    at = skipSpace(json, end);
    if (json[at] === CLOSE_BRACE) return found;
    at = skipSpace(json, expect(json, at, COMMA));
  }
}

/**
 * The elements of the array that starts at `start`, in order.
 *
 * @throws UPSTREAM_ERROR when there is no array, or when it breaks off.
 */
export function elementsOf(json: Buffer, start: number): Span[] {
  const elements: Span[] = [];
  let at = skipSpace(json, expect(json, start, OPEN_BRACKET));
  if (json[at] === CLOSE_BRACKET) return elements;
  for (;;) {
    const end = endOfValue(json, at);
    elements.push({ start: at, end });
    at = skipSpace(json, end);
    if (json[at] === CLOSE_BRACKET) return elements;
    at = skipSpace(json, expect(json, at, COMMA));
  }
}

/** The text of a string value; undefined for an absent value and for one that is no string. */
export function stringAt(json: Buffer, span: Span | undefined): string | undefined {
  if (span === undefined || json[span.start] !== QUOTE) return undefined;
  const value = tryParseJson(json.toString('utf8', span.start, span.end));
  return typeof value === 'string' ? value : undefined;
}

/** For answers of the API server that make no sense. */
export function senseless(what: string): KubegraphError {
  return new KubegraphError('UPSTREAM_ERROR', `the API server's answer makes no sense: ${what}`);
}

function endOfValue(json: Buffer, start: number): number {
  const first = json[start];
  if (first === QUOTE) return endOfString(json, start);
  if (first === OPEN_BRACE || first === OPEN_BRACKET) return endOfContainer(json, start);
  let at = start;
  while (at < json.length && isScalarByte(json[at])) at += 1;
  if (at === start) throw senseless('a value is missing');
  return at;
}

function endOfString(json: Buffer, start: number): number {
  for (let at = start + 1; at < json.length; at += 1) {
    const byte = json[at];
    if (byte === BACKSLASH) at += 1;
    else if (byte === QUOTE) return at + 1;
  }
  throw senseless('it breaks off inside a string');
}

function endOfContainer(json: Buffer, start: number): number {
  let depth = 0;
  let at = start;
  while (at < json.length) {
    const byte = json[at];
    if (byte === QUOTE) {
      at = endOfString(json, at);
      continue;
    }
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth += 1;
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) depth -= 1;
    at += 1;
    if (depth === 0) return at;
  }
  throw senseless('it breaks off inside an object');
}

/** Whether a number, true, false or null goes on with `byte`. */
function isScalarByte(byte: number | undefined): boolean {
  return byte !== COMMA && byte !== CLOSE_BRACE && byte !== CLOSE_BRACKET && byte !== COLON && !isSpace(byte);
}

function skipSpace(json: Buffer, start: number): number {
  let at = start;
  while (isSpace(json[at])) at += 1;
  return at;
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** The place behind `byte`, which has to be at `at`. */
function expect(json: Buffer, at: number, byte: number): number {
  if (json[at] !== byte) throw senseless(`not the JSON that was asked for, at byte ${at}`);
  return at + 1;
}
