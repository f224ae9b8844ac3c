import { assert, jsonValue, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAnswer } from '../../examples/codegen/src/answer.ts';
import { quantityToNumber } from '../../examples/codegen/src/quantity.ts';

describe('parseAnswer', () => {
  it.each([
    ['9007199254740991', 9007199254740991],
    ['9007199254740993', '9007199254740993'],
    ['-9223372036854775808', '-9223372036854775808'],
    ['{"a":[9223372036854775807,1]}', { a: ['9223372036854775807', 1] }],
    ['1.00000000000000000001', 1],
    ['9007199254740993.5', 2 ** 53 + 2],
    ['10000000000000000000e2', 1e21],
  ])('%s keeps its digits', (text, value) => {
    expect(parseAnswer(text)).toEqual(value);
  });

  it('is JSON.parse but for integers that are not safe', () => {
    assert(
      property(jsonValue(), (value) => {
        const text = JSON.stringify(value);
        expect(parseAnswer(text)).toEqual(JSON.parse(text, (_, each: unknown) => unsafeAsText(each)));
      }),
    );
  });

  it('leaves digits inside of strings and keys alone', () => {
    const value = { '9007199254740993': 'a "9007199254740993", \\9007199254740993\\' };
    expect(parseAnswer(JSON.stringify(value))).toEqual(value);
  });
});

/** Beyond 1e21 JSON.stringify writes exponents: no integer text. */
function unsafeAsText(value: unknown): unknown {
  const isUnsafe = Number.isInteger(value) && !Number.isSafeInteger(value);
  return isUnsafe && Math.abs(Number(value)) < 1e21 ? String(value) : value;
}

describe('quantityToNumber', () => {
  it.each([
    ['0', 0],
    ['250m', 0.25],
    ['1.5', 1.5],
    ['.5', 0.5],
    ['-2k', -2000],
    ['1Gi', 1073741824],
    ['1E', 1e18],
    ['1e3', 1000],
    ['1E3', 1000],
    ['100n', 1e-7],
  ])('%s is %d', (text, number) => {
    expect(quantityToNumber(text)).toBeCloseTo(number, 12);
  });

  it.each(['', 'Gi', '1 Gi', '1KiB', '1K', '0x10', '1__proto__', '1constructor'])('%j is refused', (text) => {
    expect(() => quantityToNumber(text)).toThrow(RangeError);
  });
});
