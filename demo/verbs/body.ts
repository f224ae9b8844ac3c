import { parse as parseYaml } from 'yaml';
import { parseJson, printJson } from '../api/json.ts';
import { apiVersionOf, type ServedResource } from '../api/resource.ts';
import { badRequest, unsupportedMediaType } from './errors.ts';
import { isRecord, jsonSyntaxError, jsonTypeName, textOf } from './json-errors.ts';
import type { Cluster, ResourceRequest } from './request.ts';

/** An object as a client sent it: its kind and version are right, its fields are not looked at. */
export interface SentObject {
  readonly value: Readonly<Record<string, unknown>>;
  /** As JSON, with duplicate keys where they were sent. */
  readonly text: string;
  /** See `PrepareOptions.keepsNulls`. */
  readonly keepsNulls?: boolean;
}

/** The kind that a request may bring. For subresources it is not the resource's own. */
export type BodyKind = Pick<ServedResource, 'group' | 'version' | 'kind' | 'isCustom'>;

/** @throws ApiError 400 for a body that is no such object, 415 for one in another format */
export function readObject(cluster: Cluster, request: ResourceRequest, of: BodyKind): SentObject {
  const text = bodyText(request);
  const error = jsonSyntaxError(text);
  if (error !== undefined)
    throw unrecognized(of, text, `couldn't get version/kind; json parse error: ${error}`);
  // Go decodes null into an empty object.
  const value = parseJson(text) ?? {};
  if (!isRecord(value)) {
    const target =
      'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }';
    const problem = `json: cannot unmarshal ${jsonTypeName(value)} into Go value of type ${target}`;
    throw unrecognized(of, text, `couldn't get version/kind; json parse error: ${problem}`);
  }
  return { value: withKind(cluster, of, value, text), text };
}

/** The body as JSON text. @throws ApiError 415 for a format that is neither JSON nor YAML */
export function bodyText({ contentType, body }: Pick<ResourceRequest, 'contentType' | 'body'>): string {
  const text = body.toString('utf8');
  switch (mediaType(contentType)) {
    case '':
    case 'application/json':
      return text;
    case 'application/yaml':
      return yamlToJson(text);
    default:
      throw unsupportedMediaType([
        'application/json',
        'application/yaml',
        'application/vnd.kubernetes.protobuf',
      ]);
  }
}

/** Without its parameters. */
export function mediaType(contentType: string): string {
  return (contentType.split(';')[0] ?? '').trim().toLowerCase();
}

/** @throws ApiError 400 */
export function yamlToJson(text: string): string {
  try {
    // Go's YAML decoder takes 64-bit integers whole.
    return printJson(parseYaml(text, { intAsBigInt: true, uniqueKeys: false }));
  } catch (error) {
    const [reason] = (error as Error).message.split('\n');
    throw badRequest(`error decoding YAML: error converting YAML to JSON: yaml: ${reason}`);
  }
}

function withKind(
  cluster: Cluster,
  of: BodyKind,
  value: Readonly<Record<string, unknown>>,
  text: string,
): Readonly<Record<string, unknown>> {
  const expected = apiVersionOf(of);
  const apiVersion = textOf(value['apiVersion']);
  const kind = textOf(value['kind']);
  if (of.isCustom) {
    if (kind === '') throw unrecognized(of, text, `Object 'Kind' is missing in '${text}'`);
    if (apiVersion !== expected) throw wrongVersion(apiVersion, expected);
    return value;
  }
  const sent = { apiVersion: apiVersion === '' ? expected : apiVersion, kind: kind === '' ? of.kind : kind };
  const isOtherVersion = sent.kind === of.kind && sent.apiVersion !== expected;
  if (isOtherVersion && cluster.registry.findKind(sent.apiVersion, sent.kind) !== undefined) {
    throw wrongVersion(sent.apiVersion, expected);
  }
  const problem = wrongKind(cluster, of, sent);
  if (problem === undefined) return { ...value, ...sent };
  const version = sent.apiVersion.split('/').at(-1) ?? '';
  throw badRequest(`${sent.kind} in version "${version}" cannot be handled as a ${of.kind}: ${problem}`);
}

/** Why an object of a built-in resource is not of its kind; undefined when it is. */
export function wrongKind(
  { registry }: Cluster,
  of: BodyKind,
  { apiVersion, kind }: Readonly<Record<string, unknown>>,
): string | undefined {
  if (apiVersion === apiVersionOf(of) && kind === of.kind) return undefined;
  if (registry.findKind(String(apiVersion), String(kind)) === undefined) {
    return unregistered(String(kind), String(apiVersion));
  }
  const version = String(apiVersion).split('/').at(-1) ?? '';
  const internal = of.group === '' ? 'core' : (of.group.split('.')[0] ?? '');
  return `converting (${version}.${String(kind)}) to (${internal}.${of.kind}): unknown conversion`;
}

/** What the real server says about a kind that it does not have. */
export function unregistered(kind: string, apiVersion: string): string {
  return `no kind "${kind}" is registered for version "${apiVersion}" in scheme "pkg/runtime/scheme.go:111"`;
}

function wrongVersion(apiVersion: string, expected: string): Error {
  return badRequest(
    `the API version in the data (${apiVersion}) does not match the expected API version (${expected})`,
  );
}

function unrecognized({ kind }: BodyKind, text: string, why: string): Error {
  return badRequest(
    `the object provided is unrecognized (must be of type ${kind}): ${why} (${summary(text)})`,
  );
}

const SUMMARY_BYTES = 30;

function summary(text: string): string {
  const data = Buffer.from(text);
  if (data.length === 0) return '<empty>';
  const encoding = text.startsWith('{') ? 'utf8' : 'hex';
  const start = data.subarray(0, SUMMARY_BYTES).toString(encoding);
  return data.length > SUMMARY_BYTES ? `${start} ...` : start;
}
