import { stringify } from 'yaml';
import { inMetadataOrder } from '../api/metadata-order.ts';
import { printJson } from '../api/json.ts';
import type { Representation } from './negotiation.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/**
 * The order of keys: `struct` as the real server's own types have it, `alphabetical` at every level as it writes custom
 * resources.
 */
export type KeyOrder = 'struct' | 'alphabetical';

/** An object with its keys in order, as it is to be written. */
export function ordered(object: JsonObject, order: KeyOrder): JsonObject {
  return order === 'alphabetical' ? sorted(object) : structOrder(object);
}

/** The text of a value in the wanted syntax. Escapes what Go escapes. */
export function textOf(
  value: unknown,
  { syntax, pretty }: Pick<Representation, 'syntax' | 'pretty'>,
): string {
  if (syntax === 'yaml') return stringify(sortedValue(value), { lineWidth: 80, indentSeq: false });
  return escapeHtml(pretty ? prettyJson(value) : jsonText(value));
}

/** One line of JSON. */
export function compactText(value: unknown): string {
  return escapeHtml(jsonText(value));
}

function structOrder(object: JsonObject): JsonObject {
  const { kind, apiVersion, metadata, spec, status, ...rest } = object;
  const isObject = typeof metadata === 'object' && metadata !== null;
  return defined({
    kind,
    apiVersion,
    metadata: isObject ? inMetadataOrder(metadata) : metadata,
    ...(spec === undefined ? {} : { spec }),
    ...rest,
    status,
  });
}

function sorted(object: JsonObject): JsonObject {
  const keys = Object.keys(object).sort();
  return Object.fromEntries(keys.map((key) => [key, sortedValue(object[key])]));
}

function sortedValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedValue);
  return typeof value === 'object' && value !== null ? sorted(value as JsonObject) : value;
}

function defined(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}

/** The engine's own writer is many times faster, but knows no BigInt. */
function jsonText(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    return printJson(value);
  }
}

/** Marks integers that JSON.stringify cannot write, to be unquoted afterwards. */
const MARK = '\uE000';

function prettyJson(value: unknown): string {
  const text = JSON.stringify(
    value,
    (_, each: unknown) => (typeof each === 'bigint' ? `${MARK}${each}` : each),
    2,
  );
  return text.replace(/"\uE000(-?\d+)"/g, '$1');
}

const ESCAPED = /[<>&\u2028\u2029]/;

/** Go's encoder makes JSON safe inside HTML. */
function escapeHtml(json: string): string {
  if (!ESCAPED.test(json)) return json;
  return json.replace(
    /[<>&\u2028\u2029]/g,
    (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
