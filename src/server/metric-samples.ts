import type { Sample } from '../util/metrics.ts';

/** A sample for each member, whose name is the value of `label`. */
export function samplesOf(
  label: string,
  values: Readonly<Partial<Record<string, number>>>,
): readonly Sample[] {
  return Object.entries(values).map(([name, value = 0]) => ({ labels: { [label]: name }, value }));
}
