import { matchesLabelSelector } from '../../api/label-selector.ts';
import type { FieldError } from '../schema.ts';
import { countErrors, type Json, notNegative, oneOf, recordOf, textOf } from './checks.ts';
import { forbidden, invalid, notSupported, required } from './field-errors.ts';
import { labelErrors, selectorErrors } from './labels.ts';
import { podSpecErrors } from './pods.ts';

export function deploymentErrors({ spec: value }: Json): readonly FieldError[] {
  const spec = recordOf(value);
  const { progressDeadlineSeconds: deadline, minReadySeconds: ready = 0 } = spec;
  const isTooShort = typeof deadline === 'number' && deadline <= Number(ready);
  return [
    ...notNegative(spec, 'spec', 'replicas'),
    ...ownSelectorErrors(spec, 'deployment'),
    ...templateErrors(spec, 'spec'),
    ...strategyErrors(spec),
    ...notNegative(spec, 'spec', 'minReadySeconds', 'revisionHistoryLimit'),
    ...(isTooShort
      ? [invalid('spec.progressDeadlineSeconds', deadline, 'must be greater than minReadySeconds')]
      : []),
  ];
}

export function replicaSetErrors({ spec: value }: Json): readonly FieldError[] {
  const spec = recordOf(value);
  return [
    ...notNegative(spec, 'spec', 'replicas', 'minReadySeconds'),
    ...ownSelectorErrors(spec, 'replicaset'),
    ...templateErrors(spec, 'spec'),
  ];
}

export function statefulSetErrors({ spec: value }: Json): readonly FieldError[] {
  const spec = recordOf(value);
  const { podManagementPolicy: policy, updateStrategy } = spec;
  const isKnown = policy === 'OrderedReady' || policy === 'Parallel';
  return [
    ...(isKnown
      ? []
      : [invalid('spec.podManagementPolicy', policy ?? '', "must be 'OrderedReady' or 'Parallel'")]),
    ...oneOf(recordOf(updateStrategy).type, 'spec.updateStrategy', ['RollingUpdate', 'OnDelete']),
    ...notNegative(spec, 'spec', 'replicas', 'minReadySeconds'),
    ...ownSelectorErrors(spec, 'statefulset'),
    ...templateErrors(spec, 'spec'),
  ];
}

export function daemonSetErrors({ spec: value }: Json): readonly FieldError[] {
  const spec = recordOf(value);
  const { type } = recordOf(spec.updateStrategy);
  const isKnown = type === undefined || type === 'RollingUpdate' || type === 'OnDelete';
  const shown = { Type: type, RollingUpdate: null };
  return [
    ...selectorErrors(spec.selector, 'spec.selector'),
    ...matchErrors(spec),
    ...(spec.selector !== undefined && isEmpty(spec.selector)
      ? [invalid('spec.selector', spec.selector, 'empty selector is invalid for daemonset')]
      : []),
    ...templateErrors(spec, 'spec'),
    ...notNegative(spec, 'spec', 'minReadySeconds'),
    ...(isKnown ? [] : [notSupported('spec.updateStrategy', shown, ['RollingUpdate', 'OnDelete'])]),
    ...notNegative(spec, 'spec', 'revisionHistoryLimit'),
  ];
}

export function jobErrors({ spec }: Json): readonly FieldError[] {
  return jobSpecErrors(recordOf(spec), 'spec');
}

export function cronJobErrors({ spec: value }: Json): readonly FieldError[] {
  const spec = recordOf(value);
  return [
    ...scheduleErrors(textOf(spec.schedule)),
    ...oneOf(spec.concurrencyPolicy, 'spec.concurrencyPolicy', ['Allow', 'Forbid', 'Replace']),
    ...notNegative(
      spec,
      'spec',
      'startingDeadlineSeconds',
      'successfulJobsHistoryLimit',
      'failedJobsHistoryLimit',
    ),
    ...jobSpecErrors(recordOf(recordOf(spec.jobTemplate).spec), 'spec.jobTemplate.spec'),
  ];
}

