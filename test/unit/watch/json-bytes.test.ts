import { assert, dictionary, jsonValue, property, stringMatching } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { elementsOf, findMembers, stringAt } from '../../../src/watch/wire/json-bytes.ts';

const SENSELESS = expect.objectContaining({ code: 'UPSTREAM_ERROR' });

function members(text: string, keys: readonly string[]): (string | undefined)[] {
  const json = Buffer.from(text);
  return findMembers(json, 0, keys).map((span) => span && json.toString('utf8', span.start, span.end));
}

describe('findMembers', () => {
  it('finds values of every kind by key and leaves their bytes alone', () => {
    const text =
      ' { "a" : 9007199254740993 , "b":"x\\"}", "c":{"a":[1,{"b":"]"}]},"d":[],"e":null,"f":-1.5e+3}\n';
    expect(members(text, ['a', 'b', 'c', 'd', 'e', 'f'])).toEqual([
      '9007199254740993',
      '"x\\"}"',
      '{"a":[1,{"b":"]"}]}',
      '[]',
      'null',
      '-1.5e+3',
    ]);
  });

  it('answers undefined for an absent key, also in an empty object', () => {
    expect(members('{"a":1}', ['b'])).toEqual([undefined]);
    expect(members('{ }', ['b'])).toEqual([undefined]);
  });

  it('does not take a nested key for one of the object', () => {
    expect(members('{"x":{"a":1},"a":2}', ['a'])).toEqual(['2']);
  });

  it('reads no further than the last key that is asked for', () => {
    expect(members('{"a":1,"b":<html>', ['a'])).toEqual(['1']);
  });

  it('agrees with JSON.parse on any object', () => {
    assert(
      property(dictionary(stringMatching(/^[a-z]{1,3}$/), jsonValue()), (object) => {
        const keys = Object.keys(object);
        const found = members(JSON.stringify(object, null, 1), keys);
        const parsed = found.map((text): unknown => JSON.parse(text ?? ''));
        expect(parsed).toEqual(keys.map((key): unknown => JSON.parse(JSON.stringify(object[key]))));
      }),
    );
  });

  it('refuses a text that breaks off anywhere', () => {
    const text = '{"a":{"b":["c\\"",1]},"d":true}';
    for (let end = 0; end < text.length - 1; end += 1) {
      expect(() => members(text.slice(0, end), ['z']), text.slice(0, end)).toThrow(SENSELESS);
    }
  });

  it.each(['', '[]', '"a"', '<html></html>', '{a:1}', '{"a" 1}', '{"a":}', '{"a":1 "b":2}', '{"a":1,}'])(
    'refuses %s',
    (text) => {
      expect(() => members(text, ['z'])).toThrow(SENSELESS);
    },
  );
});

describe('elementsOf', () => {
  it.each([
    ['[]', []],
    ['[ ]', []],
    ['[1]', ['1']],
    ['[ {"a":[1,2]} , "]" ,\n[3] ]', ['{"a":[1,2]}', '"]"', '[3]']],
  ])('takes %s apart', (text, expected) => {
    const json = Buffer.from(text);
    expect(elementsOf(json, 0).map(({ start, end }) => json.toString('utf8', start, end))).toEqual(expected);
  });

  it.each(['{}', '[', '[1', '[1,', '[1 2]', '[1,]'])('refuses %s', (text) => {
    expect(() => elementsOf(Buffer.from(text), 0)).toThrow(SENSELESS);
  });
});

describe('stringAt', () => {
  it.each([
    ['"a\\u00e4ä"', 'aää'],
    ['5', undefined],
    ['"\\x"', undefined],
  ])('reads %s as %s', (text, expected) => {
    const json = Buffer.from(text);
    expect(stringAt(json, { start: 0, end: json.length })).toBe(expected);
  });

  it('answers undefined for an absent value', () => {
    expect(stringAt(Buffer.from('{}'), undefined)).toBeUndefined();
  });
});
