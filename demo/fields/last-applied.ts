import type { KubeObject } from '../api/object.ts';
import { compare } from './compare.ts';
import { difference, NO_FIELDS, union, type Fields } from './field-set.ts';
import { fieldsOf } from './fields-of.ts';
import type { Shape } from './shape.ts';
import { isList, isMap, type JsonMap } from './values.ts';

/** Where `kubectl apply` keeps what it applied, when it works without the server's help. */
const ANNOTATION = 'kubectl.kubernetes.io/last-applied-configuration';

/** The manager that may take over what its own client-side apply wrote. */
export const KUBECTL = 'kubectl';

/** The fields that a client-side apply wrote and that still have that value: kubectl's server-side apply may take them. */
export function lastAppliedFields(shape: Shape, live: KubeObject): Fields {
  const text = live.metadata.annotations?.[ANNOTATION];
  const applied = text === undefined ? undefined : parse(text);
  if (applied?.['apiVersion'] !== live.apiVersion) return NO_FIELDS;
  const { added, modified, removed } = compare(shape, applied, live);
  return difference(fieldsOf(shape, applied), union(union(added, modified), removed));
}

function parse(text: string): JsonMap | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isMap(value) ? value : undefined;
  } catch {
    // The annotation is a user's text; what is not JSON gives no rights.
    return undefined;
  }
}

/** Keeps the annotation in step with what kubectl applied, so that both kinds of apply can be used in turn. */
export function withLastApplied(object: KubeObject, patch: JsonMap): KubeObject {
  const { annotations } = object.metadata;
  if (!annotations?.[ANNOTATION]) return object;
  const text = `${JSON.stringify(sorted(withoutAnnotation(patch)))}\n`;
  return { ...object, metadata: { ...object.metadata, annotations: { ...annotations, [ANNOTATION]: text } } };
}

function withoutAnnotation(patch: JsonMap): JsonMap {
  const metadata = patch['metadata'];
  if (!isMap(metadata) || !isMap(metadata['annotations'])) return patch;
  const { [ANNOTATION]: _, ...annotations } = metadata['annotations'];
  return { ...patch, metadata: { ...metadata, annotations } };
}

function sorted(value: unknown): unknown {
  if (isList(value)) return value.map(sorted);
  if (!isMap(value)) return value;
  const names = Object.keys(value).sort();
  return Object.fromEntries(names.map((name) => [name, sorted(value[name])]));
}
