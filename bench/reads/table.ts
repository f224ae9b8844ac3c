import { type Figure, FIGURES, type Spread } from './figures.ts';
import { type CaseResult, GATEWAY, type Goal, type Report, valueFor } from './result.ts';

const LABELS: Readonly<Record<Figure, string>> = {
  cpuMs: 'CPU ms',
  wallMs: 'wall ms',
  megabytes: 'MB',
  extraMb: 'extra MB',
  peakMb: 'peak MB',
  firstByteMs: 'first byte ms',
  stallMs: 'stall p99 ms',
  upstreamRequests: 'requests',
};

/** All cases of a run as one table, `min / median / max` in each cell. */
export function tableOf(report: Report): string {
  const { node, server, pods, rounds, cases } = report;
  const head = `${pods} pods on ${server}, Node ${node}, ${rounds} rounds; min / median / max of one operation`;
  return [head, ...Object.entries(cases).map(([name, result]) => caseRows(name, result))].join('\n\n');
}

function caseRows(name: string, result: CaseResult): string {
  const title = `${name}: ${result.title}`;
  if (result.failure !== undefined) return `${title}\n  FAILED: ${result.failure}`;
  const figures = FIGURES.filter((figure) => Object.values(result.arms).some((arm) => figure in arm));
  const rows = [
    ['', ...figures.map((figure) => LABELS[figure])],
    ...Object.entries(result.arms).map(([arm, spreads]) => [arm, ...cells(figures, spreads)]),
    ...Object.entries(result.ratios).map(([arm, spreads]) => [
      `${GATEWAY} ÷ ${arm}`,
      ...cells(figures, spreads),
    ]),
  ];
  return [title, ...aligned(rows), ...result.goals.map((goal) => goalRow(result, goal))].join('\n');
}

function cells(figures: readonly Figure[], spreads: Partial<Record<Figure, Spread>>): string[] {
  return figures.map((figure) => {
    const spread = spreads[figure];
    return spread === undefined ? '' : cell(spread);
  });
}

/** `min / median / max`, or one number where they are the same. */
export function cell({ min, median, max }: Spread): string {
  const texts = [min, median, max].map((value) => rounded(value));
  // Sizes and counts do not vary.
  return new Set(texts).size === 1 ? rounded(median) : texts.join(' / ');
}

function goalRow(result: CaseResult, goal: Goal): string {
  const what = `${LABELS[goal.figure]}${goal.over === undefined ? '' : ` ÷ ${goal.over}`}`;
  const value = valueFor(result, goal);
  const verdict =
    value === undefined
      ? 'NOT MEASURED'
      : `${rounded(value)}, ${value <= goal.atMost ? 'reached' : 'MISSED'}`;
  return `  goal: ${what} ≤ ${goal.atMost}: ${verdict}`;
}

/** Rows of cells as lines, the first column to the left and the others to the right. */
export function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => {
    const padded = row.map((cell, column) => {
      const width = widths[column] ?? 0;
      return column === 0 ? cell.padEnd(width) : cell.padStart(width);
    });
    return `  ${padded.join('  ')}`.trimEnd();
  });
}

/** Three digits say all that a noisy figure has to say. */
export function rounded(value: number): string {
  const size = Math.abs(value);
  if (size >= 100) return value.toFixed(0);
  if (size >= 10) return value.toFixed(1);
  return size >= 1 ? value.toFixed(2) : value.toFixed(3);
}
