import { expect, it } from 'vitest';
import { Histogram } from '../../../src/util/histogram.ts';
import { renderMetrics } from '../../../src/util/metrics.ts';

it('writes a number, and samples with their labels', () => {
  const text = renderMetrics([
    { name: 'a_total', type: 'counter', help: 'All of a.', read: () => 3 },
    {
      name: 'b',
      type: 'gauge',
      help: 'Each b.',
      read: () => [
        { labels: { kind: 'x', of: 'y' }, value: 0.5 },
        { labels: { kind: 'z', of: '' }, value: Number.POSITIVE_INFINITY },
      ],
    },
  ]);
  expect(text).toBe(
    [
      '# HELP a_total All of a.',
      '# TYPE a_total counter',
      'a_total 3',
      '# HELP b Each b.',
      '# TYPE b gauge',
      'b{kind="x",of="y"} 0.5',
      'b{kind="z",of=""} +Inf',
      '',
    ].join('\n'),
  );
});

it('escapes what would end a line or a label', () => {
  const labels = { text: 'a"b\\c\nd' };
  const text = renderMetrics([
    { name: 'a', type: 'gauge', help: 'b\\c\nd "e"', read: () => [{ labels, value: 1 }] },
  ]);
  expect(text).toBe(
    String.raw`# HELP a b\\c\nd "e"` + '\n# TYPE a gauge\n' + String.raw`a{text="a\"b\\c\nd"} 1` + '\n',
  );
});

it('leaves out what has no value', () => {
  expect(renderMetrics([{ name: 'a', type: 'gauge', help: 'A.', read: () => undefined }])).toBe('');
});

it('writes histograms with the buckets, the sum and the count of each sample', () => {
  const histogram = new Histogram([0.5]);
  histogram.observe(0.25);
  histogram.observe(2);
  const read = () => [{ labels: { by: 'x' }, histogram }];
  expect(renderMetrics([{ name: 'a_seconds', type: 'histogram', help: 'A.', read }])).toBe(
    [
      '# HELP a_seconds A.',
      '# TYPE a_seconds histogram',
      'a_seconds_bucket{by="x",le="0.5"} 1',
      'a_seconds_bucket{by="x",le="+Inf"} 2',
      'a_seconds_sum{by="x"} 2.25',
      'a_seconds_count{by="x"} 2',
      '',
    ].join('\n'),
  );
});
