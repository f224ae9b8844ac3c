import { errorFromStatus } from '../../errors/from-answer.ts';
import type { KubegraphError } from '../../errors/kubegraph-error.ts';
import { isJsonObject, tryParseJson } from '../../util/json.ts';
import type { ChangeType } from '../event.ts';
import { findMembers, senseless, stringAt, type Span } from './json-bytes.ts';
import { observe, type ObservedObject } from './observed-object.ts';

const INITIAL_EVENTS_END = 'k8s.io/initial-events-end';

export type WatchFrame =
  | { readonly kind: 'change'; readonly type: ChangeType; readonly object: ObservedObject }
  | { readonly kind: 'bookmark'; readonly resourceVersion: string; readonly endsInitialEvents: boolean }
  | { readonly kind: 'error'; readonly error: KubegraphError };

/**
 * Reads one frame, `{"type":…,"object":{…}}`.
 *
 * @throws UPSTREAM_ERROR when it is no such frame.
 */
export function parseFrame(frame: Buffer): WatchFrame {
  const [typeSpan, object] = findMembers(frame, 0, ['type', 'object']);
  const type = stringAt(frame, typeSpan);
  if (type === undefined || object === undefined) throw senseless('it is not a watch event');
  switch (type) {
    case 'ADDED':
    case 'MODIFIED':
    case 'DELETED':
      return { kind: 'change', type, object: observe(frame, object) };
    case 'BOOKMARK':
      return parseBookmark(frame, object);
    case 'ERROR':
      return { kind: 'error', error: parseStatus(frame, object) };
    default:
      throw senseless('a watch event is of an unknown type');
  }
}

/** Only the metadata of a bookmark means something: the rest can hold values that no real object has. */
function parseBookmark(frame: Buffer, object: Span): WatchFrame {
  const [metadata] = findMembers(frame, object.start, ['metadata']);
  if (metadata === undefined) throw senseless('a bookmark has no metadata');
  const [version, annotations] = findMembers(frame, metadata.start, ['resourceVersion', 'annotations']);
  const resourceVersion = stringAt(frame, version);
  if (!resourceVersion) throw senseless('a bookmark has no resourceVersion');
  const values = annotations === undefined ? undefined : parse(frame, annotations);
  const endsInitialEvents = isJsonObject(values) && values[INITIAL_EVENTS_END] === 'true';
  return { kind: 'bookmark', resourceVersion, endsInitialEvents };
}

function parseStatus(frame: Buffer, object: Span): KubegraphError {
  const status = parse(frame, object);
  if (!isJsonObject(status)) throw senseless('an error in a watch has no Status');
  return errorFromStatus(status);
}

function parse(json: Buffer, span: Span): unknown {
  return tryParseJson(json.toString('utf8', span.start, span.end));
}
