import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareSortKeys, sortKeyOf } from '../../../../src/execution/live/sort-key.ts';

const compare = (a: string, b: string, isDescending = false): number =>
  // There is one zero.
  Math.sign(compareSortKeys(sortKeyOf(a), sortKeyOf(b), isDescending)) + 0;

const text = (value: string): string => JSON.stringify(value);

describe('in ascending order', () => {
  it.each([
    ['false', 'true', 'booleans'],
    ['2', '10', 'numbers'],
    ['-3', '-2', 'negative numbers'],
    ['-1', '0', 'numbers around zero'],
    ['9007199254740992', '9007199254740993', 'integers beyond 2^53'],
    ['0.1', '0.10000000000000000001', 'fractions beyond a double'],
    ['1.5e3', '1.6E3', 'exponents'],
    ['1e-7', '0.001', 'small exponents'],
    [text('100m'), text('1'), 'CPU'],
    [text('1Gi'), text('1100Mi'), 'memory'],
    [text('1G'), text('1Gi'), 'powers of ten and of two'],
    [text('9'), text('10'), 'texts that are quantities'],
    [text('1500n'), text('2u'), 'the smallest quantities'],
    [text('1E'), text('2E'), 'exa'],
    [text('999P'), text('1E'), 'exa after peta'],
    [text('1E1'), text('1k'), 'an exponent'],
    [text('-1Gi'), text('1'), 'negative quantities'],
    [text('+1'), text('2'), 'signed quantities'],
    [text('.5'), text('1.'), 'quantities with a bare point'],
    ['80', text('http'), 'a port by number and one by name'],
    ['8080', text('8081'), 'a number and a quantity'],
    [text('2026-01-02T03:04:05Z'), text('2026-01-02T03:04:06Z'), 'moments'],
    [text('B'), text('a'), 'letters by code point'],
    [text('a'), text('aa'), 'a prefix'],
    [text('\uffff'), text('\u{1f600}'), 'beyond 16 bits'],
    [text('10'), text('1x'), 'a quantity and another text'],
    ['true', '0', 'a boolean and a number'],
    [text(''), text('a'), 'no text'],
    [text('1'.repeat(200)), text('2'.repeat(200)), 'what is too long for a number'],
  ])('%s comes before %s: %s', (first, second) => {
    expect([compare(first, second), compare(second, first)]).toEqual([-1, 1]);
    expect([compare(first, second, true), compare(second, first, true)]).toEqual([1, -1]);
  });
});

it.each([
  ['1.0', '1'],
  ['1e2', '100'],
  ['-0', '0'],
  [text('1000m'), text('1')],
  [text('1024Mi'), text('1Gi')],
  [text('0.5Gi'), text('512Mi')],
  [text('1k'), '1000'],
])('%s and %s are equal', (one, other) => {
  expect(compare(one, other)).toBe(0);
});

it.each(['null', '{}', '[1]'])('%s is no key, and comes last either way', (absent) => {
  expect([compare(absent, 'true'), compare(absent, text('z'), true)]).toEqual([1, 1]);
  expect([compare('true', absent), compare(text('z'), absent, true)]).toEqual([-1, -1]);
  expect(compare(absent, 'null')).toBe(0);
});

const VALUE = fc.oneof(
  fc.constantFrom('null', 'true', 'false', '{}', text(''), text('1x'), text('Ki'), text('.'), text('-')),
  fc
    .tuple(fc.integer(), fc.constantFrom('', 'm', 'k', 'Ki', 'Gi', 'E', 'e2', 'x'))
    .map(([n, unit]) => text(`${n}${unit}`)),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.bigInt().map(String),
  fc.string({ unit: 'binary', maxLength: 4 }).map(text),
);

it('is an order: of three values, whichever they are, the first comes before the last', () => {
  fc.assert(
    fc.property(VALUE, VALUE, VALUE, fc.boolean(), (a, b, c, isDescending) => {
      expect(compare(a, b, isDescending)).toBe(-compare(b, a, isDescending) + 0);
      if (compare(a, b, isDescending) <= 0 && compare(b, c, isDescending) <= 0)
        expect(compare(a, c, isDescending)).toBeLessThanOrEqual(0);
    }),
    { numRuns: 2_000 },
  );
});

it('compares integers as integers, however many digits they have', () => {
  fc.assert(
    fc.property(fc.bigInt(), fc.bigInt(), (a, b) => {
      const expected = a === b ? 0 : a < b ? -1 : 1;
      expect(compare(String(a), String(b))).toBe(expected);
    }),
  );
});
