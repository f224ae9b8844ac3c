import { findMembers, senseless, stringAt, type Span } from './json-bytes.ts';

/** What has to be known of an object to tell its versions apart, beside its bytes. */
export interface ObservedObject {
  /** `namespace/name`; the namespace is empty for cluster-scoped objects. */
  readonly key: string;
  /** Empty when the API server gives none. */
  readonly uid: string;
  readonly resourceVersion: string;
  /** The object's JSON as the API server sent it. */
  readonly bytes: Buffer;
}

const IDENTIFYING = ['name', 'namespace', 'uid', 'resourceVersion'] as const;

/**
 * Reads the identity of the object at `span` and copies its bytes.
 *
 * @throws UPSTREAM_ERROR when it is no object or has no name or resourceVersion: nothing could be resumed from it.
 */
export function observe(json: Buffer, span: Span): ObservedObject {
  const [metadata] = findMembers(json, span.start, ['metadata']);
  if (metadata === undefined) throw senseless('an object has no metadata');
  const spans = findMembers(json, metadata.start, IDENTIFYING);
  const [name, namespace, uid, resourceVersion] = spans.map((value) => stringAt(json, value));
  if (!name || !resourceVersion) throw senseless('an object has no name or no resourceVersion');
  return {
    key: `${namespace ?? ''}/${name}`,
    uid: uid ?? '',
    resourceVersion,
    bytes: copyOf(json, span),
  };
}

/** Tells one incarnation of an object from the next one of the same name. */
export function incarnationOf(object: ObservedObject): string {
  return object.uid === '' ? object.key : object.uid;
}

/** A slice would keep the whole chunk or page in memory for as long as its last object lives. */
function copyOf(json: Buffer, span: Span): Buffer {
  const copy = Buffer.allocUnsafeSlow(span.end - span.start);
  json.copy(copy, 0, span.start, span.end);
  return copy;
}
