import { parseJson } from '../api/json.ts';
import type { ServedResource } from '../api/resource.ts';
import type { Reply } from '../verbs/request.ts';
import type { Answer } from './answer.ts';
import { encodeAnswer } from './encoding.ts';
import { orderOf, tableOptions, versionOf, type RenderOptions } from './form.ts';
import { compactText, ordered, textOf, type JsonObject, type KeyOrder } from './layout.ts';
import { listChunks } from './list.ts';
import type { Representation } from './negotiation.ts';
import { notAcceptable } from './refusals.ts';
import { partialMetadata, tableHead, tableRow } from './tables/table.ts';
import { watchFrames } from './watch.ts';

/** Puts a reply into the form that the client asked for. */
export function renderReply(reply: Reply, options: RenderOptions): Answer {
  switch (reply.kind) {
    case 'status':
      return renderObject(reply.status, reply.object, 'struct', options);
    case 'object':
      return renderObject(reply.status, inForm(reply.object, options), orderOf(options), options);
    case 'list':
      return renderList(reply, options);
    case 'watch':
      return {
        status: 200,
        headers: { 'content-type': 'application/json' },
        body: watchFrames(reply.events, options),
      };
  }
}

function inForm(object: JsonObject, options: RenderOptions): JsonObject {
  switch (options.representation.form) {
    case 'table': {
      const table = tableOptions(options);
      return { ...tableHead(table.columns, versionOf(object)), rows: [tableRow(object, table)] };
    }
    case 'metadata':
      return partialMetadata(object);
    case 'metadataList': {
      const type = goType(options.resource);
      throw notAcceptable(
        `you requested PartialObjectMetadataList, but the requested object is not a list (*${type})`,
      );
    }
    case 'object':
    case 'aggregatedDiscovery':
      return object;
  }
}

/** What the real server calls a kind inside. Event objects are one type in both of their groups. */
function goType({ group, isCustom, kind }: ServedResource): string {
  if (isCustom) return 'unstructured.Unstructured';
  const owner = group === '' || group === 'events.k8s.io' ? 'core' : group.split('.')[0];
  return `${owner}.${kind}`;
}

function renderObject(status: number, object: JsonObject, order: KeyOrder, options: RenderOptions): Answer {
  const { representation, acceptsGzip } = options;
  const text = textOf(ordered(object, order), representation);
  // A line break ends compact JSON, as Go's encoder does.
  const end = representation.syntax === 'json' && !representation.pretty ? '\n' : '';
  return encodeAnswer([text + end], {
    status,
    contentType: `application/${representation.syntax}`,
    acceptsGzip,
  });
}

function renderList(reply: Extract<Reply, { kind: 'list' }>, options: RenderOptions): Answer {
  const { representation, acceptsGzip } = options;
  const { form, pretty, syntax } = representation;
  if (form === 'metadata') {
    const type = `${goType(reply.resource)}List`;
    throw notAcceptable(`you requested PartialObjectMetadata, but the requested object is a list (*${type})`);
  }
  const chunks = listChunks(reply.objects, reply.metadata, options);
  // Only compact JSON is worth writing piece by piece; the rest is for people.
  const text =
    pretty || syntax === 'yaml' ? [textOf(parseJson([...chunks].join('')), representation)] : chunks;
  return encodeAnswer(text, { status: 200, contentType: `application/${syntax}`, acceptsGzip });
}

/** One object in the form of an answer of one line, as errors have it. */
export function statusText(
  object: JsonObject,
  representation: Pick<Representation, 'syntax' | 'pretty'>,
): string {
  const isCompact = representation.syntax === 'json' && !representation.pretty;
  return isCompact ? `${compactText(object)}\n` : textOf(object, representation);
}
