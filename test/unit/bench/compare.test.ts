import { describe, expect, it } from 'vitest';
import { differingConditions, regressions } from '../../../bench/reads/compare.ts';
import { caseResult, reportOf, runAt } from './report.ts';

describe('a run compared with a stored one', () => {
  it('tells of a ratio that got worse by more than 15 %, with both', () => {
    expect(regressions(runAt(2.4), runAt(2))).toEqual([
      'pods: cpuMs of gateway ÷ bare was 2.00, is 2.40 (+20 %)',
    ]);
  });

  it('tells of every kind of ratio', () => {
    expect(regressions(runAt(2.4, 'wallMs'), runAt(2, 'wallMs'))).toHaveLength(1);
  });

  it('is silent about noise and about what got better', () => {
    expect(regressions(runAt(2.29), runAt(2))).toEqual([]);
    expect(regressions(runAt(0.5), runAt(2))).toEqual([]);
  });

  it('does not mind a machine that is slower at everything', () => {
    const slow = reportOf({ pods: caseResult({ gateway: { cpuMs: [2000] }, bare: { cpuMs: [1000] } }) });
    expect(regressions(slow, runAt(2))).toEqual([]);
  });

  it('leaves out cases that were not run, or not to their end', () => {
    const failed = { ...caseResult({}), failure: 'Error: no' };
    expect(regressions(reportOf({}), runAt(1))).toEqual([]);
    expect(regressions(reportOf({ pods: failed }), runAt(1))).toEqual([]);
  });

  it('survives being written and read', () => {
    const stored = JSON.parse(JSON.stringify(runAt(2))) as ReturnType<typeof runAt>;
    expect(regressions(runAt(3), stored)).toHaveLength(1);
  });

  it('says what was different about the stored one', () => {
    const stored = reportOf({}, { pods: 300, server: "the demo's API server" });
    expect(differingConditions(reportOf({}), stored)).toEqual([
      "stored with the demo's API server, now Kubernetes v1.36.3",
      'stored with 300 pods, now 5000 pods',
    ]);
    expect(differingConditions(reportOf({}), reportOf({}))).toEqual([]);
  });
});
