import type { Condition } from './kinds.ts';

/**
 * `conditions` with `next` put in. A condition that says the same as before stays as it is; one with another reason keeps
 * the time of its last transition when its status is the same.
 */
export function withCondition(conditions: readonly Condition[] = [], next: Condition): readonly Condition[] {
  const before = conditions.find((condition) => condition.type === next.type);
  if (before === undefined) return [...conditions, next];
  if (SAYING.every((member) => before[member] === next[member])) return conditions;
  const { lastTransitionTime } = before.status === next.status ? before : next;
  const merged = lastTransitionTime === undefined ? next : { ...next, lastTransitionTime };
  return conditions.map((condition) => (condition === before ? merged : condition));
}

const SAYING = ['status', 'reason', 'message', 'observedGeneration'] as const;

export function conditionOf(
  conditions: readonly Condition[] | undefined,
  type: string,
): Condition | undefined {
  return conditions?.find((condition) => condition.type === type);
}

export function isTrue(conditions: readonly Condition[] | undefined, type: string): boolean {
  return conditionOf(conditions, type)?.status === 'True';
}
