import { expect, it } from 'vitest';
import { readDuration } from '../../../src/cli/duration.ts';

it.each([
  ['90s', 90_000],
  ['30m', 1_800_000],
  ['12h', 43_200_000],
  ['24d', 2_073_600_000],
])('%s is %i ms', (text, milliseconds) => {
  expect(readDuration('--age', text)).toBe(milliseconds);
});

it.each(['', '0s', '30', 'm', '-1m', '1.5h', '30M', '1w', '1h30m', ' 1h', '25d', '999999999d'])(
  '%j is none',
  (text) => {
    expect(() => readDuration('--age', text)).toThrow(/^--age is a time .* not "/);
  },
);
