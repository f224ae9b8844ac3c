import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteWriter } from '../../../src/projection/byte-writer.ts';
import { MalformedJson } from '../../../src/projection/malformed-json.ts';
import { compileProgram } from '../../../src/projection/project.ts';
import { chunksOf, ENGINES, fuzz, listScanner, nested, program, project, scanList } from './helpers.ts';
import { OBJECT_TEXT, PROGRAM, VALUE_TEXT } from './reference.ts';

const NAMES = program(nested('metadata', program('name')));
const BUILT_IN =
  '{"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"12","continue":"tok\\u003d","remainingItemCount":9007199254740993},"items":[{"metadata":{"name":"a"}},{"spec":{"s":"]}\\""},"metadata":{"name":"b","uid":"u"}}]}\n';
const CUSTOM =
  '{"apiVersion":"x/v1","items":[{"kind":"X","metadata":{"name":"a"}}],"kind":"XList","metadata":{"continue":"","resourceVersion":"7"}}';
const ITEM_COUNT = 3;

describe.each(ENGINES)('a list, by %s,', (engine) => {
  it('is read with its metadata before the items', () => {
    const { summary, texts } = scanList(engine, [NAMES], BUILT_IN);
    expect(texts).toEqual(['{"metadata":{"name":"a"}},{"metadata":{"name":"b"}}']);
    expect(summary).toEqual({
      count: 2,
      resourceVersion: '12',
      continueToken: 'tok=',
      remainingItemCount: '9007199254740993',
      kind: 'PodList',
    });
  });

  it('is read with its metadata after the items, where an empty continue token is none', () => {
    const { summary, texts } = scanList(engine, [NAMES], CUSTOM);
    expect(texts).toEqual(['{"metadata":{"name":"a"}}']);
    expect(summary).toEqual({
      count: 1,
      resourceVersion: '7',
      continueToken: undefined,
      remainingItemCount: undefined,
      kind: 'XList',
    });
  });

  it('is read with keys it does not know, escaped keys and white space', () => {
    const body = String.raw` { "other" : [1,{"items":[{}]}], "\u0069tems" : [ {"metadata":{"name":1}} , null ] , "n":-1 } `;
    const { summary, texts } = scanList(engine, [NAMES], body);
    expect(texts).toEqual(['{"metadata":{"name":1}},null']);
    expect(summary).toMatchObject({ count: 2, resourceVersion: undefined });
    expect(summary).not.toHaveProperty('kind');
  });

  it.each([
    '{"kind":"PodList","items":null}',
    '{"kind":"PodList","items":[ ]}',
    '{"kind":"PodList","metadata":null}',
    '{"items":null}',
  ])('has no items in %s', (body) => {
    const { summary, texts } = scanList(engine, [NAMES], body);
    expect(summary.count).toBe(0);
    expect(texts).toEqual(['']);
  });

  it('takes the metadata that comes last', () => {
    const body =
      '{"items":[],"metadata":{"resourceVersion":"1","continue":"x"},"metadata":{"resourceVersion":"2"}}';
    expect(scanList(engine, [], body).summary).toMatchObject({
      resourceVersion: '2',
      continueToken: undefined,
    });
  });

  it('feeds each program into its own output', () => {
    const { texts } = scanList(engine, [NAMES, program('spec'), program()], BUILT_IN);
    expect(texts).toEqual([
      '{"metadata":{"name":"a"}},{"metadata":{"name":"b"}}',
      '{"spec":null},{"spec":{"s":"]}\\""}}',
      '{},{}',
    ]);
  });

  it('is counted without any program', () => {
    expect(scanList(engine, [], BUILT_IN).summary).toMatchObject({ count: 2, resourceVersion: '12' });
  });

  it('is counted whatever its items are, wherever a chunk ends', () => {
    const body = Buffer.from('{"items":[12,true,null,"a",[1],{"b":"]"},-1.5e3,false]}');
    expect(scanList(engine, [], chunksOf(body, [...body.keys()])).summary.count).toBe(8);
  });

  it('needs as many outputs as programs', () => {
    expect(() => listScanner(engine, { programs: [], outputs: [new ByteWriter()] })).toThrow(RangeError);
  });
});

