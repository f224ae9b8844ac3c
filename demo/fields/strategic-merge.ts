import type { KubeObject } from '../api/object.ts';
import type { Schema, SchemaSource } from '../schema/schema.ts';
import { goText, goType } from './go-text.ts';
import { asGoValue } from './go-values.ts';
import { shapeOf } from './shape.ts';
import {
  badRequest,
  orderAfterMerge,
  orderItems,
  patchError,
  mergeLists,
  type ListMerge,
} from './strategic-lists.ts';
import { isEqual, isList, isMap, type JsonMap } from './values.ts';

const DIRECTIVE = '$patch';
const RETAIN_KEYS = '$retainKeys';
const ELEMENT_ORDER = '$setElementOrder';
const DELETE_FROM_LIST = '$deleteFromPrimitiveList';

/** See `FieldManagement.strategicMerge`. */
export function strategicMerge(
  live: KubeObject,
  patch: JsonMap,
  schema: Schema,
  source: SchemaSource,
): unknown {
  return asGoValue(shapeOf(schema, source), mergeMaps(live, patch, new PatchSchema(schema, source)));
}

/** What the schema says about patches of a map's entries. */
class PatchSchema {
  readonly #schema: Schema;
  readonly #source: SchemaSource;

  constructor(schema: Schema, source: SchemaSource) {
    this.#schema = source.resolve(schema);
    this.#source = source;
  }

