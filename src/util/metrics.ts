/** One value of a metric, told apart from the others by its labels. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A number that is read when somebody asks for it. */
export interface Metric {
  /** As Prometheus has it: the unit at the end, `_total` behind counters. */
  readonly name: string;
  readonly type: 'counter' | 'gauge';
  readonly help: string;
  /** The value now; samples where there are several; undefined while there is none. */
  readonly read: () => number | readonly Sample[] | undefined;
}

export const METRICS_CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** All metrics in Prometheus' text format, in the order given. */
export function renderMetrics(metrics: readonly Metric[]): string {
  return metrics.map(renderMetric).join('');
}

function renderMetric({ name, type, help, read }: Metric): string {
  const value = read();
  const samples = typeof value === 'number' ? [{ labels: {}, value }] : (value ?? []);
  const lines = [
    `# HELP ${name} ${escaped(help)}`,
    `# TYPE ${name} ${type}`,
    ...samples.map((sample) => `${name}${renderLabels(sample.labels)} ${renderNumber(sample.value)}`),
  ];
  return samples.length === 0 ? '' : `${lines.join('\n')}\n`;
}

function renderLabels(labels: Sample['labels']): string {
  const pairs = Object.entries(labels).map(
    ([name, value]) => `${name}="${escaped(value).replaceAll('"', String.raw`\"`)}"`,
  );
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escaped(text: string): string {
  return text.replaceAll('\\', String.raw`\\`).replaceAll('\n', String.raw`\n`);
}

function renderNumber(value: number): string {
  if (Number.isFinite(value) || Number.isNaN(value)) return String(value);
  return value > 0 ? '+Inf' : '-Inf';
}