describe.each(ENGINES)('items, by %s,', (engine) => {
  const body = `{"items":[${'{"a":1},'.repeat(ITEM_COUNT - 1)}{"a":1}]}`;

  it('are preceded by a comma when earlier pages have written some', () => {
    expect(scanList(engine, [program()], body, { alreadyWritten: 2 }).texts).toEqual([',{},{},{}']);
  });

  it.each([
    [1, '{},{}', [1, 2]],
    [2, '{}', [2]],
    [3, '', []],
    [9, '', []],
  ])('are not written when skipped: the first %i', (skipItems, expected, indexes) => {
    const seen: number[] = [];
    const { summary, texts } = scanList(engine, [program()], body, {
      skipItems,
      onItem: (index) => seen.push(index),
    });
    expect(texts).toEqual([expected]);
    expect(seen).toEqual(indexes);
    expect(summary.count).toBe(ITEM_COUNT);
  });

  it('are preceded by a comma after earlier pages even when some are skipped', () => {
    expect(scanList(engine, [program()], body, { alreadyWritten: 1, skipItems: 2 }).texts).toEqual([',{}']);
  });

  it('are reported once written, so that the caller can take each away', () => {
    const output = new ByteWriter();
    const taken: string[] = [];
    const onItem = (index: number): void => void taken.push(`${index}${output.take().toString()}`);
    const scanner = listScanner(engine, { programs: [compileProgram(NAMES)], outputs: [output], onItem });
    for (const byte of Buffer.from(BUILT_IN)) scanner.push(Buffer.of(byte));
    scanner.end();
    expect(taken).toEqual(['0{"metadata":{"name":"a"}}', '1,{"metadata":{"name":"b"}}']);
  });

  it.each([
    ['counted', []],
    ['skipped', [program('none')]],
    ['copied', [program('a')]],
    ['projected', [program(nested('a', program('x')))]],
  ])('may nest to 500 levels where they are %s', (_, programs) => {
    const list = (levels: number): string =>
      `{"items":[{},{"a":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}},{}]}`;
    expect(scanList(engine, programs, list(500)).summary.count).toBe(ITEM_COUNT);
    expect(() => scanList(engine, programs, list(501))).toThrow(/deeper than 500/);
    expect(() => scanList(engine, programs, list(100_000))).toThrow(/deeper than 500/);
  });

  it('may be larger than chunks, with long strings and many quotes in them', () => {
    const big = `{"data":"${'x'.repeat(100_000)}","log":"${String.raw`{\"k\":\"v\\\"}`.repeat(10_000)}","name":"n"}`;
    const list = Buffer.from(`{"items":[${big},{"name":"small"},${big}]}`);
    for (const size of [1000, 4096, 65_536, list.length]) {
      const cuts = Array.from({ length: Math.floor(list.length / size) }, (_, i) => (i + 1) * size);
      const { texts } = scanList(engine, [program('name', 'log')], chunksOf(list, cuts));
      expect(texts).toEqual(
        [`[${big},{"name":"small"},${big}]`].map((items) =>
          project(program('name', 'log'), items).slice(1, -1),
        ),
      );
    }
  });
});

describe.each(ENGINES)('a body, by %s,', (engine) => {
  it.each([
    ['a Status', '{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","code":410}'],
    ['one object', '{"kind":"Pod","metadata":{"name":"a"}}'],
    ['an object without anything', '{}'],
    ['an array', '[]'],
    ['a scalar', 'null'],
    ['a text', '404 page not found'],
    ['nothing', ''],
    ['a list with items that are no array', '{"items":{}}'],
    ['a list with a text for items', '{"items":"none"}'],
    ['a list with items twice', '{"items":[],"items":[]}'],
    ['a list with something after it', '{"items":[]}{'],
    ['a list with a comma too many', '{"items":[],}'],
    ['items with a comma too many', '{"items":[{},]}'],
    ['items without a comma', '{"items":[{} {}]}'],
    ['a key without a value', '{"items"}'],
    ['a key that is none', '{"kind":"PodList",1:[]}'],
    ['metadata that is malformed', '{"items":[],"metadata":{"continue"}}'],
  ])('that is %s is refused', (_, body) => {
    expect(() => scanList(engine, [NAMES], body)).toThrow(MalformedJson);
  });

  it.each([BUILT_IN.trimEnd(), CUSTOM])(
    'is refused wherever it is cut off, in one piece or byte by byte',
    (body) => {
      const bytes = Buffer.from(body);
      for (let length = 0; length < bytes.length; length++) {
        const cut = bytes.subarray(0, length);
        expect(() => scanList(engine, [NAMES], [Buffer.from(cut)])).toThrow(MalformedJson);
      }
      const scanner = listScanner(engine, { programs: [compileProgram(NAMES)], outputs: [new ByteWriter()] });
      for (const byte of bytes) {
        expect(() => scanner.end()).toThrow(MalformedJson);
        scanner.push(Buffer.of(byte));
      }
      expect(scanner.end()).toMatchObject({ kind: expect.stringMatching(/List$/) });
    },
  );

  it('that breaks off leaves whole items only', () => {
    const output = new ByteWriter();
    const scanner = listScanner(engine, { programs: [compileProgram(program('a', 'b'))], outputs: [output] });
    scanner.push(Buffer.from('{"items":[{"a":1,"b":2},{"a":3,"b":'));
    expect(output.view().toString()).toBe('{"a":1,"b":2}');
    expect(() => scanner.push(Buffer.from('}'))).toThrow(MalformedJson);
    expect(output.view().toString()).toBe('{"a":1,"b":2}');
  });

  it('is refused when an item nests too deeply, however it arrives', () => {
    const deep = `{"items":[${'['.repeat(600)}`;
    const pieces = chunksOf(
      Buffer.from(deep),
      Array.from({ length: 60 }, (_, i) => i * 10),
    );
    expect(() => scanList(engine, [NAMES], deep)).toThrow(/deeper/);
    expect(() => scanList(engine, [NAMES], pieces)).toThrow(/deeper/);
  });
});

describe.each(ENGINES)('any list in any chunks, by %s,', (engine) => {
  const SPACE = fc.constantFrom('', '', ' ', '\n\t');
  const LIST = fc
    .record({
      items: fc.array(fc.oneof({ arbitrary: OBJECT_TEXT, weight: 3 }, VALUE_TEXT), { maxLength: 8 }),
      space: SPACE,
      order: fc.shuffledSubarray(['items', 'metadata', 'kind', 'other'], { minLength: 4 }),
    })
    .map(({ items, space, order }) => {
      const values: Record<string, string> = {
        items: `[${space}${items.join(`${space},${space}`)}${space}]`,
        metadata: '{"continue":"é\\n","resourceVersion":"42"}',
        kind: '"PodList"',
        other: '[{"items":[1]}]',
      };
      const members = order.map((key) => `"${key}"${space}:${space}${values[key]}`);
      return { items, body: Buffer.from(`${space}{${members.join(',')}${space}}${space}`) };
    });

  it('is answered like its items one by one', () => {
    const cuts = fc.array(fc.nat(), { maxLength: 40 });
    fc.assert(
      fc.property(
        LIST,
        fc.tuple(PROGRAM, PROGRAM),
        cuts,
        fc.nat(3),
        ({ items, body }, programs, cuts, skipItems) => {
          const { summary, texts } = scanList(engine, programs, chunksOf(body, cuts), { skipItems });
          const written = items.slice(skipItems);
          expect(texts).toEqual(programs.map((of) => written.map((item) => project(of, item)).join(',')));
          expect(summary).toMatchObject({ count: items.length, resourceVersion: '42', continueToken: 'é\n' });
        },
      ),
      fuzz,
    );
  });

  it('is answered the same byte by byte', () => {
    fc.assert(
      fc.property(LIST, PROGRAM, ({ items, body }, of) => {
        const { texts } = scanList(engine, [of], chunksOf(body, [...body.keys()]));
        expect(texts).toEqual([items.map((item) => project(of, item)).join(',')]);
      }),
      { ...fuzz, numRuns: Math.ceil(fuzz.numRuns / 5) },
    );
  });
});
