import * as fc from 'fast-check';
import type { ObjectProgram, Output } from '../../../src/projection/program.ts';
import { assertNever } from '../../../src/util/assert-never.ts';
import { isJsonObject } from '../../../src/util/json.ts';

/** What a program answers, by way of JSON.parse: the meaning that the scanner is held to. */
export function referenceAnswer(program: ObjectProgram, json: string): string {
  return JSON.stringify(projectValue(program, false, JSON.parse(json)));
}

function projectValue(program: ObjectProgram, required: boolean, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((element) => projectValue(program, false, element));
  if (isJsonObject(value)) return projectObject(program, value);
  return required ? projectObject(program, {}) : null;
}

function projectObject(program: ObjectProgram, object: Readonly<Record<string, unknown>>): unknown {
  return Object.fromEntries(
    program.outputs.map((output) => [output.responseName, outputValue(output, object)]),
  );
}

function outputValue(output: Output, object: Readonly<Record<string, unknown>>): unknown {
  if (output.kind === 'literal') return JSON.parse(output.json);
  if (output.kind === 'computed')
    return JSON.parse(String(output.compute(Buffer.from(JSON.stringify(object)))));
  if (output.kind === 'self') return projectObject(output.program, object);
  const value = Object.hasOwn(object, output.key) ? object[output.key] : null;
  if (output.kind === 'members') return isJsonObject(value) ? pick(value, output.members) : null;
  if (output.kind === 'member') return isJsonObject(value) ? memberOf(value, output.member) : null;
  if (output.program !== null) return projectValue(output.program, output.required === true, value);
  return value === null && output.required === true ? {} : value;
}

function pick(map: Readonly<Record<string, unknown>>, members: readonly string[]): unknown {
  return Object.fromEntries(Object.entries(map).filter(([key]) => members.includes(key)));
}

function memberOf(map: Readonly<Record<string, unknown>>, member: string): unknown {
  return Object.hasOwn(map, member) ? map[member] : null;
}

/** JSON in the one form that JSON.stringify gives it. */
export function normal(json: string): string {
  return JSON.stringify(JSON.parse(json));
}

const KEYS = [
  'a',
  'b',
  'c',
  'name',
  'namespace',
  'é',
  '漢字',
  'q"uote',
  'back\\slash',
  '',
  '__proto__',
  '\ud800',
];
const KEY = fc.constantFrom(...KEYS);
/** White space, mostly none. */
export const SPACE = fc.constantFrom('', '', '', '', ' ', '\n', '\t\r ');

/** A key as it may stand in a source: plain, or with any character written as an escape. */
const KEY_TEXT = fc
  .tuple(KEY, fc.boolean())
  .map(([key, escaped]) => (escaped ? escapeAll(key) : JSON.stringify(key)));

/** A string of JSON with each character written as an escape. */
export function escapeAll(text: string): string {
  const units = Array.from({ length: text.length }, (_, i) =>
    text.charCodeAt(i).toString(16).padStart(4, '0'),
  );
  return `"${units.map((unit) => `\\u${unit}`).join('')}"`;
}

const STRING_TEXT = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }).map((text) => JSON.stringify(text)),
  fc
    .string({ unit: fc.constantFrom('\\', '"', '{', ']', 'x'), maxLength: 300 })
    .map((text) => JSON.stringify(text)),
  fc.constantFrom('"\\ud800"', '"\\/"', `"${'long '.repeat(60)}"`),
);
/** Strings with escapes, numbers that a double cannot hold, literals. */
export const SCALAR_TEXT = fc.oneof(
  STRING_TEXT,
  fc.constantFrom('null', 'true', 'false', '0', '-0', '1.0', '1e400', '-2.5E-3', '9007199254740993'),
);

function between(open: string, parts: readonly string[], space: string, close: string): string {
  return `${open}${space}${parts.join(`${space},${space}`)}${space}${close}`;
}

/** JSON texts with white space, escapes, duplicate keys, and keys that programs are likely to ask for. */
export const { object: OBJECT_TEXT, value: VALUE_TEXT } = fc.letrec<{
  value: string;
  object: string;
  array: string;
}>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    SCALAR_TEXT,
    { arbitrary: tie('object'), weight: 3 },
    tie('array'),
  ),
  object: fc
    .tuple(fc.array(fc.tuple(KEY_TEXT, SPACE, tie('value')), { maxLength: 6 }), SPACE)
    .map(([members, space]) => {
      const parts = members.map(([key, gap, value]) => `${key}${gap}:${gap}${value}`);
      return between('{', parts, space, '}');
    }),
  array: fc
    .tuple(fc.array(tie('value'), { maxLength: 4 }), SPACE)
    .map(([elements, space]) => between('[', elements, space, ']')),
}));

interface Draft {
  readonly key: string;
  readonly kind: 'leaf' | 'nested' | 'members' | 'member' | 'literal' | 'computed';
  readonly required: boolean;
  readonly members: readonly string[];
  readonly member: string;
  readonly inner: ObjectProgram;
}

/** Programs of all kinds of outputs, with aliases of one key. */
export const { program: PROGRAM } = fc.letrec<{ program: ObjectProgram; draft: Draft }>((tie) => ({
  program: fc.array(tie('draft'), { maxLength: 6 }).map((drafts) => ({ outputs: drafts.map(toOutput) })),
  draft: fc.record({
    key: KEY,
    kind: fc.constantFrom('leaf', 'leaf', 'nested', 'nested', 'members', 'member', 'literal', 'computed'),
    required: fc.boolean(),
    members: fc.array(KEY, { maxLength: 4 }),
    member: KEY,
    inner: fc.oneof(
      { maxDepth: 3, depthIdentifier: 'program' },
      fc.constant<ObjectProgram>({ outputs: [] }),
      tie('program'),
    ),
  }),
}));

function toOutput({ key, kind, required, members, member, inner }: Draft, position: number): Output {
  const responseName = `r${position}`;
  switch (kind) {
    case 'literal':
      return { kind, responseName, json: JSON.stringify(key) };
    case 'computed':
      return {
        kind,
        responseName,
        compute: (object) => JSON.stringify({ keys: JSON.parse(object.toString()) }),
      };
    case 'leaf':
      return { kind: 'key', responseName, key, program: null, required };
    case 'members':
      return { kind, responseName, key, members };
    case 'member':
      return { kind, responseName, key, member };
    case 'nested':
      return { kind: 'key', responseName, key, program: inner, required };
    default:
      return assertNever(kind, 'kind of output');
  }
}
