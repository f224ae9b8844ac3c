import { type Figure, FIGURES, ratiosOf, type Samples, type Spread, spreadOf } from './figures.ts';

/** The arm that everything is about. */
export const GATEWAY = 'gateway';

export interface Goal {
  readonly figure: Figure;
  /** The arm whose figure the gateway's is divided by. Default: none, the figure itself is meant. */
  readonly over?: string;
  readonly atMost: number;
}

/** What came of one case. Plain data: it is written as JSON. */
export interface CaseResult {
  readonly title: string;
  /** Why it could not be measured to the end. */
  readonly failure?: string;
  /** By arm. */
  readonly arms: Readonly<Record<string, Partial<Record<Figure, Spread>>>>;
  /** The gateway's figures over each other arm's, by arm. */
  readonly ratios: Readonly<Record<string, Partial<Record<Figure, Spread>>>>;
  readonly goals: readonly Goal[];
}

export interface Report {
  readonly node: string;
  /** What the API server says it is. */
  readonly server: string;
  /** How many pods there were to list. */
  readonly pods: number;
  readonly rounds: number;
  readonly cases: Readonly<Record<string, CaseResult>>;
}

/** Memory is compared with `naive` alone: a loop that throws its bytes away takes next to none. */
const COMPARABLE: readonly Figure[] = ['cpuMs', 'wallMs', 'extraMb'];

export function resultOf(
  { title, goals }: { readonly title: string; readonly goals: readonly Goal[] },
  samples: ReadonlyMap<string, Samples>,
): CaseResult {
  const gateway = samples.get(GATEWAY) ?? {};
  const others = [...samples].filter(([name]) => name !== GATEWAY);
  return {
    title,
    arms: Object.fromEntries([...samples].map(([name, of]) => [name, spreadsOf(of)])),
    ratios: Object.fromEntries(others.map(([name, of]) => [name, ratiosTo(name, gateway, of)])),
    goals,
  };
}

/** What a goal is held against: medians, but for memory and counts the most. Undefined when it was not measured. */
export function valueFor(result: CaseResult, { figure, over }: Goal): number | undefined {
  const spread = over === undefined ? result.arms[GATEWAY]?.[figure] : result.ratios[over]?.[figure];
  return MOST.has(figure) ? spread?.max : spread?.median;
}

const MOST: ReadonlySet<Figure> = new Set(['extraMb', 'peakMb', 'upstreamRequests']);

function spreadsOf(samples: Samples): Partial<Record<Figure, Spread>> {
  return defined(FIGURES, (figure) => {
    const values = samples[figure];
    return values === undefined ? undefined : spreadOf(values);
  });
}

function ratiosTo(name: string, gateway: Samples, of: Samples): Partial<Record<Figure, Spread>> {
  const figures = COMPARABLE.filter((figure) => figure !== 'extraMb' || name === 'naive');
  return defined(figures, (figure) => ratiosOf(figure, gateway, of));
}

function defined(
  figures: readonly Figure[],
  spread: (figure: Figure) => Spread | undefined,
): Partial<Record<Figure, Spread>> {
  const result: Partial<Record<Figure, Spread>> = {};
  for (const figure of figures) {
    const value = spread(figure);
    if (value !== undefined) result[figure] = value;
  }
  return result;
}
