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
  for (const sent of readJsonPatch(text)) {
    const operation = operationOn(root, sent);
    if (operation === undefined) continue;
    const [failure] = applyPatch(root, [operation]);
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

/** For the library, with what the real server does differently. Undefined for a test that holds without looking. */
function operationOn(
  root: unknown,
  { op, path, from, value = null }: Readonly<Record<string, unknown>>,
): Operation | undefined {
  if (typeof op !== 'string' || typeof path !== 'string' || !isPointer(path)) throw rejected();
  // The whole document can be replaced; nothing else can be done with it.
  if (path === '' && op !== 'replace') throw rejected();
  const below = { op, path: `/document${path}` };
  if (WITH_FROM.has(op) && typeof from === 'string' && isPointer(from)) {
    return { ...below, from: `/document${from}` } as Operation;
  }
  if (WITH_VALUE.has(op)) {
    const isMissing = isMissingMember(root, below.path);
    if (op === 'test' && isMissing && value === null) return undefined;
    // A missing member is replaced as if it were there.
    return { ...below, op: op === 'replace' && isMissing ? 'add' : op, value } as Operation;
  }
  if (op === 'remove') return { ...below, op };
  throw rejected();
}

/** The library would write to the prototype, and the member be lost. */
function isPointer(path: string): boolean {
  return (path === '' || path.startsWith('/')) && !path.split('/').includes('__proto__');
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
  return merged(document, readMergePatch(text, 'error decoding patch: '));
}

/** RFC 7396. */
function merged(target: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch;
  const members = new Map(Object.entries(isRecord(target) ? target : {}));
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) members.delete(key);
    else members.set(key, merged(members.get(key), value));
  }
  return Object.fromEntries(members);
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
