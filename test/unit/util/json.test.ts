import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { isJsonObject, stringifyJson, tryParseJson } from '../../../src/util/json.ts';

it('writes what JSON.stringify writes', () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => stringifyJson(value) === JSON.stringify(value)));
});

it('writes BigInt as plain digits at any depth', () => {
  expect(stringifyJson({ a: [9223372036854775807n, { b: -1n }] })).toBe(
    '{"a":[9223372036854775807,{"b":-1}]}',
  );
});

it('leaves out undefined members, and writes null for undefined elements', () => {
  expect(stringifyJson({ a: undefined, b: [undefined], c: null })).toBe('{"b":[null],"c":null}');
});

it.each([
  [{}, true],
  [[], false],
  [null, false],
  ['{}', false],
])('tells objects from the rest: %j', (value, isObject) => {
  expect(isJsonObject(value)).toBe(isObject);
});

it('answers undefined for text that is not JSON', () => {
  expect([tryParseJson('{"a":1}'), tryParseJson('{"a":')]).toEqual([{ a: 1 }, undefined]);
});
