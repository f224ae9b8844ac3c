import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MalformedJson } from '../../../src/projection/malformed-json.ts';
import { peekStrings } from '../../../src/projection/peek.ts';
import { isJsonObject } from '../../../src/util/json.ts';
import { fuzz } from './helpers.ts';
import { VALUE_TEXT } from './reference.ts';

function peek(json: string, ...paths: string[][]): (string | undefined)[] {
  return peekStrings(Buffer.from(json), paths);
}

describe('peekStrings', () => {
  it('answers strings in the order of the paths, unescaped', () => {
    const pod = String.raw`{"metadata":{"uid":"u\u002d1","labels":{"é":"\"x\""},"resourceVersion":"12"},"kind":"Pod"}`;
    const paths = [
      ['metadata', 'resourceVersion'],
      ['kind'],
      ['metadata', 'uid'],
      ['metadata', 'labels', 'é'],
    ];
    expect(peek(pod, ...paths)).toEqual(['12', 'Pod', 'u-1', '"x"']);
  });

  it('answers undefined for what is absent or no string', () => {
    const json = '{"a":{"b":null,"c":1,"d":{},"e":["x"]},"f":"text","g":[{"h":"x"}]}';
    const paths = [['a'], ['a', 'b'], ['a', 'c'], ['a', 'd'], ['a', 'e'], ['f', 'x'], ['g', 'h'], ['z'], []];
    expect(peek(json, ...paths)).toEqual(paths.map(() => undefined));
    for (const other of ['null', '"text"', '[]', '1']) expect(peek(other, ['a'])).toEqual([undefined]);
  });

  it('takes the same path twice, and a path that leads on from another', () => {
    expect(peek('{"a":{"b":"x"}}', ['a', 'b'], ['a'], ['a', 'b'])).toEqual(['x', undefined, 'x']);
    expect(peek('{"a":"x"}', ['a', 'b'], ['a'])).toEqual([undefined, 'x']);
  });

  it('takes the last of duplicate keys, and names that objects inherit', () => {
    expect(peek('{"a":{"b":"x"},"a":{"b":"y"}}', ['a', 'b'])).toEqual(['y']);
    expect(peek('{"__proto__":{"toString":"x"}}', ['__proto__', 'toString'], ['toString'])).toEqual([
      'x',
      undefined,
    ]);
  });

  it('refuses what is not one JSON value', () => {
    for (const json of ['', '{"a":"x"', '{"a":"x"}}', '{"a":"\\x"}']) {
      expect(() => peek(json, ['a'])).toThrow(MalformedJson);
    }
  });

  it('answers what JSON.parse does, for any document', () => {
    const path = fc.array(fc.constantFrom('a', 'b', 'c', 'name', 'é', '__proto__', ''), {
      minLength: 1,
      maxLength: 3,
    });
    fc.assert(
      fc.property(VALUE_TEXT, fc.array(path, { maxLength: 5 }), (json, paths) => {
        expect(peek(json, ...paths)).toEqual(paths.map((keys) => stringAt(JSON.parse(json), keys)));
      }),
      fuzz,
    );
  });
});

function stringAt(root: unknown, path: readonly string[]): string | undefined {
  let value = root;
  for (const key of path) value = isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  return typeof value === 'string' ? value : undefined;
}
