import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { inflateRawSync } from 'node:zlib';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ByteWriter } from '../../../src/projection/byte-writer.ts';
import { createListScanner, wasmEngine } from '../../../src/projection/create-list-scanner.ts';
import type { ObjectProgram, Output } from '../../../src/projection/program.ts';
import { compileProgram } from '../../../src/projection/project.ts';
import { encodeProgram } from '../../../src/projection/wasm/encode-program.ts';
import { SCANNER_MODULE } from '../../../src/projection/wasm/module.ts';
import { WasmScanner } from '../../../src/projection/wasm/wasm-scanner.ts';
import { chunksOf, leaf, nested, program, project, scanList } from './helpers.ts';

const COMPILER = fileURLToPath(new URL('../../../assembly/compile.mjs', import.meta.url));
const MAX_MODULE_BYTES = 15 * 1024;
const MEBIBYTE = 1024 * 1024;

describe('the module', () => {
  const kept = inflateRawSync(Buffer.from(SCANNER_MODULE, 'base64'));

  it('is what its sources compile to', { timeout: 120_000 }, () => {
    const compiled = execFileSync(process.execPath, [COMPILER]);
    // Compared by texts: a difference of buffers is shown byte by byte.
    expect(kept.toString('base64'), 'run `npm run build`').toBe(compiled.toString('base64'));
  });

  it('is small, and asks nothing of those who load it', () => {
    expect(kept.length).toBeLessThan(MAX_MODULE_BYTES);
    expect(WebAssembly.Module.imports(new WebAssembly.Module(kept))).toEqual([]);
  });
});

describe('the engine', () => {
  const runs = (...programs: ObjectProgram[]): boolean =>
    wasmEngine(programs.map(compileProgram)) !== undefined;
  const computed: Output = { kind: 'computed', responseName: 'id', compute: () => '"id"' };

  it('is WebAssembly where a list is counted, and where one program takes all from the bytes', () => {
    expect(runs()).toBe(true);
    expect(runs(program())).toBe(true);
    expect(
      runs(program('a', nested('b', program('c')), { kind: 'literal', responseName: 't', json: '"T"' })),
    ).toBe(true);
    expect(runs(program({ kind: 'members', responseName: 'm', key: 'm', members: ['x'] }))).toBe(true);
  });

  it.each([
    ['something is computed', [program('a', computed)]],
    ['something is computed deep inside', [program(nested('a', program(nested('b', program(computed)))))]],
    ['a key stands escaped in every source', [program('q"uote')]],
    [
      'a member of a map does',
      [program({ kind: 'member', responseName: 'm', key: 'm', member: 'new\nline' })],
    ],
    ['there are several programs', [program('a'), program('b')]],
    ['the program is huge', [program(...Array.from({ length: 20_000 }, (_, i) => `key${i}`))]],
  ])('is JavaScript where %s', (_, programs) => {
    expect(runs(...programs)).toBe(false);
  });
});

describe('an item is not declined', () => {
  /** How many of the items the module reads itself. */
  function itemsRead(of: ObjectProgram, items: readonly string[]): number {
    const scanner = new WasmScanner();
    const encoded = encodeProgram(compileProgram(of), scanner.programBase, scanner.maxProgramBytes);
    const source = Buffer.from(`${items.join(' ,\n')}]`);
    return scanner.scan(source, 0, source.length, encoded, true).items;
  }

  it('for escapes in what is skipped or copied, wherever they stand', () => {
    const items = Array.from({ length: 140 }, (_, i) => {
      const string = `"${'x'.repeat(i)}${'\\'.repeat(2 * (i % 5) + 1)}"]}"`;
      return `{"skipped":[{"s":${string}},"]"],"copied":{"s":${string}},"n":${i}}`;
    });
    expect(itemsRead(program('copied', 'n'), items)).toBe(items.length);
    expect(itemsRead(program('n'), items)).toBe(items.length);
  });

  it('for what real objects have', () => {
    const of = program(
      nested('metadata', program('name', 'labels'), { required: true }),
      nested('status', program('x', nested('list', program('a', 'b')))),
    );
    const items = [
      '{"metadata":{"name":"a","labels":{"k":"v"},"managedFields":[{"f:a":{"k:{\\"x\\":1}":{}}}]}}',
      '{"status":{"list":[{"b":1.5,"a":-2},{},null,[{"a":true}]],"x":null},"metadata":{"labels":null,"name":"é"}}',
      '{ "kind" : "X", "metadata" : { "name" : "b" }, "metadata":{"name":"c"} }',
      '{"spec":{"deep":[[[[[[[[[[{"a":[{"b":[{"c":[]}]}]}]]]]]]]]]]}}',
    ];
    expect(itemsRead(of, items)).toBe(items.length);
  });
});

describe('without the module', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.resetModules();
  });

  function refused(): never {
    throw new Error('not supported');
  }

  it.each([
    ['there is no WebAssembly', undefined],
    ['WebAssembly has no SIMD', { Module: refused }],
    ['there is no memory', { Module: Object, Instance: refused }],
  ])('lists are read all the same: %s', async (_, webAssembly) => {
    vi.stubGlobal('WebAssembly', webAssembly);
    vi.resetModules();
    const fresh = await import('../../../src/projection/create-list-scanner.ts');
    expect(fresh.wasmEngine([])).toBeUndefined();
    expect(
      fresh.createListScanner({ programs: [], outputs: [] }).push(Buffer.from('{"items":[]}')),
    ).toBeUndefined();
  });
});

