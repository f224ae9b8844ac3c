import { createHash } from 'node:crypto';
import { isCollection, isScalar, parseDocument, visit } from 'yaml';
import { apiVersionOf, type Resource } from '../catalog/resource.ts';
import { KubegraphError } from '../errors/kubegraph-error.ts';
import { peekStrings } from '../projection/peek.ts';
import { tryParseJson } from '../util/json.ts';

/** What an `id` says: enough to fetch the object again. */
export interface ObjectReference {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
}

/** Objects that are only templates inside another one have no uid and cannot be fetched: their id names their content. */
const TEMPLATE_PREFIX = 'template:';

const IDENTITY_PATHS = [
  ['metadata', 'namespace'],
  ['metadata', 'name'],
  ['metadata', 'uid'],
] as const;

/** The `id` of an object, from its bytes. */
export function objectIdOf(resource: Resource, object: Buffer): string {
  const [namespace = '', name = '', uid = ''] = peekStrings(object, IDENTITY_PATHS);
  if (uid === '' && name === '') {
    return encode(TEMPLATE_PREFIX + createHash('sha256').update(object).digest('base64url'));
  }
  return namedObjectId(resource, namespace, name);
}

/** The `id` of an object. @param key `namespace/name`; the namespace is empty for cluster-wide objects. */
export function idOfKey(resource: Resource, key: string): string {
  const slash = key.indexOf('/');
  return namedObjectId(resource, key.slice(0, slash), key.slice(slash + 1));
}

function namedObjectId(resource: Resource, namespace: string, name: string): string {
  return encode(`${idHead(resource)}${JSON.stringify(namespace)},${JSON.stringify(name)}]`);
}

/** What the ids of a resource's objects have in common, before they are encoded. */
export function idHead({ group, version, resource }: Resource): string {
  return `${JSON.stringify([group, version, resource]).slice(0, -1)},`;
}

/** The object that an `id` means. Throws BAD_USER_INPUT for text that is no id. */
export function parseObjectId(id: string): ObjectReference {
  const text = Buffer.from(id, 'base64url').toString('utf8');
  if (text.startsWith(TEMPLATE_PREFIX)) {
    throw new KubegraphError(
      'BAD_USER_INPUT',
      'this id belongs to a template inside another object, which has no path of its own',
    );
  }
  const parts = tryParseJson(text);
  const isId = Array.isArray(parts) && parts.length === 5 && parts.every((part) => typeof part === 'string');
  if (!isId) throw new KubegraphError('BAD_USER_INPUT', 'this is not the id of an object');
  const [group, version, resource, namespace, name] = parts as [string, string, string, string, string];
  return { group, version, resource, namespace, name };
}

/** The object's bytes, with apiVersion and kind in front where a list left them out. */
export function wholeJson(resource: Resource | undefined, object: Buffer): Buffer {
  if (resource === undefined) return object;
  const [apiVersion, kind] = peekStrings(object, [['apiVersion'], ['kind']]);
  if (apiVersion !== undefined && kind !== undefined) return object;
  const head = `{"kind":${JSON.stringify(resource.kind)},"apiVersion":${JSON.stringify(apiVersionOf(resource))}`;
  const isEmpty = /^\{\s*\}$/.test(object.subarray(0, 16).toString('latin1'));
  return Buffer.concat([Buffer.from(isEmpty ? head : `${head},`), object.subarray(1)]);
}

/** The object as block-style YAML, its numbers digit for digit. */
export function wholeYaml(resource: Resource | undefined, object: Buffer): string {
  // JSON is YAML: reading it with YAML's own parser keeps the source text of numbers, which JSON.parse would not.
  const json = wholeJson(resource, object).toString('utf8');
  // kubectl reads YAML 1.1, where a bare `yes` or `on` is a boolean: such strings get quotes.
  const document = parseDocument(json, { intAsBigInt: true, compat: 'yaml-1.1' });
  visit(document, (_, node) => {
    if (isCollection(node)) delete node.flow;
    if (!isScalar(node) || typeof node.value !== 'string') return;
    if (YAML_1_1_BREAKS.test(node.value)) node.type = 'QUOTE_DOUBLE';
    else delete node.type;
  });
  const text = document.toString({ lineWidth: 0, flowCollectionPadding: false });
  return text.replaceAll(
    new RegExp(YAML_1_1_BREAKS, 'g'),
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Line breaks to YAML 1.1, ordinary characters to the printer: they are written as escapes, which need quotes. */
const YAML_1_1_BREAKS = /[\u0085\u2028\u2029]/;

/** Whether a JSON answer is a Status instead of an object. */
export function isStatus(object: Buffer): boolean {
  const [apiVersion, kind] = peekStrings(object, [['apiVersion'], ['kind']]);
  return kind === 'Status' && apiVersion === 'v1';
}

function encode(text: string): string {
  return Buffer.from(text).toString('base64url');
}
