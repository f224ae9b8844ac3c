import type { Figure, Samples } from '../../../bench/reads/figures.ts';
import { type CaseResult, type Goal, type Report, resultOf } from '../../../bench/reads/result.ts';

/** The same value in every round stands for a quiet machine. */
export function caseResult(arms: Readonly<Record<string, Samples>>, goals: readonly Goal[] = []): CaseResult {
  return resultOf({ title: 'a case', goals }, new Map(Object.entries(arms)));
}

export function reportOf(cases: Readonly<Record<string, CaseResult>>, more: Partial<Report> = {}): Report {
  return { node: 'v20.0.0', server: 'Kubernetes v1.36.3', pods: 5000, rounds: 2, cases, ...more };
}

/** A run of one case in which the gateway took `factor` times what the bare loop took. */
export function runAt(factor: number, figure: Figure = 'cpuMs'): Report {
  return reportOf({ pods: caseResult({ gateway: { [figure]: [100 * factor] }, bare: { [figure]: [100] } }) });
}
