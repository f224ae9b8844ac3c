import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MalformedJson } from '../../../src/projection/malformed-json.ts';
import { METADATA_KEYS } from '../../../src/protobuf/meta-messages.ts';
import { MetadataListDecoder } from '../../../src/protobuf/metadata-list.ts';
import { chunksOf, fuzz, FUZZ_TIMEOUT_MS } from '../projection/helpers.ts';
import { bytesField, enveloped, itemField, numberField, timeField } from './encode.ts';
import { goJson, lists } from './samples.ts';

const ALL: ReadonlySet<string> = new Set(METADATA_KEYS.keys());

const CUTS = fc.array(fc.nat(), { maxLength: 6 });

/** The JSON of an answer that comes in these chunks, each of which is overwritten after it has been read. */
function decode(chunks: readonly Buffer[], keys = ALL): string {
  const decoder = new MetadataListDecoder(keys);
  const pieces = chunks.map((chunk) => {
    const piece = decoder.push(chunk);
    chunk.fill(0xff);
    return piece;
  });
  decoder.end();
  return Buffer.concat(pieces).toString();
}

function bytewise(bytes: Buffer): readonly Buffer[] {
  return Array.from(bytes, (byte) => Buffer.of(byte));
}

/** The answer of one item that has this metadata, in JSON. */
function metadataOf(...fields: readonly Buffer[]): string {
  const json = decode([enveloped(itemField(Buffer.concat(fields)))]);
  return /"items":\[\{"metadata":(.*)\}\]\}$/s.exec(json)?.[1] ?? json;
}

function refusal(work: () => unknown): string {
  try {
    return `none: ${String(work())}`;
  } catch (error) {
    if (error instanceof MalformedJson) return error.message;
    throw error;
  }
}

const NAMED = itemField(bytesField(1, 'a'));

