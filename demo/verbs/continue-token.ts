import { badRequest } from './errors.ts';
import { isRecord, jsonSyntaxError, jsonTypeName } from './json-errors.ts';

/** Where a list goes on. */
export interface Position {
  /** The revision of the first page; -1 for whatever is newest. */
  readonly revision: number;
  /** The first key that may come: `NAMESPACE/NAME` or `NAME` and a zero, as etcd has it. */
  readonly start: string;
}

const VERSION = 'meta.k8s.io/v1';

/** The key behind `key`, in the order of keys. */
export function successor(key: string): string {
  return `${key}\0`;
}

/** The real server's tokens: base64url without padding, with a slash before all keys but those of inconsistent tokens. */
export function encodeContinueToken({ revision, start }: Position): string {
  const token = { v: VERSION, rv: revision, start: revision < 0 ? start : `/${start}` };
  return Buffer.from(JSON.stringify(token)).toString('base64url');
}

/** @throws ApiError 400 */
export function decodeContinueToken(token: string): Position {
  const text = decodeBase64(token);
  const value = parse(text);
  if (!isRecord(value)) {
    throw notValid(
      `json: cannot unmarshal ${jsonTypeName(value)} into Go value of type storage.continueToken`,
    );
  }
  const { v = '', rv = 0, start = '' } = value;
  if (typeof v !== 'string') throw wrongType(v, 'v', 'string');
  if (typeof rv !== 'number') throw wrongType(rv, 'rv', 'int64');
  if (typeof start !== 'string') throw wrongType(start, 'start', 'string');
  if (v !== VERSION) throw notValid(`server does not recognize this encoded version ${v}`);
  if (rv === 0) throw notValid(`incorrect encoded start resourceVersion (version ${v})`);
  if (start === '') throw notValid(`encoded start key empty (version ${v})`);
  const key = start.replace(/^\//, '');
  if (key.split('/').includes('..')) throw notValid(start);
  return { revision: rv, start: key };
}

function decodeBase64(token: string): string {
  const bad = /[^A-Za-z0-9_-]/.exec(token)?.index ?? (token.length % 4 === 1 ? token.length - 1 : undefined);
  if (bad !== undefined) throw notValid(`illegal base64 data at input byte ${bad}`);
  return Buffer.from(token, 'base64url').toString('latin1');
}

function parse(text: string): unknown {
  const error = jsonSyntaxError(text);
  if (error !== undefined) throw notValid(error);
  return JSON.parse(text);
}

function wrongType(value: unknown, field: string, type: string): Error {
  const problem = `json: cannot unmarshal ${jsonTypeName(value)} into Go struct field continueToken.${field} of type ${type}`;
  return notValid(problem);
}

function notValid(reason: string): Error {
  return badRequest(`invalid continue token: continue key is not valid: ${reason}`);
}
