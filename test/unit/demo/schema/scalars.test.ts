import { describe, expect, test } from 'vitest';
import { canonicalQuantity, compareQuantities } from '../../../../demo/schema/quantity.ts';
import { canonicalMicroTime, canonicalTime, TimeError } from '../../../../demo/schema/time.ts';

describe('a quantity is stored in its canonical form', () => {
  test.each([
    [0.1, '100m'],
    ['1000m', '1'],
    ['+1000m', '1'],
    [1.5, '1500m'],
    ['1.0', '1'],
    ['1.5Gi', '1536Mi'],
    ['1024Mi', '1Gi'],
    ['1025Mi', '1025Mi'],
    ['1000Gi', '1000Gi'],
    ['1000', '1k'],
    [1_073_741_824, '1073741824'],
    ['1000M', '1G'],
    ['1500M', '1500M'],
    [100_000_000_000_000_000_000n, '100E'],
    ['1e20', '100e18'],
    ['1000e3', '1e6'],
    ['0.001e3', '1'],
    ['0Mi', '0'],
    ['0.1Gi', '107374182400m'],
    ['100Mi ', '100Mi'],
    ['-1', '-1'],
  ])('%s is %s', (written, stored) => {
    expect(canonicalQuantity(written)).toBe(stored);
  });

  test.each(['1e3', '1E3', '+5', '05', '5.', '1e-3', '12345678901234567890'])(
    '%s stays as it is',
    (written) => {
      expect(canonicalQuantity(written)).toBe(written);
    },
  );

  test('resources have no parts smaller than a thousandth', () => {
    expect(canonicalQuantity('0.0001', -3)).toBe('1m');
    expect(canonicalQuantity('0.0001')).toBe('100u');
  });

  test.each(['', '1,5', 'x', '.', '1Kb', '1e'])('"%s" is none', (written) => {
    expect(canonicalQuantity(written)).toBeUndefined();
  });

  test('quantities compare by value', () => {
    expect(compareQuantities('1Gi', '1G')).toBeGreaterThan(0);
    expect(compareQuantities('999m', '1')).toBeLessThan(0);
    expect(compareQuantities('1000m', '1')).toBe(0);
  });
});

describe('times', () => {
  test('lose their fraction and their zone', () => {
    expect(canonicalTime('2026-01-01T01:00:00.987+02:00')).toBe('2025-12-31T23:00:00Z');
  });

  test('with microseconds have exactly six digits', () => {
    expect(canonicalMicroTime('2026-01-01T01:00:00.123456+01:00')).toBe('2026-01-01T00:00:00.123456Z');
    for (const text of [
      '2026-01-01T00:00:00Z',
      '2026-01-01T00:00:00.123Z',
      '2026-01-01T00:00:00.123456789Z',
    ]) {
      expect(() => canonicalMicroTime(text)).toThrow(TimeError);
    }
  });
});
