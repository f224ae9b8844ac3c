import { describe, expect, it } from 'vitest';
import { tableOf } from '../../../bench/reads/table.ts';
import { caseResult, reportOf } from './report.ts';

describe('the table', () => {
  it('shows min, median and max of each arm, the ratios to it, and the goals', () => {
    const result = caseResult(
      {
        gateway: { cpuMs: [100, 120, 110], megabytes: [2.5, 2.5, 2.5] },
        bare: { cpuMs: [50, 80, 100] },
      },
      [
        { figure: 'cpuMs', over: 'bare', atMost: 1.6 },
        { figure: 'cpuMs', atMost: 100 },
      ],
    );
    expect(tableOf(reportOf({ pods: result }))).toBe(
      [
        '5000 pods on Kubernetes v1.36.3, Node v20.0.0, 2 rounds; min / median / max of one operation',
        '',
        'pods: a case',
        '                              CPU ms    MB',
        '  gateway            100 / 110 / 120  2.50',
        '  bare             50.0 / 80.0 / 100',
        '  gateway ÷ bare  1.10 / 1.50 / 2.00',
        '  goal: CPU ms ÷ bare ≤ 1.6: 1.50, reached',
        '  goal: CPU ms ≤ 100: 110, MISSED',
      ].join('\n'),
    );
  });

  it('holds memory and counts against the goal by their most, not by their middle', () => {
    const result = caseResult({ gateway: { extraMb: [10, 60, 10] } }, [{ figure: 'extraMb', atMost: 50 }]);
    expect(tableOf(reportOf({ pods: result }))).toContain('goal: extra MB ≤ 50: 60.0, MISSED');
  });

  it('has no ratio of memory to the bare loop, which takes next to none', () => {
    const memory = { extraMb: [50] };
    const result = caseResult({ gateway: memory, bare: memory, naive: { extraMb: [100] } });
    expect(result.ratios).toEqual({ bare: {}, naive: { extraMb: { min: 0.5, median: 0.5, max: 0.5 } } });
  });

  it('says which goal could not be looked at, and which case failed', () => {
    const unmeasured = caseResult({ gateway: { cpuMs: [1] } }, [{ figure: 'stallMs', atMost: 50 }]);
    const failed = { ...caseResult({}), failure: 'Error: no gateway' };
    const table = tableOf(reportOf({ unmeasured, failed }));
    expect(table).toContain('goal: stall p99 ms ≤ 50: NOT MEASURED');
    expect(table).toContain('FAILED: Error: no gateway');
  });
});
