import type { Spread } from '../reads/figures.ts';

/** What is measured, and how a table calls it. docs/performance.md says what each means. */
export const LABELS = {
  kilobytesEach: 'KB each',
  residentMb: 'resident MB',
  openMs: 'to open ms',
  deliveriesPerSecond: 'deliveries/s',
  cpuMicroseconds: 'CPU µs each',
  p50Ms: 'p50 ms',
  p99Ms: 'p99 ms',
  insideP99Ms: 'inside p99 ms',
  p99Ratio: 'p99 ÷ without',
  keptKilobytes: 'KB kept',
  lost: 'lost',
  resumed: 'resumed',
  relists: 'lists again',
  upstreamWatches: 'watches',
  heapGrowthMb: 'heap growth MB',
  descriptors: 'descriptors',
} as const;

export type Figure = keyof typeof LABELS;

export interface Goal {
  readonly figure: Figure;
  /** Against the median, that of `most` against the most. */
  readonly atMost?: number;
  readonly atLeast?: number;
}

/** What came of one case. Plain data: it is written as JSON. */
export interface CaseResult {
  readonly title: string;
  /** What the gateway answered that it should not, or why it could not be measured to the end. */
  readonly wrong: readonly string[];
  /** By arm. */
  readonly arms: Readonly<Record<string, Partial<Record<Figure, Spread>>>>;
  readonly goals: readonly Goal[];
}

export interface Report {
  readonly node: string;
  readonly subscribers: number;
  readonly rounds: number;
  readonly cases: Readonly<Record<string, CaseResult>>;
}

/** The arm that everything is about. */
export const GATEWAY = 'gateway';

/** A median hides what must never happen; of these the most counts. */
const WORST: ReadonlySet<Figure> = new Set([
  'lost',
  'upstreamWatches',
  'keptKilobytes',
  'heapGrowthMb',
  'descriptors',
]);

/** What the goal is held against; undefined when it was not measured. */
export function valueFor({ arms }: CaseResult, { figure }: Goal): number | undefined {
  const spread = arms[GATEWAY]?.[figure];
  return WORST.has(figure) ? spread?.max : spread?.median;
}

export function isReached({ atMost = Infinity, atLeast = -Infinity }: Goal, value: number): boolean {
  return value <= atMost && value >= atLeast;
}
