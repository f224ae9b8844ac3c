import { apiVersionOf } from '../api/resource.ts';
import type { ListMetadata } from '../verbs/request.ts';
import { compactText, ordered, type JsonObject } from './layout.ts';
import { listMetadata, tableOptions, type RenderOptions } from './form.ts';
import { partialMetadata, tableHead, tableRow } from './tables/table.ts';

/** The text of a list, piece by piece, so that a large one is never in memory as a whole. */
export function* listChunks(
  objects: readonly JsonObject[],
  metadata: ListMetadata,
  options: RenderOptions,
): Generator<string> {
  const { resource, representation } = options;
  switch (representation.form) {
    case 'table': {
      const table = tableOptions(options);
      yield `${open(tableHead(table.columns, listMetadata(metadata)))},"rows":[`;
      yield* joined(objects, (object) => compactText(tableRow(object, table)));
      yield ']}\n';
      return;
    }
    case 'metadata':
    case 'metadataList': {
      yield open({
        kind: 'PartialObjectMetadataList',
        apiVersion: 'meta.k8s.io/v1',
        metadata: listMetadata(metadata),
      });
      // Go's zero value of a list, which here nobody has made one of no elements.
      if (objects.length === 0) return yield ',"items":null}\n';
      yield ',"items":[';
      yield* joined(objects, (object) => compactText(ordered(partialMetadata(object), 'struct')));
      yield ']}\n';
      return;
    }
    case 'object':
    case 'aggregatedDiscovery':
      yield* resource.isCustom
        ? customList(objects, metadata, options)
        : builtInList(objects, metadata, options);
  }
}

function* builtInList(
  objects: readonly JsonObject[],
  metadata: ListMetadata,
  options: RenderOptions,
): Generator<string> {
  const { kind, ...of } = options.resource;
  yield open({ kind: `${kind}List`, apiVersion: apiVersionOf(of), metadata: listMetadata(metadata) });
  yield ',"items":[';
  yield* joined(objects, builtInItem);
  yield ']}\n';
}

/** Keys in alphabetical order, which puts the metadata behind the items; `continue` is there even when empty. */
function* customList(
  objects: readonly JsonObject[],
  metadata: ListMetadata,
  options: RenderOptions,
): Generator<string> {
  const { kind, ...of } = options.resource;
  yield `{"apiVersion":${compactText(apiVersionOf(of))},"items":[`;
  yield* joined(objects, customItem);
  const { continueToken = '', remainingItemCount, resourceVersion } = metadata;
  const sorted = { continue: continueToken, remainingItemCount, resourceVersion };
  yield `],"kind":${compactText(`${kind}List`)},"metadata":${compactText(sorted)}}\n`;
}

/** Texts of objects that have been written before. Objects never change, and many lists show the same ones. */
const builtInTexts = new WeakMap<JsonObject, string>();
const customTexts = new WeakMap<JsonObject, string>();

function builtInItem(object: JsonObject): string {
  return remembered(builtInTexts, object, () => {
    const { kind: _kind, apiVersion: _apiVersion, ...item } = object;
    return compactText(ordered(item, 'struct'));
  });
}

function customItem(object: JsonObject): string {
  return remembered(customTexts, object, () => compactText(ordered(object, 'alphabetical')));
}

function remembered(texts: WeakMap<JsonObject, string>, object: JsonObject, make: () => string): string {
  const known = texts.get(object);
  if (known !== undefined) return known;
  const made = make();
  texts.set(object, made);
  return made;
}

/** Characters in a piece: large enough that a list is not sent in crumbs. */
const CHUNK_LENGTH = 32 * 1024;

function* joined(objects: readonly JsonObject[], text: (object: JsonObject) => string): Generator<string> {
  let chunk = '';
  for (const [index, object] of objects.entries()) {
    chunk += `${index === 0 ? '' : ','}${text(object)}`;
    if (chunk.length < CHUNK_LENGTH) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}

/** An object's text without its closing brace. */
function open(object: JsonObject): string {
  return compactText(object).slice(0, -1);
}
