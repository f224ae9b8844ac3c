import { apply } from 'json-merge-patch';
import { applyPatch, type Operation, Pointer } from 'rfc6902';
import { parseJson } from '../api/json.ts';
import { ApiError } from '../api/status.ts';
import { badRequest } from './errors.ts';
import { isRecord, jsonSyntaxError, jsonTypeName } from './json-errors.ts';

const MAX_OPERATIONS = 10_000;

/**
 * The document after a JSON patch; `document` stays as it is.
 *
 * @throws ApiError 400 for what is no such patch, 413 for too many operations, 422 for one that fails
 */
export function applyJsonPatch(document: unknown, text: string): unknown {
  // Below a root, so that a patch can replace the whole document.
  const root = { document: structuredClone(document) };
  for (const operation of readJsonPatch(text)) {
    const [failure] = applyPatch(root, [operationOn(root, operation)]);
    if (failure !== null) throw rejected();
  }
  return root.document;
}

function readJsonPatch(text: string): readonly Readonly<Record<string, unknown>>[] {
  const value = decode(text, 'error decoding patch: ');
  if (!Array.isArray(value)) throw wrongType(value, '[]handlers.jsonPatchOp');
  if (value.length > MAX_OPERATIONS) {
    const message = `Request entity too large: The allowed maximum operations in a JSON patch is ${MAX_OPERATIONS}, got ${value.length}`;
    throw new ApiError(413, message, { reason: 'RequestEntityTooLarge' });
  }
  return value.map((item: unknown) => {
    if (!isRecord(item)) throw wrongType(item, 'handlers.jsonPatchOp');
    return item;
  });
}

const WITH_VALUE = new Set(['add', 'replace', 'test']);
const WITH_FROM = new Set(['move', 'copy']);

function operationOn(root: unknown, { op, path, from, value }: Readonly<Record<string, unknown>>): Operation {
  if (typeof op !== 'string' || typeof path !== 'string') throw rejected();
  const below = { op, path: `/document${path}` };
  if (WITH_FROM.has(op) && typeof from === 'string') return { ...below, from: `/document${from}` } as Operation;
  if (WITH_VALUE.has(op)) {
    // The real server replaces a missing member of an object as if it were there.
    const isNew = op === 'replace' && isMissingMember(root, below.path);
    return { ...below, op: isNew ? 'add' : op, value: value ?? null } as Operation;
  }
  if (op === 'remove') return { ...below, op };
  throw rejected();
}

function isMissingMember(root: unknown, path: string): boolean {
  const target: { readonly parent: unknown; readonly value: unknown } = Pointer.fromJSON(path).evaluate(root);
  return target.value === undefined && isRecord(target.parent);
}

/** The same for all that fails: the client cannot tell a failed test from a missing path. */
function rejected(): ApiError {
  const message = 'the server rejected our request due to an error in our request';
  return new ApiError(422, message, { reason: 'Invalid', details: {} });
}

/** The document after a merge patch; `document` stays as it is. @throws ApiError 400 for what is no object */
export function applyMergePatch(document: unknown, text: string): unknown {
  return apply(structuredClone(document), readMergePatch(text, 'error decoding patch: '));
}

/** @param prefix of messages: strategic merge patches have none */
export function readMergePatch(text: string, prefix: string): Readonly<Record<string, unknown>> {
  const value = decode(text, prefix);
  if (!isRecord(value)) throw wrongType(value, 'map[string]interface {}', prefix);
  return value;
}

function decode(text: string, prefix: string): unknown {
  const error = jsonSyntaxError(text);
  if (error !== undefined) throw badRequest(`${prefix}${error}`);
  return parseJson(text);
}

function wrongType(value: unknown, type: string, prefix = 'error decoding patch: '): ApiError {
  return badRequest(`${prefix}json: cannot unmarshal ${jsonTypeName(value)} into Go value of type ${type}`);
}
