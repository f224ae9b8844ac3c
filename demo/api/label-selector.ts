type Json = Readonly<Record<string, unknown>>;

/**
 * Whether labels match a `LabelSelector` as objects have it: none selects nothing, an empty one everything.
 *
 * @param selector of any shape: a client may not have been held to one
 */
export function matchesLabelSelector(selector: unknown, labels: Json = {}): boolean {
  if (!isRecord(selector)) return false;
  const { matchLabels, matchExpressions } = selector;
  const wanted = isRecord(matchLabels) ? matchLabels : {};
  const expressions: readonly unknown[] = Array.isArray(matchExpressions) ? matchExpressions : [];
  return (
    Object.entries(wanted).every(([key, value]) => labels[key] === value) &&
    expressions.filter(isRecord).every((expression) => meets(expression, labels))
  );
}

function meets({ key, operator, values }: Json, labels: Json): boolean {
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

function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
