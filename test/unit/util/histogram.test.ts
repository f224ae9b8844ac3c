import { expect, it } from 'vitest';
import { Histogram } from '../../../src/util/histogram.ts';

it('counts values up to each bound, and those above all', () => {
  const histogram = new Histogram([1, 2]);
  for (const value of [0, 1, 1.5, 2, 3]) histogram.observe(value);
  expect(histogram.buckets).toEqual([
    { upTo: 1, count: 2 },
    { upTo: 2, count: 4 },
    { upTo: Number.POSITIVE_INFINITY, count: 5 },
  ]);
  expect([histogram.count, histogram.sum]).toEqual([5, 7.5]);
});

it('has its buckets before there are values', () => {
  const { buckets, count, sum } = new Histogram([1]);
  expect([buckets.map((bucket) => bucket.count), count, sum]).toEqual([[0, 0], 0, 0]);
});
