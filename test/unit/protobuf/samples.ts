import * as fc from 'fast-check';
import { bytesField, enveloped, itemField, numberField, timeField } from './encode.ts';

/** A value in both forms. */
interface Text {
  readonly bytes: Buffer;
  /** As Go's encoding/json has it. */
  readonly json: string;
}

/** A field of a message in both forms; JSON leaves out some. */
interface Part {
  readonly number: number;
  readonly name: string;
  readonly wire: Buffer;
  readonly json: string | undefined;
}

export interface Sample {
  readonly wire: Buffer;
  readonly json: string;
}

/** The JSON string that Go writes for a valid text. */
export function goJson(text: string): string {
  const escaped = (character: string): string =>
    `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(text).replace(/[<>&\u2028\u2029]/g, escaped);
}

/** Bytes of which none is part of a character, whatever follows. */
const NO_CHARACTERS = ['ff', 'c1bf', 'e08080', 'eda080', 'f4908080', 'e6bc', 'f8'].map((hex) =>
  Buffer.from(hex, 'hex'),
);

const VALID = fc
  .oneof(
    fc.string({ unit: 'binary', maxLength: 12 }),
    fc.stringMatching(/^[a-z0-9./-]{0,40}$/),
    fc.constantFrom('<a href="&">', '\u2028\u2029\u202a', '\u007f\u0080\u0000\b\f\n\r\t\\', '𝄞é漢'),
  )
  .map((text): Text => ({ bytes: Buffer.from(text), json: goJson(text).slice(1, -1) }));

const INVALID = fc
  .constantFrom(...NO_CHARACTERS)
  .map((bytes): Text => ({ bytes, json: '\\ufffd'.repeat(bytes.length) }));

const TEXT = fc
  .oneof(
    { arbitrary: VALID.map((text) => [text]), weight: 8 },
    fc.array(fc.oneof(VALID, INVALID), { maxLength: 4 }),
  )
  .map((pieces): Text => ({
    bytes: Buffer.concat(pieces.map(({ bytes }) => bytes)),
    json: `"${pieces.map(({ json }) => json).join('')}"`,
  }));

const INT64 = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.bigInt({ min: -3n, max: 300n }),
);

/** Seconds of the years 1 to 9999, of which the first is Go's zero; undefined is that, too. */
const SECONDS = fc.option(
  fc.oneof(
    fc.bigInt({ min: -62_135_596_799n, max: 253_402_300_799n }),
    fc.constantFrom(0n, 1n, -1n, 253_402_300_799n),
  ),
  { nil: undefined },
);

function part(number: number, name: string, wire: Buffer, json: string | undefined): Part {
  return { number, name, wire, json };
}

function shownText(number: number, name: string): fc.Arbitrary<Part> {
  return TEXT.map(({ bytes, json }) => part(number, name, bytesField(number, bytes), json));
}

function text(number: number, name: string): fc.Arbitrary<Part> {
  return shownText(number, name).map((each) => (each.json === '""' ? { ...each, json: undefined } : each));
}

function int64(number: number, name: string, zero?: string): fc.Arbitrary<Part> {
  return INT64.map((value) =>
    part(number, name, numberField(number, value), value === 0n ? zero : String(value)),
  );
}

function time(number: number, name: string, zero?: string): fc.Arbitrary<Part> {
  const json = (seconds: bigint): string =>
    `"${new Date(Number(seconds) * 1000).toISOString().replace('.000Z', 'Z')}"`;
  return SECONDS.map((seconds) =>
    part(number, name, timeField(number, seconds), seconds === undefined ? zero : json(seconds)),
  );
}

function bool(number: number, name: string): fc.Arbitrary<Part> {
  return fc.boolean().map((value) => part(number, name, numberField(number, value ? 1n : 0n), String(value)));
}

/** A pointer in Go: sent only where it is set. */
function pointer(of: fc.Arbitrary<Part>): fc.Arbitrary<Part> {
  return fc
    .option(of)
    .chain((set) =>
      set === null
        ? of.map((each) => ({ ...each, wire: Buffer.alloc(0), json: undefined }))
        : fc.constant(set),
    );
}

function several(
  number: number,
  name: string,
  of: fc.Arbitrary<Sample>,
  [open, close]: readonly [string, string],
): fc.Arbitrary<Part> {
  return fc.array(of, { maxLength: 4 }).map((elements) => {
    const wire = Buffer.concat(elements.map((element) => bytesField(number, element.wire)));
    const json = `${open}${elements.map((element) => element.json).join(',')}${close}`;
    return part(number, name, wire, elements.length === 0 ? undefined : json);
  });
}

const BRACKETS = ['[', ']'] as const;

function map(number: number, name: string): fc.Arbitrary<Part> {
  const entry = fc.tuple(TEXT, TEXT).map(([key, value]): Sample => ({
    wire: Buffer.concat([bytesField(1, key.bytes), bytesField(2, value.bytes)]),
    json: `${key.json}:${value.json}`,
  }));
  return several(number, name, entry, ['{', '}']);
}

const FINALIZER = TEXT.map(({ bytes, json }): Sample => ({ wire: bytes, json }));

/** What a newer API server could send besides. */
const UNKNOWN = fc
  .oneof(
    INT64.map((value) => numberField(31, value)),
    TEXT.map(({ bytes }) => bytesField(500_000, bytes)),
    fc.constant(Buffer.from('fd0601020304', 'hex')),
    fc.constant(Buffer.from('f9060102030405060708', 'hex')),
  )
  .map((wire) => part(0, '', wire, undefined));

/** A message of such parts, which are in the order of JSON, sent in any order. */
function message(
  parts: readonly fc.Arbitrary<Part>[],
  isShown: (name: string) => boolean = () => true,
): fc.Arbitrary<Sample> {
  return fc.tuple(...parts).chain((known) => {
    const shown = known.filter(({ name, json }) => json !== undefined && isShown(name));
    const json = `{${shown.map((each) => `"${each.name}":${each.json}`).join(',')}}`;
    const inOrder = known.toSorted((a, b) => a.number - b.number);
    const withUnknown = fc
      .array(UNKNOWN, { maxLength: 2 })
      .chain((unknown) =>
        fc.shuffledSubarray([...known, ...unknown], { minLength: known.length + unknown.length }),
      );
    return fc
      .oneof({ arbitrary: fc.constant(inOrder), weight: 3 }, withUnknown)
      .map((sent) => ({ wire: Buffer.concat(sent.map(({ wire }) => wire)), json }));
  });
}

const OWNER_REFERENCE = message([
  shownText(5, 'apiVersion'),
  shownText(1, 'kind'),
  shownText(3, 'name'),
  shownText(4, 'uid'),
  pointer(bool(6, 'controller')),
  pointer(bool(7, 'blockOwnerDeletion')),
]);

const FIELDS_V1 = fc
  .constantFrom('{"f:metadata":{"f:name":{}}}', '{}', '')
  .map((raw) => part(7, 'fieldsV1', bytesField(7, bytesField(1, raw)), undefined));

const MANAGED_FIELDS_ENTRY = message([
  text(1, 'manager'),
  text(2, 'operation'),
  text(3, 'apiVersion'),
  pointer(time(4, 'time', 'null')),
  text(6, 'fieldsType'),
  pointer(FIELDS_V1),
  text(8, 'subresource'),
]);

/** An ObjectMeta, of which some keys are wanted. */
function objectMeta(isWanted: (name: string) => boolean): fc.Arbitrary<Sample> {
  return message(
    [
      text(1, 'name'),
      text(2, 'generateName'),
      text(3, 'namespace'),
      text(4, 'selfLink'),
      text(5, 'uid'),
      text(6, 'resourceVersion'),
      int64(7, 'generation'),
      time(8, 'creationTimestamp'),
      pointer(time(9, 'deletionTimestamp', 'null')),
      pointer(int64(10, 'deletionGracePeriodSeconds', '0')),
      map(11, 'labels'),
      map(12, 'annotations'),
      several(13, 'ownerReferences', OWNER_REFERENCE, BRACKETS),
      several(14, 'finalizers', FINALIZER, BRACKETS),
      several(17, 'managedFields', MANAGED_FIELDS_ENTRY, BRACKETS),
    ],
    isWanted,
  );
}

const LIST_META = message([
  text(1, 'selfLink'),
  text(2, 'resourceVersion'),
  text(3, 'continue'),
  pointer(int64(4, 'remainingItemCount', '0')),
]);

/** A whole answer, as JSON without what is not wanted of items; with its metadata before or behind them. */
export function lists(isWanted: (name: string) => boolean): fc.Arbitrary<Sample> {
  const item = objectMeta(isWanted).map(({ wire, json }): Sample => ({
    wire: itemField(wire),
    json: `{"metadata":${json}}`,
  }));
  return fc
    .record({ items: fc.array(item, { maxLength: 4 }), metadata: LIST_META, isBehind: fc.boolean() })
    .map(({ items, metadata, isBehind }) => {
      const members = [
        { wire: bytesField(1, metadata.wire), json: `"metadata":${metadata.json}` },
        {
          wire: Buffer.concat(items.map(({ wire }) => wire)),
          json: `"items":${items.length === 0 ? 'null' : `[${items.map(({ json }) => json).join(',')}]`}`,
        },
      ];
      // What is not there has no place: an empty list is written last.
      if (isBehind && items.length > 0) members.reverse();
      const json = members.map((member) => member.json).join(',');
      return {
        wire: enveloped(Buffer.concat(members.map(({ wire }) => wire))),
        json: `{"kind":"PartialObjectMetadataList","apiVersion":"meta.k8s.io/v1",${json}}`,
      };
    });
}
