import type { KubeObject } from '../api/object.ts';
import { ApiError } from '../api/status.ts';
import { parseJson } from '../api/json.ts';
import { mediaType, yamlToJson } from './body.ts';
import { toServed } from './convert.ts';
import { createObject } from './create.ts';
import { fieldWrite, type Write } from './managers.ts';
import { badRequest, conflict, notFound, unsupportedMediaType } from './errors.ts';
import { isRecord, jsonTypeName, recordOf, textOf } from './json-errors.ts';
import { applyJsonPatch, applyMergePatch, readMergePatch } from './patch-formats.ts';
import { patchedObject } from './patched-object.ts';
import { preparedObject } from './prepared.ts';
import type { Cluster, Reply, ResourceRequest } from './request.ts';
import { withoutIgnored } from './kept-fields.ts';
import { saveChange } from './save.ts';
import { checkTarget, checkVersion } from './update.ts';
import { readWriteOptions } from './write-options.ts';

export type PatchFormat = 'json' | 'merge' | 'strategic' | 'apply';

const FORMATS: Readonly<Record<string, PatchFormat>> = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
  'application/apply-patch+yaml': 'apply',
};

/**
 * Changes an object, or its status, by one of the four patch formats; an apply creates it where it is not there.
 *
 * @throws ApiError 404; 409 for a resourceVersion in the patch, and for fields of other managers; 400, 413, 415, 422 for
 *   the patch and what comes out
 */
export async function patch(cluster: Cluster, request: ResourceRequest): Promise<Reply> {
  const { resource, namespace, name } = request;
  const format = patchFormat(request);
  const options = readWriteOptions(request, 'PatchOptions', format === 'apply');
  const write: Write = { cluster, request, options, isApply: format === 'apply' };
  const stored = cluster.store.get(resource.storageKey, namespace, name);
  const live = stored && toServed(stored, resource);
  if (live === undefined && (format !== 'apply' || request.subresource !== undefined))
    throw notFound(resource, name);
  if (format === 'apply') return applied(write, live);
  // Only an apply gets here without a live object.
  const next = patchedBy(format, write, live as KubeObject);
  return saved(write, live as KubeObject, next);
}

/** @throws ApiError 415 */
export function patchFormat({
  resource,
  contentType,
}: Pick<ResourceRequest, 'resource' | 'contentType'>): PatchFormat {
  const format = FORMATS[mediaType(contentType)];
  if (resource.isCustom) {
    if (format !== undefined && format !== 'strategic') return format;
    throw unsupportedMediaType(Object.keys(FORMATS).filter((type) => FORMATS[type] !== 'strategic'));
  }
  if (format !== undefined) return format;
  throw new ApiError(415, '415: Unsupported Media Type', { reason: 'UnsupportedMediaType', details: {} });
}

function patchedBy(format: Exclude<PatchFormat, 'apply'>, write: Write, live: KubeObject): KubeObject {
  const { cluster, request, options } = write;
  const { resource, warn } = request;
  const text = request.body.toString('utf8');
  const common = { cluster, of: resource, fieldValidation: options.fieldValidation, warn };
  switch (format) {
    case 'json':
      return patchedObject({ ...common, patched: applyJsonPatch(live, text) });
    case 'merge':
      return patchedObject({ ...common, patched: applyMergePatch(live, text) });
    case 'strategic': {
      const patch = readMergePatch(text, '');
      const schema = cluster.schemas.schemaOf(resource);
      if (schema === undefined) throw unsupportedMediaType(Object.keys(FORMATS));
      const patched = cluster.fields.strategicMerge(live, patch, schema, cluster.schemas);
      return patchedObject({ ...common, patched, strategicPatch: patch });
    }
  }
}

function applied(write: Write, live: KubeObject | undefined): Reply {
  const { cluster, request, options } = write;
  const { resource, warn, name } = request;
  const patch = readApplyPatch(request);
  const uid = textOf(recordOf(patch['metadata'])['uid']);
  if (live === undefined && uid !== '') {
    const why = `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`;
    throw conflict({ group: resource.group, kind: resource.resource }, name, why);
  }
  const merged = cluster.fields.apply({
    ...fieldWrite(write),
    live,
    patch,
    force: options.force,
    relevant: (whole) => withoutIgnored(whole, request),
  });
  // An apply knows unknown fields by itself, and refuses them whatever the client wishes.
  const sent = { value: merged, text: '', keepsNulls: true };
  const next = preparedObject({ cluster, of: resource, sent, fieldValidation: 'Ignore', warn });
  if (live !== undefined) return saved(write, live, next);
  checkTarget(request, next);
  return { kind: 'object', status: 201, object: createObject(write, next) };
}

function saved(write: Write, live: KubeObject, next: KubeObject): Reply {
  checkTarget(write.request, next);
  checkVersion(write.request, next, live);
  return { kind: 'object', status: 200, object: saveChange(write, live, next) };
}

/** @throws ApiError 400 for what is no object of the request's kind */
export function readApplyPatch(
  { body, resource }: ResourceRequest,
  of: { readonly group: string; readonly version: string; readonly kind: string } = resource,
): Readonly<Record<string, unknown>> {
  const patch = parseJson(yamlToJson(body.toString('utf8'))) ?? {};
  if (!isRecord(patch)) {
    const problem = `json: cannot unmarshal ${jsonTypeName(patch)} into Go value of type map[string]interface {}`;
    throw badRequest(`error decoding YAML: error unmarshaling JSON: while decoding JSON: ${problem}`);
  }
  const apiVersion = textOf(patch['apiVersion']);
  const kind = textOf(patch['kind']);
  const groupVersion = apiVersion.includes('/') ? apiVersion : `/${apiVersion}`;
  if (groupVersion !== `${of.group}/${of.version}` || kind !== of.kind) {
    throw badRequest(`invalid object type: ${groupVersion}, Kind=${kind}`);
  }
  return { ...patch, metadata: recordOf(patch['metadata']) };
}