function scheduleErrors(schedule: string): readonly FieldError[] {
  if (schedule === '') return [required('spec.schedule')];
  if (schedule.startsWith('@')) return [];
  const fields = schedule.trim().split(/\s+/);
  if (fields.length === 5) return [];
  const rule = `expected exactly 5 fields, found ${fields.length}: [${fields.join(' ')}]`;
  return [invalid('spec.schedule', schedule, rule)];
}

function jobSpecErrors(spec: Json, path: string): readonly FieldError[] {
  const { restartPolicy } = recordOf(recordOf(spec.template).spec);
  const isRestarted = restartPolicy === undefined || restartPolicy === 'Always';
  return [
    ...notNegative(spec, path, 'parallelism', 'completions', 'activeDeadlineSeconds', 'backoffLimit'),
    ...templateErrors(spec, path, []),
    ...(isRestarted
      ? [required(`${path}.template.spec.restartPolicy`, 'valid values: "OnFailure", "Never"')]
      : []),
  ];
}

/** @param restartPolicies those that pods of a template may have besides what any pod may have; undefined for only `Always`. */
function templateErrors(
  spec: Json,
  path: string,
  restartPolicies?: readonly string[],
): readonly FieldError[] {
  const template = recordOf(spec.template);
  const { restartPolicy } = recordOf(template.spec);
  const isWrong = restartPolicies === undefined && restartPolicy !== undefined && restartPolicy !== 'Always';
  const at = `${path}.template`;
  return [
    ...labelErrors(recordOf(template.metadata).labels, `${at}.metadata.labels`),
    ...podSpecErrors(template.spec, `${at}.spec`),
    ...(isWrong ? [notSupported(`${at}.spec.restartPolicy`, restartPolicy, ['Always'])] : []),
  ];
}

function ownSelectorErrors(spec: Json, kind: string): readonly FieldError[] {
  const { selector } = spec;
  if (selector === undefined) return [required('spec.selector'), ...matchErrors(spec)];
  const errors = selectorErrors(selector, 'spec.selector');
  if (errors.length > 0) return [...errors, invalid('spec.selector', selector, 'invalid label selector')];
  if (isEmpty(selector)) return [invalid('spec.selector', selector, `empty selector is invalid for ${kind}`)];
  return matchErrors(spec);
}

function isEmpty(selector: unknown): boolean {
  return Object.keys(recordOf(selector)).length === 0;
}

/** A workload that does not select its own pods would make more of them for ever. */
function matchErrors({ selector, template }: Json): readonly FieldError[] {
  const { labels } = recordOf(recordOf(template).metadata);
  if (selector !== undefined && matchesLabelSelector(selector, recordOf(labels))) return [];
  return [
    invalid('spec.template.metadata.labels', labels ?? null, '`selector` does not match template `labels`'),
  ];
}

function strategyErrors(spec: Json): readonly FieldError[] {
  const { type, rollingUpdate } = recordOf(spec.strategy);
  const rolling = recordOf(rollingUpdate);
  const at = 'spec.strategy.rollingUpdate';
  switch (type) {
    case 'Recreate':
      return rollingUpdate === undefined
        ? []
        : [forbidden(at, "may not be specified when strategy `type` is 'Recreate'")];
    case 'RollingUpdate': {
      const isStuck = isNone(rolling.maxUnavailable) && isNone(rolling.maxSurge);
      return [
        ...countErrors(rolling, at, 'maxUnavailable'),
        ...countErrors(rolling, at, 'maxSurge'),
        ...(isStuck
          ? [invalid(`${at}.maxUnavailable`, rolling.maxUnavailable, 'may not be 0 when `maxSurge` is 0')]
          : []),
      ];
    }
    default:
      return [
        notSupported('spec.strategy', { Type: type, RollingUpdate: null }, ['Recreate', 'RollingUpdate']),
      ];
  }
}

function isNone(value: unknown): boolean {
  return value === 0 || value === '0%';
}
