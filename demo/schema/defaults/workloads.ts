import { isRecord } from '../record.ts';
import { fill, fillEach, fillMember, type Json } from './fill.ts';
import { podTemplateDefaults } from './pods.ts';
import { claimSpecDefaults } from './storage.ts';

export function deploymentDefaults(object: Json): Json {
  const rolling = { maxUnavailable: '25%', maxSurge: '25%' };
  return withSpec(object, (spec) => ({
    replicas: 1,
    revisionHistoryLimit: 10,
    progressDeadlineSeconds: 600,
    ...withTemplate(spec),
    strategy: strategyDefaults(spec.strategy, rolling),
  }));
}

export function replicaSetDefaults(object: Json): Json {
  return withSpec(object, (spec) => ({ replicas: 1, ...withTemplate(spec) }));
}

/** The one workload whose labels and selector may be left out: they are its template's. */
export function replicationControllerDefaults(object: Json): Json {
  const { spec } = object;
  const template = isRecord(spec) && isRecord(spec.template) ? spec.template : {};
  const labels = isRecord(template.metadata) ? template.metadata.labels : undefined;
  const selector = labels === undefined ? {} : { selector: labels };
  const filled = withSpec(object, (own) => ({ replicas: 1, ...selector, ...withTemplate(own) }));
  return labels === undefined ? filled : { ...filled, metadata: fill(filled.metadata, { labels }) };
}

export function statefulSetDefaults(object: Json): Json {
  const claim = (each: Json): Json => ({
    kind: 'PersistentVolumeClaim',
    apiVersion: 'v1',
    ...each,
    spec: claimSpecDefaults(each.spec),
    status: fill(each.status, { phase: 'Pending' }),
  });
  return withSpec(object, (spec) => ({
    replicas: 1,
    podManagementPolicy: 'OrderedReady',
    revisionHistoryLimit: 10,
    ...withTemplate(spec),
    ...fillEach(spec, 'volumeClaimTemplates', claim),
    updateStrategy: strategyDefaults(spec.updateStrategy, { partition: 0 }),
    persistentVolumeClaimRetentionPolicy: fill(spec.persistentVolumeClaimRetentionPolicy, {
      whenDeleted: 'Retain',
      whenScaled: 'Retain',
    }),
  }));
}

export function daemonSetDefaults(object: Json): Json {
  const rolling = { maxUnavailable: 1, maxSurge: 0 };
  const filled = withSpec(object, (spec) => ({
    revisionHistoryLimit: 10,
    ...withTemplate(spec),
    updateStrategy: strategyDefaults(spec.updateStrategy, rolling),
  }));
  const metadata = isRecord(object.metadata) ? object.metadata : {};
  const annotations = fill(metadata.annotations, { 'deprecated.daemonset.template.generation': '1' });
  return { ...filled, metadata: { ...metadata, annotations } };
}

export function jobDefaults(object: Json): Json {
  return withSpec(object, jobSpecDefaults);
}

function jobSpecDefaults(spec: Json): Json {
  // Without either it is one pod; with a parallelism alone it is a queue of any length.
  const isSingle = spec.completions === undefined && spec.parallelism === undefined;
  return {
    parallelism: 1,
    ...(isSingle ? { completions: 1 } : {}),
    backoffLimit: 6,
    completionMode: 'NonIndexed',
    suspend: false,
    manualSelector: false,
    podReplacementPolicy: 'TerminatingOrFailed',
    ...withTemplate(spec),
  };
}

export function cronJobDefaults(object: Json): Json {
  return withSpec(object, (spec) => ({
    concurrencyPolicy: 'Allow',
    suspend: false,
    successfulJobsHistoryLimit: 3,
    failedJobsHistoryLimit: 1,
    ...spec,
    ...fillMember(spec, 'jobTemplate', ({ metadata = {}, ...template }) => ({
      ...template,
      metadata,
      // The rest comes when a job is made of it.
      ...fillMember(template, 'spec', (job) => ({ ...job, template: podTemplateDefaults(job.template) })),
    })),
  }));
}

export function podTemplateObjectDefaults(object: Json): Json {
  return { ...object, template: podTemplateDefaults(object.template) };
}

function withSpec(object: Json, change: (spec: Json) => Json): Json {
  return { ...object, spec: change(isRecord(object.spec) ? object.spec : {}) };
}

function withTemplate(spec: Json): Json {
  return isRecord(spec.template) ? { ...spec, template: podTemplateDefaults(spec.template) } : spec;
}

function strategyDefaults(strategy: unknown, rollingUpdate: Json): Json {
  const filled = fill(strategy, { type: 'RollingUpdate' });
  if (filled.type !== 'RollingUpdate') return filled;
  return { ...filled, rollingUpdate: fill(filled.rollingUpdate, rollingUpdate) };
}
