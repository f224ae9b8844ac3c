/** What a quantity's suffix multiplies by. */
const FACTORS: ReadonlyMap<string, number> = new Map([
  ['n', 1e-9],
  ['u', 1e-6],
  ['m', 1e-3],
  ['', 1],
  ...powers(1000, ['k', 'M', 'G', 'T', 'P', 'E']),
  ...powers(1024, ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei']),
]);

function powers(base: number, suffixes: readonly string[]): readonly [string, number][] {
  return suffixes.map((suffix, index) => [suffix, base ** (index + 1)]);
}

/**
 * A Kubernetes quantity as a number of its unit (cores, bytes): `"250m"` is 0.25, `"1Gi"` 1073741824. For sums and charts:
 * what is written back should be the text. Throws a RangeError on text that is no quantity.
 */
export function quantityToNumber(text: string): number {
  const [, digits, suffix = ''] = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)([a-zA-Z]*)$/.exec(text) ?? [];
  const factor = FACTORS.get(suffix);
  if (digits === undefined || factor === undefined)
    throw new RangeError(`not a quantity: ${JSON.stringify(text)}`);
  return Number(digits) * factor;
}
