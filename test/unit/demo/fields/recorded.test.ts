import { describe, expect, it } from 'vitest';
import type { KubeObject, ManagedFieldsEntry } from '../../../../demo/api/object.ts';
import { scenarios } from './scenarios/index.ts';
import { bodyOf, timeAt, type Scenario, type Step } from './scenarios/scenario.ts';
import {
  fields,
  recordingsOf,
  schemaOf,
  source,
  statusOf,
  withManagedFieldsOf,
  withoutServerOwn,
} from './support.ts';

interface Case {
  readonly scenario: Scenario;
  readonly step: Step;
  readonly live: KubeObject | undefined;
  /** What the real server made of it. */
  readonly after: KubeObject | undefined;
  readonly error: Readonly<Record<string, unknown>> | undefined;
  readonly time: string;
}

function casesOf(scenario: Scenario): Case[] {
  const recordings = recordingsOf(scenario.title);
  let live: KubeObject | undefined;
  return scenario.steps.map((step, index) => {
    const { before = live, after, error } = recordings[index] ?? {};
    live = after ?? before;
    return { scenario, step, live: before, after, error, time: timeAt(2 * index + 1) };
  });
}

function writeOf({ scenario, step, time }: Case) {
  const { manager, subresource } = step;
  const apiVersion =
    { Deployment: 'apps/v1', Certificate: 'cert-manager.io/v1' }[scenario.kind as string] ?? 'v1';
  return {
    source,
    schema: schemaOf(scenario.kind),
    apiVersion,
    manager,
    time,
    ...(subresource && { subresource }),
  };
}

function apply(case_: Case): KubeObject {
  const { scenario, step, live } = case_;
  const patch = JSON.parse(JSON.stringify(bodyOf(scenario, step))) as Readonly<Record<string, unknown>>;
  return fields.apply({ ...writeOf(case_), live, patch, force: step.write === 'force' });
}

function update(case_: Case): KubeObject {
  const { scenario, step, live, after } = case_;
  const sent = bodyOf(scenario, step)['metadata'] as { readonly managedFields?: [] } | undefined;
  // Ports are allotted after the owners are known.
  const next = without('nodePort', withManagedFieldsOf(live, after as KubeObject));
  const metadata = { ...next.metadata, ...(sent?.managedFields && { managedFields: sent.managedFields }) };
  return fields.update({
    ...writeOf(case_),
    live: live && without('nodePort', live),
    next: { ...next, metadata },
  });
}

function strategicMerge({ scenario, step, live }: Case): KubeObject {
  return fields.strategicMerge(live as KubeObject, step.body, schemaOf(scenario.kind), source) as KubeObject;
}

function without(name: string, object: KubeObject): KubeObject {
  return JSON.parse(
    JSON.stringify(object, (key, value: unknown) => (key === name ? undefined : value)),
  ) as KubeObject;
}

function orderOf(managedFields: readonly ManagedFieldsEntry[] | undefined): string {
  return JSON.stringify(managedFields?.map(({ fieldsV1 }) => fieldsV1));
}

interface Status {
  readonly message: string;
  readonly details?: { readonly causes?: readonly unknown[] };
}

/** Causes of several managers, and problems of several fields, come in any order from the real server. */
function comparable(status: unknown): unknown {
  const { details, message, ...rest } = status as Status;
  const causes = details?.causes?.map((cause) => JSON.stringify(cause)).sort();
  return { ...rest, lines: message.split('\n').sort(), details: { ...details, causes } };
}

/** 422s come from validation, which is not the work of `fields/`. */
const isOurs = ({ error }: Case): boolean => error?.['code'] !== 422;

describe.each(scenarios)('$title, as the real server', (scenario) => {
  const cases = casesOf(scenario).filter(isOurs);
  const applies = cases.filter(({ step }) => step.write === 'apply' || step.write === 'force');
  const strategic = cases.filter(({ step }) => step.write === 'strategic');
  const updates = cases.filter((case_) => !applies.includes(case_) && !case_.error).concat(strategic);

  it.each(applies.filter(({ error }) => !error))('apply: $step.title', (case_) => {
    const object = apply(case_);
    expect(object.metadata.managedFields).toEqual(case_.after?.metadata.managedFields);
    expect(object).toEqual(withoutServerOwn(object, case_.after));
  });

  it.each(applies.filter(({ error }) => error))('apply: $step.title', (case_) => {
    expect(comparable(statusOf(() => apply(case_)))).toEqual(comparable(case_.error));
  });

  it.each(updates.filter(({ error }) => !error))('owners: $step.title', (case_) => {
    const { managedFields } = update(case_).metadata;
    expect(managedFields).toEqual(case_.after?.metadata.managedFields);
    expect(orderOf(managedFields)).toBe(orderOf(case_.after?.metadata.managedFields));
  });

  it.each(strategic.filter(({ error }) => !error))('strategic merge: $step.title', (case_) => {
    const merged = withManagedFieldsOf(case_.after, strategicMerge(case_));
    expect(merged).toEqual(withoutServerOwn(merged, case_.after));
  });

  it.each(strategic.filter(({ error }) => error))('strategic merge: $step.title', (case_) => {
    expect(statusOf(() => strategicMerge(case_))).toEqual(case_.error);
  });
});