describe('a list of metadata in protobuf', () => {
  it(
    'becomes the JSON that Go writes, in whatever chunks and order it comes',
    () => {
      fc.assert(
        fc.property(
          lists(() => true),
          CUTS,
          ({ wire, json }, cuts) => {
            expect(decode(chunksOf(wire, cuts))).toBe(json);
          },
        ),
        fuzz,
      );
    },
    FUZZ_TIMEOUT_MS,
  );

  it(
    'becomes what is wanted of it',
    () => {
      const samples = fc
        .subarray([...ALL])
        .chain((keys) => lists((key) => keys.includes(key)).map((sample) => ({ ...sample, keys })));
      fc.assert(
        fc.property(samples, ({ wire, json, keys }) => {
          expect(decode([wire], new Set(keys))).toBe(json);
        }),
        fuzz,
      );
    },
    FUZZ_TIMEOUT_MS,
  );

  it('comes byte by byte, too', () => {
    const wire = enveloped(Buffer.concat([bytesField(1, bytesField(2, '7')), NAMED, NAMED]));
    expect(decode(bytewise(wire))).toBe(
      '{"kind":"PartialObjectMetadataList","apiVersion":"meta.k8s.io/v1","metadata":{"resourceVersion":"7"},' +
        '"items":[{"metadata":{"name":"a"}},{"metadata":{"name":"a"}}]}',
    );
  });

  it('is told item by item, without waiting for the rest', () => {
    const wire = enveloped(Buffer.concat([NAMED, NAMED]));
    const decoder = new MetadataListDecoder(ALL);
    const firstEnd = wire.indexOf(NAMED) + NAMED.length;
    expect(decoder.push(wire.subarray(0, firstEnd)).toString()).toMatch(
      /"items":\[\{"metadata":\{"name":"a"\}\}$/,
    );
    expect(decoder.push(wire.subarray(firstEnd, firstEnd + NAMED.length - 1)).toString()).toBe('');
    expect(decoder.push(wire.subarray(firstEnd + NAMED.length - 1)).toString()).toBe(
      ',{"metadata":{"name":"a"}}]}',
    );
  });

  it('may have nothing in it', () => {
    const head = '{"kind":"PartialObjectMetadataList","apiVersion":"meta.k8s.io/v1"';
    expect(decode([enveloped(Buffer.alloc(0))])).toBe(`${head},"items":null}`);
    expect(decode([enveloped(bytesField(2, ''))])).toBe(`${head},"items":[{}]}`);
    expect(decode([enveloped(bytesField(2, bytesField(1, '')))])).toBe(`${head},"items":[{"metadata":{}}]}`);
  });

  it('may have fields of its own that nobody knows, however long', () => {
    const long = bytesField(99, Buffer.alloc(300_000, 1));
    const wire = enveloped(Buffer.concat([long, NAMED, numberField(98, 5n), long]));
    expect(decode(chunksOf(wire, [1_000, 200_000, 299_999, 300_100]))).toMatch(/"items":\[\{[^[]*\}\]\}$/);
  });
});

describe('a value in protobuf', () => {
  it.each([
    ['the largest number', numberField(7, 2n ** 63n - 1n), '{"generation":9223372036854775807}'],
    ['the least number', numberField(7, -(2n ** 63n)), '{"generation":-9223372036854775808}'],
    ['2^53 + 1', numberField(7, 2n ** 53n + 1n), '{"generation":9007199254740993}'],
    ['a zero that Go omits', numberField(7, 0n), '{}'],
    ['a zero behind a pointer', numberField(10, 0n), '{"deletionGracePeriodSeconds":0}'],
    ['1970', timeField(8, 0n), '{"creationTimestamp":"1970-01-01T00:00:00Z"}'],
    ['a time before it', timeField(8, -1n), '{"creationTimestamp":"1969-12-31T23:59:59Z"}'],
    ['the last second', timeField(9, 253_402_300_799n), '{"deletionTimestamp":"9999-12-31T23:59:59Z"}'],
    ['no time', timeField(8), '{}'],
    ['no time behind a pointer', timeField(9), '{"deletionTimestamp":null}'],
    ['an empty text', bytesField(1, ''), '{}'],
    ['an empty finalizer', bytesField(14, ''), '{"finalizers":[""]}'],
    ['an empty label', bytesField(11, ''), '{"labels":{"":""}}'],
    ['a false flag', bytesField(13, numberField(6, 0n)), '{"ownerReferences":[{"controller":false}]}'],
    ['a text twice', Buffer.concat([bytesField(1, 'a'), bytesField(1, 'b')]), '{"name":"b"}'],
  ])('is what Go makes of it: %s', (_, field, json) => {
    expect(metadataOf(field)).toBe(json);
  });

  it.each(['<b>&amp;</b>', '"\\\u0000\b\f\n\r\t\u001f\u007f', '\u2027\u2028\u2029\u202a', 'é漢𝄞'])(
    'is a string that is escaped as Go does: %j',
    (text) => {
      expect(metadataOf(bytesField(1, text))).toBe(`{"name":${goJson(text)}}`);
    },
  );

  it.each([
    ['ff', '\\ufffd'],
    ['e6bc', '\\ufffd\\ufffd'],
    ['eda080', '\\ufffd\\ufffd\\ufffd'],
    ['c080', '\\ufffd\\ufffd'],
    ['61e68f', 'a\\ufffd\\ufffd'],
    ['f09f9861', '\\ufffd\\ufffd\\ufffda'],
  ])('is replaced byte by byte where it is no UTF-8: %s', (hex, json) => {
    expect(metadataOf(bytesField(1, Buffer.from(hex, 'hex')))).toBe(`{"name":"${json}"}`);
  });
});

describe('what is no list of metadata', () => {
  it(
    'is found out wherever it is cut off',
    () => {
      fc.assert(
        fc.property(
          lists(() => true),
          CUTS,
          fc.nat(),
          ({ wire }, cuts, at) => {
            // Behind the list come two empty texts, without which it is complete.
            const cut = wire.subarray(0, at % (wire.length - 4));
            expect(refusal(() => decode(chunksOf(cut, cuts)))).toMatch(/ends in the middle/);
          },
        ),
        fuzz,
      );
    },
    FUZZ_TIMEOUT_MS,
  );

  it(
    'is refused or read as JSON that is valid, when a byte is damaged',
    () => {
      const damaged = fc
        .record({ sample: lists(() => true), at: fc.nat(), byte: fc.nat({ max: 255 }), cuts: CUTS })
        .map(({ sample, at, byte, cuts }) => {
          const wire = Buffer.from(sample.wire);
          wire[at % wire.length] = byte;
          return { wire, cuts };
        });
      let refused = 0;
      fc.assert(
        fc.property(damaged, ({ wire, cuts }) => {
          try {
            JSON.parse(decode(chunksOf(wire, cuts)));
          } catch (error) {
            if (!(error instanceof MalformedJson)) throw error;
            refused++;
          }
        }),
        fuzz,
      );
      expect(refused).toBeGreaterThan(0);
    },
    FUZZ_TIMEOUT_MS,
  );

  const TOO_LONG = Buffer.from('0affffffffffffffffffff01', 'hex');

  it.each([
    ['JSON', Buffer.from('{"items":[]}'), 'the answer is not in protobuf'],
    [
      'whole objects',
      enveloped(NAMED, { apiVersion: 'v1', kind: 'PodList' }),
      'the answer is not a list of metadata',
    ],
    [
      'two lists',
      Buffer.concat([enveloped(NAMED), bytesField(2, NAMED)]),
      'the answer has no type, or two lists',
    ],
    [
      'a list of unknown type',
      Buffer.concat([Buffer.from('k8s\0'), bytesField(2, NAMED)]),
      'the answer has no type, or two lists',
    ],
    [
      'a list that is a number',
      Buffer.concat([Buffer.from('k8s\0'), numberField(2, 1n)]),
      'field 2 is not a message',
    ],
    ['an item that is a number', enveloped(numberField(2, 1n)), 'field 2 is not a message'],
    [
      'an item that is longer than the list',
      enveloped(NAMED.subarray(0, -1)),
      'a field is longer than its list',
    ],
    [
      'an item that ends in a tag',
      enveloped(bytesField(2, Buffer.of(0x8a))),
      'a message ends in the middle of a field',
    ],
    [
      'a list that ends in a tag',
      enveloped(Buffer.concat([NAMED, Buffer.of(0x8a)])),
      'the list ends in the middle of a field',
    ],
    ['a name that is a number', enveloped(itemField(numberField(1, 1n))), 'field 1 has wire type 0'],
    ['a generation that is a text', enveloped(itemField(bytesField(7, '1'))), 'field 7 has wire type 2'],
    [
      'a label that is a number',
      enveloped(itemField(bytesField(11, numberField(1, 1n)))),
      'a map has an entry that is no text',
    ],
    [
      'a time that is a text',
      enveloped(itemField(bytesField(8, bytesField(1, 'now')))),
      'a time has seconds that are no number',
    ],
    [
      'a time in year 10000',
      enveloped(itemField(timeField(8, 253_402_300_800n))),
      'a time is not of years 1 to 9999',
    ],
    ['a length of more than 64 bits', enveloped(itemField(TOO_LONG)), 'a number has more than 64 bits'],
    [
      'a length of nearly that',
      enveloped(itemField(Buffer.from('0affffffffffffffffff01', 'hex'))),
      'a message ends in the middle of a field',
    ],
    ['field 0', enveloped(itemField(Buffer.of(0x02, 0x00))), 'a field has no possible number'],
    ['a group', enveloped(itemField(Buffer.of(0x0b, 0x0c))), 'no field has wire type 3'],
  ])('is refused: %s', (_, wire, message) => {
    for (const chunks of [[Buffer.from(wire)], bytewise(wire)])
      expect(refusal(() => decode(chunks))).toBe(message);
  });
});
