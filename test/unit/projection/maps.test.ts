import { describe, expect, it } from 'vitest';
import { MalformedJson } from '../../../src/projection/malformed-json.ts';
import type { MemberOutput, MembersOutput } from '../../../src/projection/program.ts';
import { chunksOf, ENGINES, leaf, nested, program, project, scanList } from './helpers.ts';

function members(responseName: string, ...keys: string[]): MembersOutput {
  return { kind: 'members', responseName, key: 'map', members: keys };
}

function member(responseName: string, key: string): MemberOutput {
  return { kind: 'member', responseName, key: 'map', member: key };
}

describe('chosen members of a map', () => {
  const of = program(members('some', 'c', 'a', 'a', 'none'));

  it.each([
    ['in the order of the map', '{"a":"1","b":"2","c":"3"}', '{"a":"1","c":"3"}'],
    ['an empty one too', '{"c":"","b":"x"}', '{"c":""}'],
    ['null too, where it is written', '{"a":null}', '{"a":null}'],
    ['digit for digit', '{"a":9007199254740993,"c":1.0}', '{"a":9007199254740993,"c":1.0}'],
    ['whole, with what looks like members inside', '{"a":{"c":"}","b":["]"]}}', '{"a":{"c":"}","b":["]"]}}'],
    ['found by an escaped key, which stays as it is', String.raw`{"\u0061":"1"}`, String.raw`{"\u0061":"1"}`],
    ['with the space inside them alone', ' { "b" : 1 , "c" : 2 }', '{"c" : 2}'],
    ['none', '{"b":"2"}', '{}'],
    ['none of an empty map', '{ }', '{}'],
  ])('are copied, %s', (_, map, answer) => {
    expect(project(of, `{"map":${map},"other":1}`)).toBe(`{"some":${answer}}`);
  });

  it('are {} where no member is chosen, and null where there is no map', () => {
    expect(project(program(members('some')), '{"map":{"a":"1"}}')).toBe('{"some":{}}');
    for (const source of ['{}', '{"map":null}', '{"map":["a"]}', '{"map":"a"}', '{"map":7}'])
      expect(project(of, source)).toBe('{"some":null}');
  });

  it('are found by keys of any characters', () => {
    const keys = ['kubectl.kubernetes.io/a', 'é', '漢字', '😀', 'q"uote', 'back\\slash', 'new\nline', ''];
    const map = JSON.stringify(
      Object.fromEntries([...keys, 'é'.normalize('NFD')].map((key, i) => [key, `${i}`])),
    );
    const expected = JSON.stringify(Object.fromEntries(keys.map((key, i) => [key, `${i}`])));
    expect(project(program(members('some', ...keys)), `{"map":${map}}`)).toBe(`{"some":${expected}}`);
    for (const [i, key] of keys.entries())
      expect(project(program(member('one', key)), `{"map":${map}}`)).toBe(`{"one":"${i}"}`);
  });

  it.each(['{"a":1,}', '{"a" 1}', '{a:1}', '{,"a":1}', '{"a":1 "c":2}', '{"a":1', '{"a":'])(
    'are refused of what is not JSON: %s',
    (map) => {
      for (const output of [members('x', 'a'), member('x', 'a')])
        expect(() => project(program(output), `{"map":${map}`)).toThrow(MalformedJson);
    },
  );

  it('are refused of a map that nests too deeply', () => {
    const deep = `${'{"map":'.repeat(501)}null${'}'.repeat(501)}`;
    let inner = program(members('x', 'a'));
    for (let level = 1; level < 500; level++) inner = program(nested('map', inner));
    expect(() => project(inner, deep)).toThrow(/deeper than 500/);
  });
});

describe('one member of a map', () => {
  const of = program(member('one', 'a'));

  it.each([
    ['{"b":"2","a":"1"}', '"1"'],
    ['{"a":""}', '""'],
    ['{"a":null}', 'null'],
    ['{"b":"2"}', 'null'],
    ['{"a":"1","b":"2","a":"3"}', '"3"'],
    ['{}', 'null'],
    ['null', 'null'],
    ['"a"', 'null'],
  ])('of %s is %s', (map, value) => {
    expect(project(of, `{"map":${map}}`)).toBe(`{"one":${value}}`);
  });

  it('is null where there is no map', () => {
    expect(project(of, '{}')).toBe('{"one":null}');
  });
});

describe('several of one map', () => {
  const map = '{"a":"1","b":"2","c":"3"}';

  it('are answered beside each other and beside the whole, in the order asked for', () => {
    const of = program(
      member('c', 'c'),
      members('ab', 'b', 'a'),
      leaf('map', 'all'),
      member('a', 'a'),
      'last',
    );
    const expected = `{"c":"3","ab":{"a":"1","b":"2"},"all":${map},"a":"1","last":0}`;
    expect(project(of, `{"map":${map},"last":0}`)).toBe(expected);
    expect(project(of, `{"last":0,"map":${map}}`)).toBe(expected);
  });

  it.each(ENGINES)('are answered from lists by %s, wherever a chunk ends', (engine) => {
    const list = Buffer.from(
      `{"kind":"List","items":[{"map":${map}},{"map":{"c":"${'long '.repeat(200)}","a":"x"}},{"map":{"a":1,"b":2,"b":3}},{}]}`,
    );
    const of = program(member('b', 'b'), members('a', 'a'));
    const expected =
      '{"b":"2","a":{"a":"1"}},{"b":null,"a":{"a":"x"}},{"b":3,"a":{"a":1}},{"b":null,"a":null}';
    for (let size = 1; size < list.length; size += 7) {
      const cuts = Array.from({ length: Math.floor(list.length / size) }, (_, i) => i * size);
      expect(scanList(engine, [of], chunksOf(list, cuts)).texts).toEqual([expected]);
    }
  });
});