  /** Of the items, where the entry is a list. */
  entry(name: string): {
    readonly schema: PatchSchema;
    readonly strategy: string | undefined;
    readonly mergeKey: string;
  } {
    const { additionalProperties, properties } = this.#schema;
    const others = typeof additionalProperties === 'object' ? additionalProperties : {};
    const field = properties?.[name] ?? others;
    const strategies = field['x-kubernetes-patch-strategy']?.split(',') ?? [];
    return {
      schema: new PatchSchema(this.#source.resolve(field).items ?? field, this.#source),
      strategy: strategies.find((strategy) => strategy !== 'retainKeys'),
      mergeKey: field['x-kubernetes-patch-merge-key'] ?? '',
    };
  }
}

function mergeMaps(live: JsonMap, patch: JsonMap, schema: PatchSchema): JsonMap {
  const { [DIRECTIVE]: directive, ...plain } = patch;
  if (directive === 'replace') return plain;
  if (directive === 'delete') return {};
  if (DIRECTIVE in patch)
    throw patchError(`unknown patch type: ${goText(directive)} in map: ${goText(patch)}`);
  const { [RETAIN_KEYS]: retained, ...changes } = patch;
  const merged = new Map(Object.entries(retained === undefined ? live : retain(live, changes, retained)));
  for (const [name, value] of Object.entries(changes)) {
    if (name.startsWith(ELEMENT_ORDER))
      orderEntry(merged, changes, nameAfter(ELEMENT_ORDER, name), value, schema);
  }
  for (const [name, value] of Object.entries(changes)) {
    const isOrdered = `${ELEMENT_ORDER}/${name}` in changes;
    if (!isOrdered && !name.startsWith(ELEMENT_ORDER)) mergeEntry(merged, name, value, schema);
  }
  return Object.fromEntries(merged);
}

/** `live` with only the keys that the patch wants to keep; these must include all that it sets. */
function retain(live: JsonMap, changes: JsonMap, keys: unknown): JsonMap {
  const isNamed = (name: string): boolean => isList(keys) && keys.includes(name);
  const isDirective = (name: string): boolean =>
    name.startsWith(ELEMENT_ORDER) || name.startsWith(DELETE_FROM_LIST);
  const isWrong = Object.entries(changes).some(
    ([name, value]) => value !== null && !isDirective(name) && !isNamed(name),
  );
  if (!isList(keys) || isWrong) throw badRequest('invalid patch format of retainKeys');
  return Object.fromEntries(Object.entries(live).filter(([name]) => isNamed(name)));
}

function nameAfter(directive: string, text: string): string {
  const name = text.slice(directive.length + 1);
  const form = directive === ELEMENT_ORDER ? 'setElementOrder' : 'primitive';
  if (text.charAt(directive.length) !== '/') throw badRequest(`invalid patch format of ${form} list`);
  return name;
}

function mergeEntry(merged: Map<string, unknown>, key: string, value: unknown, schema: PatchSchema): void {
  if (key.startsWith(DELETE_FROM_LIST)) {
    const name = nameAfter(DELETE_FROM_LIST, key);
    const list = merged.get(name);
    if (isList(list) && isList(value))
      merged.set(
        name,
        list.filter((item) => !value.includes(item)),
      );
    return;
  }
  if (value === null) merged.delete(key);
  else setOrDelete(merged, key, mergeValues(merged.get(key), value, key, schema));
}

function mergeValues(live: unknown, value: unknown, key: string, schema: PatchSchema): unknown {
  const { schema: inner, strategy, mergeKey } = schema.entry(key);
  if (isMap(live) && isMap(value)) return strategy === 'replace' ? value : mergeMaps(live, value, inner);
  if (isList(live) && isList(value)) {
    return strategy === 'merge' ? mergeLists(live, value, listMerge(mergeKey, inner)) : value;
  }
  return withoutDirectives(withoutNulls(value));
}

function listMerge(mergeKey: string, items: PatchSchema): ListMerge {
  return { mergeKey, mergeItems: (live, patch) => mergeMaps(live, patch, items) };
}

/** Merges the entry, if the patch has it, and puts its items in the order that the patch demands. */
function orderEntry(
  merged: Map<string, unknown>,
  changes: JsonMap,
  name: string,
  order: unknown,
  schema: PatchSchema,
): void {
  const { schema: inner, strategy, mergeKey } = schema.entry(name);
  const [live, patch] = [merged.get(name), changes[name]];
  for (const list of [order, live, patch]) {
    if (list !== undefined && !isList(list)) {
      throw patchError(`expected a []interface {}, but received a ${goType(list)}`);
    }
  }
  if (!isList(order) || (!isList(live) && !isList(patch))) return;
  checkOrder(listOf(patch), order, mergeKey);
  const value =
    isList(live) && isList(patch) && strategy === 'merge'
      ? mergeLists(live, patch, listMerge(mergeKey, inner))
      : withoutDirectives(patch ?? live);
  const liveOrder = orderAfterMerge(listOf(live), listOf(value), mergeKey);
  merged.set(name, orderItems(listOf(value), order, liveOrder, mergeKey));
}

function listOf(value: unknown): readonly unknown[] {
  return isList(value) ? value : [];
}

/** The patch's items must come in the demanded order. */
function checkOrder(patch: readonly unknown[], order: readonly unknown[], mergeKey: string): void {
  const keyOf = (item: unknown): unknown => (isMap(item) && mergeKey !== '' ? item[mergeKey] : item);
  const rest = patch.filter((item) => !isMap(item) || !(DIRECTIVE in item));
  for (const item of order) {
    if (rest.length > 0 && isEqual(keyOf(rest[0]), keyOf(item))) rest.shift();
  }
  if (rest.length > 0 && order.length > 0) {
    throw patchError(
      `The order in patch list:\n${goText(patch)}\n doesn't match ${ELEMENT_ORDER} list:\n${goText(order)}\n`,
    );
  }
}

function setOrDelete(merged: Map<string, unknown>, key: string, value: unknown): void {
  if (value === undefined) merged.delete(key);
  else merged.set(key, value);
}

/** Directives mean nothing where there is nothing to patch; undefined for a map that is one. */
function withoutDirectives(value: unknown): unknown {
  if (isList(value)) return value.map(withoutDirectives).filter((item) => item !== undefined);
  if (!isMap(value)) return value;
  if (DIRECTIVE in value) return undefined;
  const entries = Object.entries(value).map(([name, entry]) => [name, withoutDirectives(entry)] as const);
  return Object.fromEntries(entries.filter(([, entry]) => entry !== undefined));
}

function withoutNulls(value: unknown): unknown {
  if (isList(value)) return value.map(withoutNulls);
  if (!isMap(value)) return value;
  const entries = Object.entries(value).filter(([, entry]) => entry !== null);
  return Object.fromEntries(entries.map(([name, entry]) => [name, withoutNulls(entry)]));
}
