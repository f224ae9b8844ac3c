import { aligned, cell, rounded } from '../reads/table.ts';
import {
  type CaseResult,
  type Figure,
  type Goal,
  isReached,
  LABELS,
  type Report,
  valueFor,
} from './result.ts';

/** All cases of a run as one table, `min / median / max` in each cell. */
export function tableOf({ node, subscribers, rounds, cases }: Report): string {
  const head = `${subscribers} subscribers, Node ${node}, ${rounds} rounds; min / median / max`;
  return [head, ...Object.entries(cases).map(([name, result]) => caseRows(name, result))].join('\n\n');
}

function caseRows(name: string, { title, ...result }: CaseResult): string {
  // `Object.keys` forgets which keys there are.
  const figures = (Object.keys(LABELS) as Figure[]).filter((figure) =>
    Object.values(result.arms).some((arm) => figure in arm),
  );
  const rows = [
    ['', ...figures.map((figure) => LABELS[figure])],
    ...Object.entries(result.arms).map(([arm, spreads]) => [
      arm,
      ...figures.map((figure) => (spreads[figure] === undefined ? '' : cell(spreads[figure]))),
    ]),
  ];
  return [
    `${name}: ${title}`,
    ...(figures.length === 0 ? [] : aligned(rows)),
    ...result.goals.map((goal) => goalRow({ title, ...result }, goal)),
    ...result.wrong.map((what) => `  WRONG: ${what}`),
  ].join('\n');
}

function goalRow(result: CaseResult, goal: Goal): string {
  const { figure, atMost, atLeast } = goal;
  const value = valueFor(result, goal);
  const wanted = atMost === undefined ? `≥ ${atLeast}` : `≤ ${atMost}`;
  const verdict =
    value === undefined
      ? 'NOT MEASURED'
      : `${rounded(value)}, ${isReached(goal, value) ? 'reached' : 'MISSED'}`;
  return `  goal: ${LABELS[figure]} ${wanted}: ${verdict}`;
}
