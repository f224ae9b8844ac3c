import type { FieldError } from '../schema.ts';
import { type Json, listOf, recordOf, textOf } from './checks.ts';
import { forbidden, invalid, required } from './field-errors.ts';
import { labelValueErrors, qualifiedNameErrors } from './names.ts';

/** What is wrong with labels, or with a selector that is written like them. */
export function labelErrors(labels: unknown, path: string): readonly FieldError[] {
  return Object.entries(recordOf(labels)).flatMap(([key, value]) => [
    ...qualifiedNameErrors(key).map((error) => invalid(path, key, error)),
    ...labelValueErrors(textOf(value)).map((error) => invalid(path, value, error)),
  ]);
}

/** What is wrong with a LabelSelector. */
export function selectorErrors(selector: unknown, path: string): readonly FieldError[] {
  const { matchLabels, matchExpressions } = recordOf(selector);
  return [
    ...labelErrors(matchLabels, `${path}.matchLabels`),
    ...listOf(matchExpressions).flatMap((each, index) =>
      expressionErrors(each, `${path}.matchExpressions[${index}]`),
    ),
  ];
}

function expressionErrors({ key, operator, values }: Json, path: string): readonly FieldError[] {
  const count = Array.isArray(values) ? values.length : 0;
  const inKey = qualifiedNameErrors(textOf(key)).map((error) => invalid(`${path}.key`, key, error));
  return [...operatorErrors(operator, count, path), ...inKey];
}

function operatorErrors(operator: unknown, count: number, path: string): readonly FieldError[] {
  switch (operator) {
    case 'In':
    case 'NotIn':
      return count > 0
        ? []
        : [required(`${path}.values`, "must be specified when `operator` is 'In' or 'NotIn'")];
    case 'Exists':
    case 'DoesNotExist':
      return count === 0
        ? []
        : [forbidden(`${path}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")];
    default:
      return [invalid(`${path}.operator`, operator ?? '', 'not a valid selector operator')];
  }
}
