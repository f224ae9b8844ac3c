import type { Histogram } from './histogram.ts';

type Labels = Readonly<Record<string, string>>;

/** One value of a metric, told apart from the others by its labels. */
export interface Sample {
  readonly labels: Labels;
  readonly value: number;
}

/** The same of a histogram. */
export interface HistogramSample {
  readonly labels: Labels;
  readonly histogram: Pick<Histogram, 'buckets' | 'sum' | 'count'>;
}

interface Described {
  /** As Prometheus has it: the unit at the end, `_total` behind counters. */
  readonly name: string;
  readonly help: string;
}

/** A number that is read when somebody asks for it. */
interface NumberMetric extends Described {
  readonly type: 'counter' | 'gauge';
  /** The value now; samples where there are several; undefined while there is none. */
  readonly read: () => number | readonly Sample[] | undefined;
}

interface HistogramMetric extends Described {
  readonly type: 'histogram';
  readonly read: () => readonly HistogramSample[];
}

export type Metric = NumberMetric | HistogramMetric;

export const METRICS_CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** All metrics in Prometheus' text format, in the order given. */
export function renderMetrics(metrics: readonly Metric[]): string {
  return metrics.map(renderMetric).join('');
}

function renderMetric(metric: Metric): string {
  const { name, type, help } = metric;
  const samples = metric.type === 'histogram' ? metric.read().flatMap(histogramLines) : numberLines(metric);
  const lines = [
    `# HELP ${name} ${escaped(help)}`,
    `# TYPE ${name} ${type}`,
    ...samples.map((line) => `${name}${line}`),
  ];
  return samples.length === 0 ? '' : `${lines.join('\n')}\n`;
}

/** What follows the name in each line. */
function numberLines({ read }: NumberMetric): readonly string[] {
  const value = read();
  const samples = typeof value === 'number' ? [{ labels: {}, value }] : (value ?? []);
  return samples.map((sample) => `${renderLabels(sample.labels)} ${renderNumber(sample.value)}`);
}

function histogramLines({ labels, histogram: { buckets, sum, count } }: HistogramSample): readonly string[] {
  const suffix = renderLabels(labels);
  return [
    ...buckets.map(({ upTo, count: within }) => {
      const le = renderNumber(upTo);
      return `_bucket${renderLabels({ ...labels, le })} ${within}`;
    }),
    `_sum${suffix} ${renderNumber(sum)}`,
    `_count${suffix} ${count}`,
  ];
}

function renderLabels(labels: Labels): string {
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
