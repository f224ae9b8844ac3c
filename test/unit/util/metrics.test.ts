import { expect, it } from 'vitest';
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
