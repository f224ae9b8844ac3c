import type { IntOrString, Labels, LabelSelector } from './kinds.ts';

/** Whether a label selector picks `labels`. A selector without any requirement picks everything. */
export function selects(selector: LabelSelector, labels: Labels = {}): boolean {
  return matchesAll(selector.matchLabels ?? {}, labels) && meetsAll(selector.matchExpressions ?? [], labels);
}

export function matchesAll(wanted: Labels, labels: Labels = {}): boolean {
  return Object.entries(wanted).every(([key, value]) => labels[key] === value);
}

/** Whether `labels` meet requirements as label selectors and node selectors have them (In, NotIn, Exists, DoesNotExist). */
export function meetsAll(
  requirements: NonNullable<LabelSelector['matchExpressions']>,
  labels: Labels,
): boolean {
  return requirements.every(({ key, operator, values = [] }) => {
    const value = labels[key];
    switch (operator) {
      case 'In':
        return value !== undefined && values.includes(value);
      case 'NotIn':
        return value === undefined || !values.includes(value);
      case 'Exists':
        return value !== undefined;
      case 'DoesNotExist':
        return value === undefined;
      default:
        return false;
    }
  });
}

/** `3` is 3; `25%` is that part of `total`, rounded as told. */
export function scaled(value: IntOrString, total: number, round: 'up' | 'down'): number {
  if (typeof value === 'number') return value;
  const share = (Number.parseInt(value, 10) * total) / 100;
  return round === 'up' ? Math.ceil(share) : Math.floor(share);
}
