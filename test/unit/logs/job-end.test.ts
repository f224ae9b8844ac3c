import { expect, it } from 'vitest';
import { KUBECONFIG_IDENTITY } from '../../../src/cluster/identity.ts';
import { jobEnd } from '../../../src/logs/job-end.ts';
import { readWorkload } from '../../../src/logs/workload.ts';
import { FakeNodes } from './support/fake-nodes.ts';

const JOB = '/apis/batch/v1/namespaces/a/jobs/j';
const PODS = '/api/v1/namespaces/a/pods';

interface Condition {
  readonly type: string;
  readonly status: string;
}

const COMPLETE: Condition = { type: 'Complete', status: 'True' };

/** A Job that has left the pods `x` and `y`. */
async function left() {
  const nodes = new FakeNodes();
  const signal = new AbortController().signal;
  const be = (uid: string, ...conditions: readonly Condition[]): void => {
    const spec = { selector: { matchLabels: { job: 'j' } } };
    nodes.objects.set(JOB, { metadata: { uid }, spec, status: { conditions } });
  };
  be('1');
  nodes.objects.set(PODS, { items: [{ metadata: { uid: 'x' } }, { metadata: { uid: 'y' } }] });
  const job = { kind: 'JOB', namespace: 'a', name: 'j' } as const;
  const state = await readWorkload(nodes, KUBECONFIG_IDENTITY, job, { signal });
  const isComplete = jobEnd(nodes, KUBECONFIG_IDENTITY, job, state);
  return { nodes, be, ends: (known = 'xy') => isComplete((uid) => known.includes(uid), signal) };
}

it.each([
  ['is under way', []],
  ['is suspended', [{ type: 'Suspended', status: 'True' }]],
  ['has pods that are still ending', [{ type: 'SuccessCriteriaMet', status: 'True' }]],
  ['may fail', [{ type: 'FailureTarget', status: 'True' }]],
  ['has not failed', [{ type: 'Failed', status: 'False' }]],
])('has not come of a Job that %s', async (_, conditions) => {
  const { be, ends } = await left();
  be('1', ...conditions);
  expect(await ends()).toBe(false);
});

it.each(['Complete', 'Failed'])('has come of one that is %s, once all its pods are known', async (type) => {
  const { be, ends } = await left();
  be('1', { type, status: 'True' });
  expect(await ends('x')).toBe(false);
  expect(await ends('xy')).toBe(true);
});

it('has come of one that is gone, or was replaced by another one of its name', async () => {
  const { nodes, be, ends } = await left();
  be('2');
  expect(await ends()).toBe(true);
  nodes.objects.delete(JOB);
  expect(await ends('x')).toBe(false);
  expect(await ends()).toBe(true);
});

it('has come of one that has left no pods', async () => {
  const { nodes, be, ends } = await left();
  be('1', COMPLETE);
  // As the API server says it.
  nodes.objects.set(PODS, { items: null });
  expect(await ends('')).toBe(true);
});

it('is unknown to whoever may not ask', async () => {
  const { nodes, ends } = await left();
  nodes.forbidden.add(JOB);
  await expect(ends()).rejects.toMatchObject({ code: 'FORBIDDEN' });
});
