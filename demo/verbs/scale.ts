import { printJson } from '../api/json.ts';
import type { KubeObject } from '../api/object.ts';
import type { ScalePaths } from '../api/resource.ts';
import { ApiError } from '../api/status.ts';
import { readObject } from './body.ts';
import { fieldWrite, type Write } from './managers.ts';
import { fieldInvalid, invalid, noSuchResource } from './errors.ts';
import { liveObject, waitUntilFresh } from './get.ts';
import { isRecord } from './json-errors.ts';
import { patchFormat, readApplyPatch } from './patch.ts';
import { applyJsonPatch, applyMergePatch, readMergePatch } from './patch-formats.ts';
import { patchedObject } from './patched-object.ts';
import { preparedObject } from './prepared.ts';
import type { Cluster, Reply, ResourceRequest } from './request.ts';
import { saveChange } from './save.ts';
import { scalePathsOf } from './scale-paths.ts';
import { valueAt, withValueAt } from './value-at.ts';
import { checkTarget, checkVersion } from './update.ts';
import { readWriteOptions } from './write-options.ts';

const SCALE = { group: 'autoscaling', version: 'v1', kind: 'Scale', isCustom: false };

/** A defect of the real server, with its words. */
const APPLY_TO_CUSTOM =
  'failed to create manager for existing fields: failed to convert live object (/; autoscaling/v1, Kind=Scale) to proper version: request to convert CR to an invalid group/version: autoscaling/v1';

/**
 * The number of replicas of an object, as an `autoscaling/v1 Scale`.
 *
 * @throws ApiError as get, update and patch do
 */
export async function scale(cluster: Cluster, request: ResourceRequest): Promise<Reply> {
  const paths = scalePathsOf(cluster.registry, request.resource);
  if (paths === undefined) throw noSuchResource();
  if (request.verb === 'get') {
    await waitUntilFresh(cluster, request);
    return reply(scaleOf(liveObject(cluster, request), paths));
  }
  const isPatch = request.verb === 'patch';
  const isApply = isPatch && patchFormat(request) === 'apply';
  if (isApply && request.resource.isCustom) throw new ApiError(500, APPLY_TO_CUSTOM);
  const options = readWriteOptions(request, isPatch ? 'PatchOptions' : 'UpdateOptions', isApply);
  const write: Write = { cluster, request, options, isApply };
  const live = liveObject(cluster, request);
  const changed = isPatch ? patchedScale(write, live, paths) : sentScale(write);
  checkTarget(request, changed);
  if (changed.metadata.resourceVersion) checkVersion(request, changed, live);
  const next = isApply ? appliedReplicas(write, live, changed, paths) : withReplicas(live, changed, paths);
  return reply(scaleOf(saveChange(write, live, next), paths));
}

function reply(object: KubeObject): Reply {
  return { kind: 'object', status: 200, object };
}

function sentScale({ cluster, request, options }: Write): KubeObject {
  const sent = readObject(cluster, request, SCALE);
  const { fieldValidation } = options;
  return preparedObject({ cluster, of: SCALE, sent, fieldValidation, warn: request.warn });
}

function patchedScale({ cluster, request, options }: Write, live: KubeObject, paths: ScalePaths): KubeObject {
  const current = scaleOf(live, paths);
  const text = request.body.toString('utf8');
  const common = { cluster, of: SCALE, fieldValidation: options.fieldValidation, warn: request.warn };
  switch (patchFormat(request)) {
    case 'json':
      return patchedObject({ ...common, patched: applyJsonPatch(current, text) });
    case 'merge':
      return patchedObject({ ...common, patched: applyMergePatch(current, text) });
    case 'strategic': {
      // A Scale has no lists, and without them a strategic merge is a merge.
      const strategicPatch = readMergePatch(text, '');
      return patchedObject({ ...common, patched: applyMergePatch(current, text), strategicPatch });
    }
    case 'apply':
      return patchedObject({
        ...common,
        patched: applyMergePatch(current, printJson(readApplyPatch(request, SCALE))),
      });
  }
}

/** The object behind a Scale; only its replicas count. @throws ApiError 422 */
function withReplicas(live: KubeObject, { metadata, spec }: KubeObject, paths: ScalePaths): KubeObject {
  const replicas = isRecord(spec) && spec['replicas'] !== undefined ? spec['replicas'] : 0;
  if (typeof replicas !== 'number' || replicas < 0) {
    const error = fieldInvalid('spec.replicas', replicas, 'must be greater than or equal to 0');
    throw invalid(SCALE, metadata.name, [error]);
  }
  return withValueAt(live, paths.specReplicasPath, replicas) as KubeObject;
}

/** An apply to a Scale is one to the object that names nothing but the replicas. */
function appliedReplicas(write: Write, live: KubeObject, changed: KubeObject, paths: ScalePaths): KubeObject {
  const { apiVersion, kind } = live;
  const wanted = withReplicas({ apiVersion, kind, metadata: { name: live.metadata.name } }, changed, paths);
  const { cluster, options } = write;
  return cluster.fields.apply({ ...fieldWrite(write), live, patch: wanted, force: options.force });
}

function scaleOf(object: KubeObject, paths: ScalePaths): KubeObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const replicas = valueAt(object, paths.specReplicasPath);
  const selector =
    paths.labelSelectorPath === undefined
      ? undefined
      : selectorText(valueAt(object, paths.labelSelectorPath));
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: defined({
      name,
      namespace,
      uid,
      resourceVersion,
      creationTimestamp,
    }) as unknown as KubeObject['metadata'],
    // Zero is left out here, and kept in the status: so the real server's types have it.
    spec: typeof replicas === 'number' && replicas !== 0 ? { replicas } : {},
    status: { replicas: valueAt(object, paths.statusReplicasPath) ?? 0, ...(selector ? { selector } : {}) },
  };
}

/** A selector as text; custom resources have it as such. */
function selectorText(selector: unknown): string | undefined {
  if (typeof selector === 'string') return selector;
  if (!isRecord(selector)) return undefined;
  const labels = isRecord(selector['matchLabels']) ? selector['matchLabels'] : {};
  const expressions = Array.isArray(selector['matchExpressions']) ? selector['matchExpressions'] : [];
  return [
    ...Object.entries(labels).map(([key, value]) => [key, `${key}=${String(value)}`] as const),
    ...expressions
      .filter(isRecord)
      .map((expression) => [String(expression['key']), expressionText(expression)] as const),
  ]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, text]) => text)
    .join(',');
}

function expressionText({ key, operator, values }: Readonly<Record<string, unknown>>): string {
  const list = Array.isArray(values) ? values.map(String).sort().join(',') : '';
  switch (operator) {
    case 'Exists':
      return String(key);
    case 'DoesNotExist':
      return `!${String(key)}`;
    default:
      return `${String(key)} ${operator === 'In' ? 'in' : 'notin'} (${list})`;
  }
}

function defined(members: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
