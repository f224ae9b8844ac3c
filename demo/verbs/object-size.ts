import { printJson } from '../api/json.ts';
import type { KubeObject } from '../api/object.ts';
import { ApiError } from '../api/status.ts';

const MAX_BYTES = 1.5 * 1024 * 1024;
/** Writes with less than this are taken to be small without counting. */
const SMALL_BODY_BYTES = 100_000;

/** etcd's limit, with its words. @throws ApiError 500 without a reason */
export function checkSize(object: KubeObject, body: Buffer): void {
  if (body.length < SMALL_BODY_BYTES || Buffer.byteLength(printJson(object)) <= MAX_BYTES) return;
  throw new ApiError(500, 'etcdserver: request is too large');
}
