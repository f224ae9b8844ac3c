import { isRecord } from './json-errors.ts';
import type { Labels } from './label-selector.ts';

/** Whether labels match a `LabelSelector` as objects have it: none selects nothing, an empty one everything. */
export function matchesLabelSelector(selector: unknown, labels: Labels = {}): boolean {
  if (!isRecord(selector)) return false;
  const wanted = isRecord(selector['matchLabels']) ? selector['matchLabels'] : {};
  const expressions = Array.isArray(selector['matchExpressions']) ? selector['matchExpressions'] : [];
  return (
    Object.entries(wanted).every(([key, value]) => labels[key] === value) &&
    expressions.filter(isRecord).every((expression) => meets(expression, labels))
  );
}

function meets({ key, operator, values }: Readonly<Record<string, unknown>>, labels: Labels): boolean {
  const label = labels[String(key)];
  const isListed = Array.isArray(values) && values.includes(label);
  switch (operator) {
    case 'In':
      return label !== undefined && isListed;
    case 'NotIn':
      return label === undefined || !isListed;
    case 'Exists':
      return label !== undefined;
    case 'DoesNotExist':
      return label === undefined;
    default:
      return false;
  }
}
