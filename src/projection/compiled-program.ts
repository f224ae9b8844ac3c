import { assertNever } from '../util/assert-never.ts';
import type { ObjectProgram, Output } from './program.ts';

/** A program in the form the projector runs: every byte that can be known before is. */
export interface CompiledProgram {
  readonly outputs: readonly CompiledOutput[];
  /** The source keys that the outputs read, each once. */
  readonly keys: readonly CompiledKey[];
  /** Bit `length % 32` is set for each key: one test turns most other keys away. */
  readonly keyLengths: number;
  /** Whether it only puts something around the object: there is an output of kind `self`. */
  readonly isWrapper: boolean;
}

// All outputs have the same members, so that the projector's loops see one shape.
export interface CompiledOutput {
  readonly kind: Output['kind'];
  /** `,"name":`, and the value behind it if it is a literal. The first output of an object leaves out the comma. */
  readonly prefix: Buffer;
  /** The prefix and what is answered where the key is absent; null if that has to be computed. */
  readonly absent: Buffer | null;
  /** Of an output that takes members out of a map: one without outputs, whose keys are those of the members. */
  readonly program: CompiledProgram | null;
  readonly required: boolean;
  readonly compute: ((object: Buffer) => string | Buffer) | null;
  readonly readsNothing: boolean;
  /** As in ComputedOutput. */
  readonly idHead: string | null;
}

export interface CompiledKey {
  readonly text: string;
  /** The key as it stands in a source that does not escape it. */
  readonly bytes: Buffer;
  /** The outputs that read this key, as positions in `outputs`. */
  readonly outputs: readonly number[];
}

const compiled = new WeakMap<ObjectProgram, CompiledProgram>();

/** The runnable form of a program. Made once per program object. */
export function compileProgram(program: ObjectProgram): CompiledProgram {
  const known = compiled.get(program);
  if (known !== undefined) return known;
  const result = compiledWith(program.outputs.map(compileOutput), keysOf(program));
  compiled.set(program, result);
  return result;
}

function compiledWith(
  outputs: readonly CompiledOutput[],
  positions: ReadonlyMap<string, readonly number[]>,
): CompiledProgram {
  const keys = [...positions].map(([text, of]) => ({ text, bytes: keyBytes(text), outputs: of }));
  const isWrapper = outputs.some(({ kind }) => kind === 'self');
  if (isWrapper && keys.length > 0) throw new TypeError('a program around an object reads no key of it');
  return { outputs, keys, keyLengths: keyLengths(keys), isWrapper };
}

export function keyLengths(keys: readonly { readonly bytes: Buffer }[]): number {
  return keys.reduce((bits, { bytes }) => bits | (1 << (bytes.length & 31)), 0);
}

function compileOutput(output: Output): CompiledOutput {
  const literal = output.kind === 'literal' ? output.json : '';
  const prefix = Buffer.from(`,${JSON.stringify(output.responseName)}:${literal}`);
  const program = compileInner(output);
  const value = absentValue(output, program);
  return {
    kind: output.kind,
    prefix,
    absent: value === null ? null : Buffer.concat([prefix, value]),
    program,
    required: output.kind === 'key' && output.required === true,
    compute: output.kind === 'computed' ? output.compute : null,
    readsNothing: output.kind === 'computed' && output.reads === 'nothing',
    idHead: (output.kind === 'computed' ? output.idHead : undefined) ?? null,
  };
}

/** What stands behind the prefix where the key is absent; null if that has to be computed. */
function absentValue(output: Output, program: CompiledProgram | null): Buffer | null {
  if (output.kind === 'computed' || output.kind === 'self') return null;
  if (output.kind === 'literal') return Buffer.alloc(0);
  if (output.kind !== 'key' || output.required !== true) return Buffer.from('null');
  return absentObject(program?.outputs ?? []);
}

/** The answer of outputs over `{}`. */
function absentObject(outputs: readonly CompiledOutput[]): Buffer | null {
  const members = outputs.flatMap(({ absent }) => absent ?? []);
  if (members.length < outputs.length) return null;
  // The first member's comma is none.
  return Buffer.concat([Buffer.from('{'), Buffer.concat(members).subarray(1), Buffer.from('}')]);
}

function compileInner(output: Output): CompiledProgram | null {
  switch (output.kind) {
    case 'key':
      return output.program === null ? null : compileProgram(output.program);
    case 'self':
      return compileProgram(output.program);
    case 'members':
      return compiledWith([], new Map(output.members.map((member) => [member, []])));
    case 'member':
      return compiledWith([], new Map([[output.member, []]]));
    case 'literal':
    case 'computed':
      return null;
    default:
      return assertNever(output, 'output');
  }
}

/** The keys that a program reads, each with the positions of its outputs. */
function keysOf(program: ObjectProgram): ReadonlyMap<string, readonly number[]> {
  const positions = new Map<string, number[]>();
  for (const [position, output] of program.outputs.entries()) {
    if (!('key' in output)) continue;
    const others = positions.get(output.key);
    if (others === undefined) positions.set(output.key, [position]);
    else others.push(position);
  }
  return positions;
}

/** A text that JSON can only write with escapes has no plain bytes; the byte 0xff, which UTF-8 never has, stands for it. */
function keyBytes(text: string): Buffer {
  return JSON.stringify(text) === `"${text}"` ? Buffer.from(text) : Buffer.of(0xff);
}