describe('a scanner', () => {
  it.each(['fastest', 'javascript'] as const)('is made with the %s engine', (engine) => {
    const output = new ByteWriter();
    const scanner = createListScanner(
      { programs: [compileProgram(program('a'))], outputs: [output] },
      engine,
    );
    scanner.push(Buffer.from('{"items":[{"a":1},{"b":2}],"kind":"List"}'));
    expect(scanner.end()).toMatchObject({ count: 2, kind: 'List' });
    expect(output.view().toString()).toBe('{"a":1},{"a":null}');
  });

  it('shares the module with others that read at the same time', () => {
    const outputs = [new ByteWriter(), new ByteWriter()];
    const scanners = ['a', 'b'].map((key, i) =>
      createListScanner({ programs: [compileProgram(program(key))], outputs: [outputs[i] as ByteWriter] }),
    );
    for (const byte of Buffer.from('{"items":[{"a":1,"b":2},{"b":4,"a":3}]}'))
      for (const scanner of scanners) scanner.push(Buffer.of(byte));
    expect(outputs.map((output) => output.view().toString())).toEqual(['{"a":1},{"a":3}', '{"b":2},{"b":4}']);
  });
});

describe('what does not fit into the memory of the module', () => {
  /** Both engines' answers to a list of `items`, as one chunk and as many. */
  function answers(of: ObjectProgram, items: readonly string[]): readonly string[] {
    const body = Buffer.from(`{"items":[${items.join(',')}]}`);
    const cuts = Array.from({ length: Math.floor(body.length / 65_536) }, (_, i) => (i + 1) * 65_536);
    return [
      scanList('wasm', [of], [Buffer.from(body)]).texts.join(),
      scanList('wasm', [of], chunksOf(body, cuts)).texts.join(),
      scanList('javascript', [of], [body]).texts.join(),
    ];
  }

  function expectAnswers(of: ObjectProgram, items: readonly string[]): void {
    const known = new Map([...new Set(items)].map((item) => [item, project(of, item)]));
    const expected = items.map((item) => known.get(item)).join(',');
    // Not shown when they differ: they are megabytes.
    expect(answers(of, items).map((answer) => answer === expected)).toEqual([true, true, true]);
  }

  it('is an item of more than a megabyte, between small ones', () => {
    const large = `{"a":"${'x'.repeat(MEBIBYTE)}","b":[{"c":"]"}]}`;
    expectAnswers(program('a', nested('b', program('c'))), ['{"a":1}', large, '{"a":2}', large, '{"a":3}']);
  });

  it('is a list of many megabytes in one chunk', () => {
    const items = Array.from({ length: 40_000 }, (_, i) => `{"n":${i},"x":{"y":["${'z'.repeat(i % 100)}"]}}`);
    expectAnswers(program('n'), items);
  });

  it('is an answer of many times the size of the list', () => {
    const keys = Array.from({ length: 200 }, (_, i) => leaf(`key${i}`, `a_long_response_name_${i}`));
    expectAnswers(
      program(...keys),
      Array.from({ length: 3000 }, () => '{}'),
    );
    expectAnswers(program(nested('list', program(...keys))), [
      `{"list":[${'{},'.repeat(3000)}null]}`,
      '{}',
      '[]',
    ]);
    expectAnswers(program(nested('x', program(...keys), { required: true })), [
      '{}',
      `[${'{},'.repeat(2000)}[]]`,
    ]);
  });

  it('is an answer that overflows among items of two bytes', () => {
    const keys = Array.from({ length: 100 }, (_, i) => leaf(`key${i}`, `a_long_response_name_${i}`));
    const items = [
      ...Array.from({ length: 300 }, () => '{}'),
      ...Array.from({ length: 100_000 }, () => '[]'),
    ];
    expectAnswers(program(...keys), items);
  });

  it('is an answer that overflows among scalars, each of which is null', () => {
    expectAnswers(program(nested('list', program('a'))), [
      `{"list":[${'1,'.repeat(400_000)}1]}`,
      '{"list":[]}',
    ]);
  });

  it('is an answer that has overflowed long before a list in it', () => {
    const value = `"${'x'.repeat(700_000)}"`;
    expectAnswers(program(leaf('a', 'one'), leaf('a', 'two'), nested('list', program('b'))), [
      `{"a":${value},"list":[{"b":1},[]]}`,
    ]);
  });

  it('is an answer that overflows where its outputs are put in order', () => {
    const value = `"${'x'.repeat(300_000)}"`;
    expectAnswers(program('a', 'b', 'c'), [`{"c":${value},"b":${value},"a":${value}}`, '{"b":1,"a":2}']);
  });

  it('is an answer that overflows among the members of a map', () => {
    const member = `"a":"${'x'.repeat(10_000)}"`;
    const map = `{${Array.from({ length: 90 }, () => member).join(',')},"b":1}`;
    const of = program(
      { kind: 'members', responseName: 'm', key: 'map', members: ['a', 'b'] },
      { kind: 'member', responseName: 'b', key: 'map', member: 'b' },
      { kind: 'members', responseName: 'n', key: 'map', members: ['a'] },
    );
    expectAnswers(of, [`{"map":${map}}`, '{"map":{"b":2}}']);
  });
});
