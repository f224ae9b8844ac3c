import type { WatchFrame } from '../verbs/request.ts';
import { compactText, ordered, type JsonObject } from './layout.ts';
import { orderOf, tableOptions, versionOf, type RenderOptions } from './form.ts';
import { partialMetadata, tableHead, tableRow } from './tables/table.ts';

/** The bytes of a watch: one JSON value in a line for each event. */
export async function* watchFrames(
  events: AsyncIterable<WatchFrame>,
  options: RenderOptions,
): AsyncGenerator<Buffer> {
  const { form } = options.representation;
  let isFirst = true;
  for await (const { type, object } of events) {
    // The real server accepts the list form for a watch and then never says anything but errors.
    if (form === 'metadataList' && type !== 'ERROR') continue;
    const shown = type === 'ERROR' ? ordered(object, 'struct') : inForm(type, object, isFirst, options);
    if (type !== 'ERROR') isFirst = false;
    yield Buffer.from(`{"type":"${type}","object":${compactText(shown)}}\n`);
  }
}

function inForm(
  type: WatchFrame['type'],
  object: JsonObject,
  isFirst: boolean,
  options: RenderOptions,
): JsonObject {
  switch (options.representation.form) {
    case 'table':
      return tableOf(type, object, isFirst, options);
    case 'metadata':
    case 'metadataList':
      return ordered(partialMetadata(object), 'struct');
    case 'object':
    case 'aggregatedDiscovery':
      return ordered(object, orderOf(options));
  }
}

/** Only the first table says what the columns are. */
function tableOf(
  type: WatchFrame['type'],
  object: JsonObject,
  isFirst: boolean,
  options: RenderOptions,
): JsonObject {
  const table = tableOptions(options);
  const head = tableHead(table.columns, versionOf(object));
  const row = type === 'BOOKMARK' ? bookmarkRow(object, table.columns.length) : tableRow(object, table);
  return { ...head, ...(isFirst ? {} : { columnDefinitions: null }), rows: [row] };
}

/** A bookmark has no object to show; its cells are as empty as its name. */
function bookmarkRow(object: JsonObject, columns: number): JsonObject {
  const cells = Array.from({ length: columns }, (_, index) => (index === 0 ? '' : '<unknown>'));
  return { cells, object: partialMetadata(object) };
}
