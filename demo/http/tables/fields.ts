/** Reads a JSON object of unknown shape without stumbling: what is missing or of another type is undefined or empty. */
export class Fields {
  readonly #value: Readonly<Record<string, unknown>>;

  constructor(value: unknown) {
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    this.#value = isObject ? (value as Readonly<Record<string, unknown>>) : {};
  }

  has(key: string): boolean {
    return this.#value[key] !== undefined && this.#value[key] !== null;
  }

  raw(key: string): unknown {
    return this.#value[key];
  }

  at(...keys: readonly string[]): Fields {
    return keys.reduce((fields: Fields, key) => new Fields(fields.raw(key)), this);
  }

  /** Undefined for missing and for empty text, which Kubernetes does not tell apart. */
  text(key: string): string | undefined {
    const value = this.#value[key];
    return typeof value === 'string' && value !== '' ? value : undefined;
  }

  /** @param otherwise where there is none. Default: 0. */
  number(key: string, otherwise = 0): number {
    const value = this.#value[key];
    return typeof value === 'number' ? value : otherwise;
  }

  flag(key: string): boolean {
    return this.#value[key] === true;
  }

  /** A list of objects. */
  list(key: string): readonly Fields[] {
    const value = this.#value[key];
    return Array.isArray(value) ? value.map((each) => new Fields(each)) : [];
  }

  texts(key: string): readonly string[] {
    const value = this.#value[key];
    return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
  }

  get whole(): Readonly<Record<string, unknown>> {
    return this.#value;
  }

  get keys(): readonly string[] {
    return Object.keys(this.#value);
  }
}

export const NONE = '<none>';

/** Labels as kubectl shows them, sorted: `a=b,c=d`. */
export function labelsText(labels: Fields): string {
  const pairs = [...labels.keys].sort().map((key) => `${key}=${String(labels.raw(key))}`);
  return pairs.length === 0 ? NONE : pairs.join(',');
}

/** A label selector in its textual form. */
export function selectorText(selector: Fields): string {
  const labels = selector.at('matchLabels');
  const equal = labels.keys.map((key) => `${key}=${String(labels.raw(key))}`);
  const others = selector.list('matchExpressions').map(expressionText);
  const terms = [...equal, ...others].sort();
  return terms.length === 0 ? NONE : terms.join(',');
}

function expressionText(expression: Fields): string {
  const key = expression.text('key') ?? '';
  const values = `(${expression.texts('values').toSorted().join(',')})`;
  switch (expression.text('operator')) {
    case 'In':
      return `${key} in ${values}`;
    case 'NotIn':
      return `${key} notin ${values}`;
    case 'DoesNotExist':
      return `!${key}`;
    default:
      return key;
  }
}

/** Whether an object has a condition with this type and status. */
export function hasCondition(status: Fields, type: string, value = 'True'): boolean {
  return status
    .list('conditions')
    .some((each) => each.text('type') === type && each.text('status') === value);
}
