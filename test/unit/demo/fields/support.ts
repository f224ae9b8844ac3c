import { readFileSync } from 'node:fs';
import type { KubeObject } from '../../../../demo/api/object.ts';
import { createFieldManagement } from '../../../../demo/fields/create.ts';
import type { FieldManagement } from '../../../../demo/fields/fields.ts';
import type { Schema, SchemaSource } from '../../../../demo/schema/schema.ts';
import type { Recording } from './scenarios/scenario.ts';

/** One JSON value per line. */
function readLines(name: string): unknown[] {
  const text = readFileSync(new URL(name, import.meta.url), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
}

/** Definitions of a real server's OpenAPI documents, cut down to what the scenarios use. */
const definitions = new Map(
  (readLines('./schemas.ndjson') as { name: string; schema: Schema }[]).map(({ name, schema }) => [
    name,
    schema,
  ]),
);

const DEFINITIONS: Readonly<Record<string, string>> = {
  ConfigMap: 'io.k8s.api.core.v1.ConfigMap',
  PodTemplate: 'io.k8s.api.core.v1.PodTemplate',
  Service: 'io.k8s.api.core.v1.Service',
  Deployment: 'io.k8s.api.apps.v1.Deployment',
  Certificate: 'io.cert-manager.v1.Certificate',
};

const recordings = readLines('./recorded.ndjson') as (Recording & { readonly scenario: string })[];

/** What the real server did, step by step. */
export function recordingsOf(scenario: string): readonly Recording[] {
  return recordings.filter((recording) => recording.scenario === scenario);
}

export const fields: FieldManagement = createFieldManagement();

export const source: SchemaSource = {
  schemaOf: ({ kind }) => definitions.get(DEFINITIONS[kind] ?? ''),
  resolve: (schema) => {
    const reference = schema.$ref ?? (schema.allOf?.length === 1 ? schema.allOf[0]?.$ref : undefined);
    return reference === undefined ? schema : (definitions.get(reference.split('/').at(-1) ?? '') ?? schema);
  },
};

export function schemaOf(kind: string): Schema {
  const schema = source.schemaOf({ group: '', version: '', kind });
  if (schema === undefined) throw new Error(`no schema of ${kind}`);
  return schema;
}

/** What the real server adds by itself, so that its objects can be compared with those before defaulting. */
const SERVER_OWN = new Set(
  `terminationMessagePath terminationMessagePolicy imagePullPolicy resources restartPolicy
   dnsPolicy terminationGracePeriodSeconds securityContext schedulerName protocol targetPort
   nodePort type clusterIP clusterIPs sessionAffinity ipFamilies ipFamilyPolicy
   internalTrafficPolicy externalTrafficPolicy status lastUpdateTime defaultMode strategy replicas
   revisionHistoryLimit progressDeadlineSeconds namespace metadata apiVersion template maxSurge
   maxUnavailable rollingUpdate`.split(/\s+/),
);

/** `theirs` without what a server adds and `ours` does not have. */
export function withoutServerOwn(ours: unknown, theirs: unknown): unknown {
  if (Array.isArray(ours) && Array.isArray(theirs)) {
    return theirs.map((item, index) => withoutServerOwn(ours[index], item));
  }
  if (!isObject(ours) || !isObject(theirs)) return theirs;
  const kept = Object.entries(theirs).filter(([name]) => name in ours || !SERVER_OWN.has(name));
  return Object.fromEntries(kept.map(([name, value]) => [name, withoutServerOwn(ours[name], value)]));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `next` with the managedFields of `live`: as the object is before its owners are brought up to date. */
export function withManagedFieldsOf(live: KubeObject | undefined, next: KubeObject): KubeObject {
  const { managedFields: _, ...metadata } = next.metadata;
  const { managedFields } = live?.metadata ?? {};
  return { ...next, metadata: managedFields === undefined ? metadata : { ...metadata, managedFields } };
}

/** Runs `action` and gives the Status of the error that it throws. */
export function statusOf(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    if (error instanceof Error && 'toStatus' in error) return (error as { toStatus(): unknown }).toStatus();
    throw error;
  }
  return undefined;
}
