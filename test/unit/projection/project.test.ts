import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteWriter } from '../../../src/projection/byte-writer.ts';
import { MalformedJson } from '../../../src/projection/malformed-json.ts';
import type { Output } from '../../../src/projection/program.ts';
import { compileProgram, projectDocument } from '../../../src/projection/project.ts';
import { fuzz, leaf, nested, program, project } from './helpers.ts';
import { normal, OBJECT_TEXT, PROGRAM, referenceAnswer, VALUE_TEXT } from './reference.ts';

const POD =
  '{"metadata":{"name":"a","labels":{"x/y":"z"},"uid":"u"},"spec":{"nodeName":"n","ports":[{"p":1,"q":2},null]}}';

describe('what is selected', () => {
  it('is answered in the order of the program, whatever the order of the source', () => {
    const of = program('a', nested('b', program('x', 'y')), 'c');
    const expected = '{"a":1,"b":{"x":2,"y":3},"c":4}';
    expect(project(of, '{"a":1,"b":{"x":2,"y":3},"c":4}')).toBe(expected);
    expect(project(of, '{"c":4,"b":{"y":3,"x":2},"a":1}')).toBe(expected);
    expect(project(of, '{"b":{"y":3,"no":0,"x":2},"a":1,"c":4}')).toBe(expected);
  });

  it('is null where the key is absent or null', () => {
    const of = program('a', nested('b', program('x')), 'c');
    expect(project(of, '{"b":null,"c":1}')).toBe('{"a":null,"b":null,"c":1}');
    expect(project(of, '{}')).toBe('{"a":null,"b":null,"c":null}');
  });

  it('is the projection of {} where a required key is absent, null or not an object', () => {
    const inner = program('x', nested('y', program('z'), { required: true }), typename('T'));
    const of = program(nested('a', inner, { required: true }));
    const empty = '{"a":{"x":null,"y":{"z":null},"__typename":"T"}}';
    for (const source of ['{}', '{"a":null}', '{"a":"text"}', '{"a":{}}'])
      expect(project(of, source)).toBe(empty);
    expect(project(program({ ...leaf('a'), required: true }), '{"a":null}')).toBe('{"a":{}}');
  });

  it('goes through arrays, nested ones too, and keeps their null elements', () => {
    const of = program(nested('a', program('x')));
    expect(project(of, '{"a":[{"x":1,"y":2},null,[{"x":3},[]],"text",4]}')).toBe(
      '{"a":[{"x":1},null,[{"x":3},[]],null,null]}',
    );
  });

  it('is null where an object was expected and a scalar is', () => {
    const of = program(nested('a', program('x')));
    for (const scalar of ['"text"', '12', 'true', '-1.5e3']) {
      expect(project(of, `{"a":${scalar}}`)).toBe('{"a":null}');
    }
  });

  it('is {} for an empty program', () => {
    expect(project(program(), POD)).toBe('{}');
  });

  it('may be the same key several times, with programs that differ', () => {
    const of = program(
      nested('a', program('x'), { responseName: 'one' }),
      nested('a', program('y', 'x'), { responseName: 'two' }),
      leaf('a', 'three'),
    );
    expect(project(of, '{"a":{"x":1,"y":2}}')).toBe(
      '{"one":{"x":1},"two":{"y":2,"x":1},"three":{"x":1,"y":2}}',
    );
  });

  it('is the last of duplicate keys', () => {
    const of = program('a', nested('b', program('x', 'y')));
    expect(project(of, '{"a":1,"b":{"x":1},"a":2,"b":{"y":2}}')).toBe('{"a":2,"b":{"x":null,"y":2}}');
    expect(project(of, '{"b":{"x":1},"b":null,"a":1}')).toBe('{"a":1,"b":null}');
  });

  it.each([String.raw`"\u006eame"`, String.raw`"na\u006De"`, String.raw`"nam\u0065"`])(
    'is found by a key written as %s',
    (key) => {
      expect(project(program('name'), `{${key}:1}`)).toBe('{"name":1}');
    },
  );

  it('is found by keys that JSON has to escape, and only by those', () => {
    expect(project(program('q"\\\n'), String.raw`{"q\"\\\n":1}`)).toBe(String.raw`{"q\"\\\n":1}`);
    // The bytes a\b mean a backspace; a key that holds a backslash is written a\\b.
    expect(project(program('a\\b'), String.raw`{"a\b":1}`)).toBe(String.raw`{"a\\b":null}`);
    expect(project(program('\ud800'), '{"\ufffd":1}')).toBe(String.raw`{"\ud800":null}`);
    expect(project(program('é', '漢'), '{"漢":1,"é":2}')).toBe('{"é":2,"漢":1}');
  });

  it('includes literals at their places', () => {
    const of = program(typename('T'), 'a', typename('U', 'u'), 'b', typename('V', 'v'));
    const expected = '{"__typename":"T","a":1,"u":"U","b":2,"v":"V"}';
    expect(project(of, '{"a":1,"b":2}')).toBe(expected);
    expect(project(of, '{"b":2,"a":1}')).toBe(expected);
  });

  it('handles objects with hundreds of keys', () => {
    const keys = Array.from({ length: 700 }, (_, i) => `key${i}`);
    const source = `{${keys.map((key, i) => `"${key}":${i}`).join(',')}}`;
    expect(project(program(...keys), source)).toBe(source);
    expect(project(program(...keys.toReversed()), source)).toBe(
      `{${keys
        .map((key, i) => `"${key}":${i}`)
        .toReversed()
        .join(',')}}`,
    );
  });
});

