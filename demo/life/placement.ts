import { matchesLabelSelector } from '../api/label-selector.ts';
import type { Node, NodeSelectorTerm, PodSpec, Taint, Toleration } from './kinds.ts';
import { matchesAll } from './selectors.ts';

/** Whether a pod may be put on a node: selectors, required affinity, taints, cordoning. */
export function fits(spec: PodSpec, node: Node): boolean {
  return reasonAgainst(spec, node) === undefined;
}

/** Why a pod may not be put on a node, in the scheduler's words. */
export function reasonAgainst(spec: PodSpec, node: Node): string | undefined {
  const { tolerations = [] } = spec;
  if (node.spec.unschedulable === true && !isTolerated(UNSCHEDULABLE, tolerations))
    return 'were unschedulable';
  if (!isSelected(spec, node)) return "didn't match Pod's node affinity/selector";
  const taint = node.spec.taints?.find(
    (one) => one.effect !== 'PreferNoSchedule' && !isTolerated(one, tolerations),
  );
  return taint && `had untolerated taint(s)`;
}

const UNSCHEDULABLE: Taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };

function isSelected({ nodeSelector = {}, affinity }: PodSpec, node: Node): boolean {
  const terms = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  return (
    matchesAll(nodeSelector, node.metadata.labels) &&
    (terms === undefined || terms.some((term) => isMet(term, node)))
  );
}

function isMet({ matchFields = [], matchExpressions = [] }: NodeSelectorTerm, { metadata }: Node): boolean {
  // The only field that node selectors know.
  return (
    matchesLabelSelector({ matchExpressions: matchFields }, { 'metadata.name': metadata.name }) &&
    matchesLabelSelector({ matchExpressions }, metadata.labels)
  );
}

function isTolerated(taint: Taint, tolerations: readonly Toleration[]): boolean {
  return tolerations.some(
    ({ key, operator = 'Equal', value = '', effect }) =>
      (effect === undefined || effect === '' || effect === taint.effect) &&
      (key === undefined || key === ''
        ? operator === 'Exists'
        : key === taint.key && (operator === 'Exists' || value === (taint.value ?? ''))),
  );
}
