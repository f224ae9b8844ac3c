import { inMetadataOrder } from '../api/metadata-order.ts';
import type { KubeObject } from '../api/object.ts';
import { printJson } from '../api/json.ts';
import { apiVersionOf } from '../api/resource.ts';
import { DecodingError } from '../schema/prepare.ts';
import { type BodyKind, wrongKind } from './body.ts';
import { invalid } from './errors.ts';
import { isRecord } from './json-errors.ts';
import { preparedObject, StrictDecodingError } from './prepared.ts';
import type { Cluster, ResourceRequest } from './request.ts';
import type { FieldValidation } from './write-options.ts';

interface Patched {
  readonly cluster: Cluster;
  readonly of: BodyKind;
  readonly patched: unknown;
  readonly fieldValidation: FieldValidation;
  readonly warn: ResourceRequest['warn'];
  /** Of a strategic merge patch, whose errors show the patch and not the object. */
  readonly strategicPatch?: Readonly<Record<string, unknown>>;
}

/**
 * What came out of a patch, as an object.
 *
 * @throws ApiError 422 for one that does not decode. As from the real server, its message shows the whole object, secrets
 *   included: the gateway is tested against that.
 */
export function patchedObject({
  cluster,
  of,
  patched,
  fieldValidation,
  warn,
  strategicPatch,
}: Patched): KubeObject {
  const fail = (problem: string): Error => {
    const shown =
      strategicPatch === undefined ? printJson(inOrder(patched, of.isCustom)) : goText(strategicPatch);
    const why = strategicPatch === undefined ? problem : inGoTypes(problem);
    const message = `Invalid value: ${JSON.stringify(shown)}: ${why}`;
    return invalid({ group: '', kind: '' }, '', [{ reason: 'FieldValueInvalid', message, field: 'patch' }]);
  };
  const value = withKind(isRecord(patched) ? patched : {}, of);
  if (!of.isCustom) {
    const problem = wrongKind(cluster, of, value);
    if (problem !== undefined) throw fail(problem);
  }
  try {
    return preparedObject({ cluster, of, sent: { value, text: '' }, fieldValidation, warn });
  } catch (error) {
    if (error instanceof DecodingError || error instanceof StrictDecodingError) throw fail(error.problem);
    throw error;
  }
}

/** Without a kind, the real server takes a built-in to be of the kind that the URL names. */
function withKind(value: Readonly<Record<string, unknown>>, of: BodyKind): Readonly<Record<string, unknown>> {
  const { apiVersion, kind } = value;
  return { ...value, apiVersion: apiVersion ?? apiVersionOf(of), kind: kind ?? of.kind };
}

/** The order in which the real server shows members: custom resources by name at every level, others at the first. */
function inOrder(value: unknown, isDeep: boolean): unknown {
  if (Array.isArray(value)) return value.map((item) => inOrder(item, isDeep));
  if (!isRecord(value)) return value;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(
    members.map(([key, member]) => {
      if (isDeep) return [key, inOrder(member, true)];
      return [key, key === 'metadata' ? (isRecord(member) ? inMetadataOrder(member) : member) : member];
    }),
  );
}

/** A value as Go prints it: `map[a:1 b:[x y]]`. */
function goText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(goText).join(' ')}]`;
  if (value === null) return '<nil>';
  if (!isRecord(value)) return typeof value === 'string' ? value : printJson(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `map[${members.map(([key, member]) => `${key}:${goText(member)}`).join(' ')}]`;
}

const WRONG_TYPE = /^json: cannot unmarshal (\w+) into Go .* of type (\S+)$/;
const GO_TYPES: Readonly<Record<string, string>> = {
  number: 'int64',
  object: 'map[string]interface {}',
  array: '[]interface {}',
};

/** Strategic merge patches are decoded by another decoder, with words of its own. */
function inGoTypes(problem: string): string {
  const [, found = '', wanted = ''] = WRONG_TYPE.exec(problem) ?? [];
  if (found === '') return problem;
  const type = GO_TYPES[found] ?? found;
  if (wanted.startsWith('[]')) return `cannot restore slice from ${type}`;
  if (wanted.startsWith('map[')) return `cannot restore map from ${type}`;
  return /^(string|bool|u?int\d+|float\d+)$/.test(wanted)
    ? `cannot convert ${type} to ${wanted}`
    : `cannot restore struct from: ${type}`;
}