describe('a computed output', () => {
  it("gets exactly the object's own bytes", () => {
    const seen: string[] = [];
    const of = program(nested('a', program('x', computed('all', seen), 'y')), computed('all', seen));
    expect(project(of, ' { "a" : [ {"y":1, "x":2 } ] }\n')).toBe('{"a":[{"x":2,"all":"é","y":1}],"all":"é"}');
    expect(seen).toEqual(['{"y":1, "x":2 }', '{ "a" : [ {"y":1, "x":2 } ] }']);
  });

  it('gets {} in place of a required object that is not there', () => {
    const seen: string[] = [];
    const of = program(nested('a', program(computed('all', seen)), { required: true }));
    expect(project(of, '{"b":1}')).toBe('{"a":{"all":"é"}}');
    expect(seen).toEqual(['{}']);
  });

  it('may answer bytes, and may keep its argument', () => {
    const kept: Buffer[] = [];
    const compute = (object: Buffer): Buffer => kept[kept.push(object) - 1]!;
    const source = Buffer.from('{"b":1}');
    const output = new ByteWriter();
    projectDocument(
      compileProgram(program({ kind: 'computed', responseName: 'raw', compute })),
      source,
      output,
    );
    source.fill(0);
    expect(output.take().toString()).toBe('{"raw":{"b":1}}');
    expect(String(kept[0])).toBe('{"b":1}');
  });
});

describe('a leaf', () => {
  it.each([
    '9007199254740993',
    '-0',
    '1.0',
    '1e400',
    '-12.50E+3',
    'true',
    '""',
    String.raw`"\ud800"`,
    String.raw`"\u0041\/\n\\"`,
    '"é漢🎉"',
    String.raw`"ends in backslashes \\\\"`,
    String.raw`"\""`,
    `"${'x'.repeat(5000)}\\"${'y'.repeat(200)}"`,
    '{ "b" : [ 1 , 2 ] ,\n"a":{} }',
    '["]", "}", "\\"]"]',
  ])('keeps the bytes it has: %s', (value) => {
    expect(project(program('a', 'b'), `{"a":${value},"b": ${value} }`)).toBe(`{"a":${value},"b":${value}}`);
  });
});

describe('a document', () => {
  it('may be an array, or anything else, which is null', () => {
    expect(project(program('x'), ' [{"x":1},{}] ')).toBe('[{"x":1},{"x":null}]');
    for (const scalar of ['null', '1', ' "text" ', 'false'])
      expect(project(program('x'), scalar)).toBe('null');
  });

  it('is refused wherever it is cut off', () => {
    const document = String.raw`{"k\u0061":{"name":"a\"b\\","n":-12.5e3,"t":true},"skip":{"d":[{},"\\\""]},"z":[null,1]}`;
    const of = program(nested('ka', program('name', 'n', 't')), nested('z', program('x')), 'absent');
    expect(project(of, document)).toContain('"n":-12.5e3');
    for (let length = 0; length < document.length; length++) {
      expect(() => project(of, document.slice(0, length)), document.slice(0, length)).toThrow(MalformedJson);
    }
  });

  it.each([
    ['{} {}'],
    ['{}x'],
    ['[1] ,'],
    ['1 2'],
    ['tru'],
    [''],
    [' \n'],
    ['{"a"}'],
    ['{"a":}'],
    ['{"a":tru}'],
    ['{"a":nul1}'],
    ['{"a":1x}'],
    ['{"a" 1}'],
    ['{"a":1,}'],
    ['{"a":1 "b":2}'],
    ['{,}'],
    ['{a:1}'],
    ['{"l":[{},]}'],
    ['{"l":[{} {}]}'],
    ['{"l":[{}}'],
    ['{"a":1]'],
    ['{"a":"x}'],
    ['{"z":"x\\"}'],
    [String.raw`{"\x":1}`],
    ['\u{feff}{}'],
  ])('that is not one JSON value is refused: %s', (text) => {
    expect(() => project(program('a', nested('l', program('x'))), text)).toThrow(MalformedJson);
  });

  it('that is refused leaves the output as it was', () => {
    const output = new ByteWriter();
    output.writeAscii('before');
    const of = compileProgram(program('a', 'b'));
    expect(() => projectDocument(of, Buffer.from('{"a":1,"b":'), output)).toThrow(MalformedJson);
    expect(output.take().toString()).toBe('before');
  });

  it('may be any part of pooled memory, and what surrounds it is not read', () => {
    const pool = Buffer.from('{"x":{"a":1}}"}]');
    const output = new ByteWriter();
    projectDocument(compileProgram(program('a')), pool.subarray(5, 12), output);
    expect(output.take().toString()).toBe('{"a":1}');
    expect(() => projectDocument(compileProgram(program('a')), pool.subarray(5, 11), output)).toThrow(
      MalformedJson,
    );
  });
});

