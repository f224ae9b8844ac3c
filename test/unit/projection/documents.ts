import * as fc from 'fast-check';
import { assertNever } from '../../../src/util/assert-never.ts';
import { escapeAll, OBJECT_TEXT, SCALAR_TEXT, SPACE, VALUE_TEXT } from './reference.ts';
import type { ObjectShape, Shape } from './selections.ts';

// Characters that stand for bytes which no character has, until `bytesOf` puts those in.
const LONE_BYTE = '\ue000';
const CUT_CHARACTER = '\ue001';

/** The bytes of a JSON text, with invalid UTF-8 where it says so. */
export function bytesOf(text: string): Buffer {
  const pieces = text.split(/([\ue000\ue001])/).map((piece) => {
    if (piece === LONE_BYTE) return Buffer.of(0xff);
    return piece === CUT_CHARACTER ? Buffer.of(0xe6, 0xbc) : Buffer.from(piece);
  });
  return Buffer.concat(pieces);
}

const INVALID_UTF8 = fc.constantFrom(
  `"${LONE_BYTE}"`,
  `"é${CUT_CHARACTER}"`,
  `{"${CUT_CHARACTER}":"${LONE_BYTE}\\""}`,
);

/** Two containers to a level: around the depths at which an engine leaves the item to the other. */
const DEEP = fc
  .constantFrom(10, 49, 51, 120, 149, 155, 220)
  .map((levels) => `${'[{"a":'.repeat(levels)}1${'}]'.repeat(levels)}`);

const LEAF_TEXT = fc.oneof(
  { arbitrary: SCALAR_TEXT, weight: 28 },
  { arbitrary: VALUE_TEXT, weight: 8 },
  { arbitrary: INVALID_UTF8, weight: 3 },
  DEEP,
);

/** A member that nobody asks for. */
const UNKNOWN = fc.record({
  key: fc.constantFrom('"managedFields"', '"f:name"', '"nam"', '"x\\""', `"${LONE_BYTE}"`, '"an other"'),
  value: LEAF_TEXT,
});

/** JSON texts of a shape: any value may be null and any key absent. */
function textOf(shape: Shape): fc.Arbitrary<string> {
  switch (shape.kind) {
    case 'leaf':
      return LEAF_TEXT;
    case 'map':
      return fc.oneof({ arbitrary: OBJECT_TEXT, weight: 4 }, fc.constant('null'));
    case 'list':
      return orNull(
        fc
          .tuple(fc.array(textOf(shape.of), { maxLength: 3 }), SPACE)
          .map(([elements, space]) => `[${space}${elements.join(`${space},${space}`)}${space}]`),
      );
    case 'object':
      return orNull(objectText(shape));
    default:
      return assertNever(shape, 'shape');
  }
}

function orNull(text: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.oneof({ arbitrary: text, weight: 7 }, fc.constant('null'));
}

/** An object with its members in any order, others between them, and some of them twice. */
function objectText({ fields }: ObjectShape): fc.Arbitrary<string> {
  const members = fields.map(({ key, shape }) =>
    fc.record({
      key: fc.constantFrom(JSON.stringify(key), JSON.stringify(key), JSON.stringify(key), escapeAll(key)),
      value: fc.option(textOf(shape), { freq: 4 }),
      earlier: fc.oneof({ arbitrary: fc.constant(null), weight: 7 }, LEAF_TEXT),
    }),
  );
  return fc
    .record({
      members: fc.tuple(...members),
      unknown: fc.array(UNKNOWN, { maxLength: 3 }),
      order: fc.nat(),
      space: SPACE,
    })
    .map(({ members, unknown, order, space }) => {
      const present = members.flatMap(({ key, value }) => (value === null ? [] : [{ key, value }]));
      const earlier = members.flatMap(({ key, value, earlier }) =>
        value === null || earlier === null ? [] : [{ key, value: earlier }],
      );
      const all = [...earlier, ...shuffled([...present, ...unknown], order)];
      return `{${space}${all.map(({ key, value }) => `${key}${space}:${space}${value}`).join(`${space},`)}${space}}`;
    });
}

/** Which of the orders of some elements `order` stands for: 0 for the one that they have. */
function shuffled<T>(elements: readonly T[], order: number): T[] {
  const rest = [...elements];
  let left = order;
  return elements.flatMap(() => {
    const index = left % rest.length;
    left = Math.floor(left / rest.length);
    return rest.splice(index, 1);
  });
}

/** A list of objects of the shape. Its metadata stands before or after them. */
export function listText(shape: ObjectShape): fc.Arbitrary<string> {
  return fc
    .record({
      items: fc.array(objectText(shape), { maxLength: 5 }),
      before: fc.boolean(),
      space: SPACE,
      end: SPACE,
    })
    .map(({ items, before, space, end }) => {
      const array = `"items":${space}[${space}${items.join(`${space},${space}`)}${space}]`;
      const metadata = `"metadata":${space}{"resourceVersion":"42","continue":"\\u00e9"}`;
      const members = before ? [metadata, array] : [array, metadata];
      return `{"kind":"XList",${members.join(`${space},`)}}${end}`;
    });
}
