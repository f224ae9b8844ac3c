/**
 * What is measured. CPU time, wall time and `megabytes`, the size of what arrived, are of one operation; `extraMb` is the
 * peak of resident memory over what the process held at rest, `peakMb` the peak itself; `firstByteMs` runs from the API server's first byte to the answer's;
 * `stallMs` is the 99th percentile of how long a ping beside the work waited.
 */
export const FIGURES = [
  'cpuMs',
  'wallMs',
  'megabytes',
  'extraMb',
  'peakMb',
  'firstByteMs',
  'stallMs',
  'upstreamRequests',
] as const;

export type Figure = (typeof FIGURES)[number];

/** The figures of one round. */
export type Sample = Partial<Record<Figure, number>>;

/** The figures of all rounds, round by round. */
export type Samples = Partial<Record<Figure, readonly number[]>>;

export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/** @throws Error for no values: there is nothing to tell of them. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const [min, max] = [sorted[0], sorted.at(-1)];
  if (min === undefined || max === undefined) throw new Error('no values');
  const middle = (sorted.length - 1) / 2;
  const median = ((sorted[Math.floor(middle)] ?? min) + (sorted[Math.ceil(middle)] ?? max)) / 2;
  return { min, median, max };
}

/** The smallest value that at least `part` (0 to 1) of all values do not exceed. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)];
  if (value === undefined) throw new Error('no values');
  return value;
}

/**
 * One arm's figure over another's, round by round: what disturbs the machine for a while disturbs both. Undefined when
 * one of them does not have it, or a divisor is not positive, as memory can be that was given back.
 */
export function ratiosOf(figure: Figure, of: Samples, over: Samples): Spread | undefined {
  const [values, divisors] = [of[figure], over[figure]];
  if (values === undefined || divisors === undefined || divisors.some((divisor) => divisor <= 0))
    return undefined;
  const ratios = values.flatMap((value, round) => {
    const divisor = divisors[round];
    return divisor === undefined ? [] : [value / divisor];
  });
  return ratios.length === 0 ? undefined : spreadOf(ratios);
}