describe('nesting', () => {
  const arrays = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`;

  it.each([
    ['skipped', program('none'), (levels: number) => `{"a":${arrays(levels - 1)}}`],
    ['copied', program('a'), (levels: number) => `{"a":${arrays(levels - 1)}}`],
    ['projected', program(nested('a', program('x'))), (levels: number) => `{"a":${arrays(levels - 1)}}`],
    ['at the root', program('a'), arrays],
  ])('is allowed to 500 levels where it is %s', (_, of, source) => {
    expect(project(of, source(500))).toMatch(/^[[{]/);
    expect(() => project(of, source(501))).toThrow(/deeper than 500/);
    expect(() => project(of, source(200_000))).toThrow(MalformedJson);
  });
});

describe('any program over any document', () => {
  it('answers what JSON.parse, a walk and JSON.stringify do', () => {
    fc.assert(
      fc.property(PROGRAM, VALUE_TEXT, (of, json) => {
        expect(normal(project(of, json))).toBe(referenceAnswer(of, json));
      }),
      fuzz,
    );
  });

  it('answers the same bytes when the document is in the form JSON.stringify gives', () => {
    fc.assert(
      fc.property(PROGRAM, OBJECT_TEXT, (of, json) => {
        expect(project(of, normal(json))).toBe(referenceAnswer(of, normal(json)));
      }),
      fuzz,
    );
  });

  it('refuses the document cut off anywhere', () => {
    fc.assert(
      fc.property(PROGRAM, OBJECT_TEXT, fc.nat(), (of, json, place) => {
        const bytes = Buffer.from(json);
        const cut = bytes.subarray(0, place % bytes.length);
        const output = new ByteWriter();
        expect(() => projectDocument(compileProgram(of), cut, output)).toThrow(MalformedJson);
        expect(output.length).toBe(0);
      }),
      fuzz,
    );
  });

  it('ends with an answer or MalformedJson when a byte of the document is changed', () => {
    fc.assert(
      fc.property(PROGRAM, OBJECT_TEXT, fc.nat(), fc.nat(255), (of, json, place, byte) => {
        const bytes = Buffer.from(json);
        bytes[place % bytes.length] = byte;
        const plain = program(...of.outputs.filter((output) => output.kind !== 'computed'));
        const compiled = compileProgram(isFreeOfComputed(plain.outputs) ? plain : program('a', 'b'));
        expect(outcome(() => projectDocument(compiled, bytes, new ByteWriter()))).toMatch(
          /^(answered|MalformedJson)$/,
        );
      }),
      fuzz,
    );
  });
});

function typename(name: string, responseName = '__typename'): Output {
  return { kind: 'literal', responseName, json: JSON.stringify(name) };
}

function computed(responseName: string, seen: string[]): Output {
  const compute = (object: Buffer): string => {
    seen.push(object.toString());
    return '"é"';
  };
  return { kind: 'computed', responseName, compute };
}

function isFreeOfComputed(outputs: readonly Output[]): boolean {
  return outputs.every((output) => {
    if (output.kind === 'key') return output.program === null || isFreeOfComputed(output.program.outputs);
    return output.kind !== 'computed';
  });
}

function outcome(run: () => void): string {
  try {
    run();
    return 'answered';
  } catch (error) {
    return error instanceof Error ? error.name : 'thrown';
  }
}
