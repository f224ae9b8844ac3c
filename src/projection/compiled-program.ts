import type { ObjectProgram, Output } from './program.ts';

/** A program in the form the projector runs: every byte that can be known before is. */
export interface CompiledProgram {
  readonly outputs: readonly CompiledOutput[];
  /** The source keys that the outputs read, each once. */
  readonly keys: readonly CompiledKey[];
  /** Bit `length % 32` is set for each key: one test turns most other keys away. */
  readonly keyLengths: number;
}

// All outputs have the same members, so that the projector's loops see one shape.
export interface CompiledOutput {
  readonly kind: Output['kind'];
  /** `,"name":`, and the value behind it if it is a literal. The first output of an object leaves out the comma. */
  readonly prefix: Buffer;
  readonly program: CompiledProgram | null;
  readonly required: boolean;
  readonly compute: ((object: Buffer) => string | Buffer) | null;
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
  const keys = compileKeys(program);
  const result: CompiledProgram = {
    outputs: program.outputs.map(compileOutput),
    keys,
    keyLengths: keys.reduce((bits, key) => bits | (1 << (key.bytes.length & 31)), 0),
  };
  compiled.set(program, result);
  return result;
}

function compileOutput(output: Output): CompiledOutput {
  const literal = output.kind === 'literal' ? output.json : '';
  return {
    kind: output.kind,
    prefix: Buffer.from(`,${JSON.stringify(output.responseName)}:${literal}`),
    program: output.kind === 'key' && output.program !== null ? compileProgram(output.program) : null,
    required: output.kind === 'key' && output.required === true,
    compute: output.kind === 'computed' ? output.compute : null,
  };
}

function compileKeys(program: ObjectProgram): CompiledKey[] {
  const positions = new Map<string, number[]>();
  for (const [position, output] of program.outputs.entries()) {
    if (output.kind !== 'key') continue;
    const others = positions.get(output.key);
    if (others === undefined) positions.set(output.key, [position]);
    else others.push(position);
  }
  return [...positions].map(([text, outputs]) => ({ text, bytes: keyBytes(text), outputs }));
}

/** A text that JSON can only write with escapes has no plain bytes; the byte 0xff, which UTF-8 never has, stands for it. */
function keyBytes(text: string): Buffer {
  return JSON.stringify(text) === `"${text}"` ? Buffer.from(text) : Buffer.of(0xff);
}
