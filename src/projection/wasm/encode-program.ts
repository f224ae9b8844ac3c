import {
  type CompiledKey,
  type CompiledOutput,
  type CompiledProgram,
  compileProgram,
  keyLengths,
} from '../compiled-program.ts';

/** The byte that stands for a key which JSON can only write with escapes. */
const ESCAPED_KEY = 0xff;

/** The numbers that assembly/program.ts gives the kinds of outputs. */
const LEAF = 0;
const REQUIRED_LEAF = 1;
const NESTED = 2;
const MEMBERS = 3;
const MEMBER = 4;
const ID = 5;
const SELF = 6;

/** How many bytes the structures of assembly/program.ts take. */
const PROGRAM_BYTES = 20;
const KEY_BYTES = 16;
const OUTPUT_BYTES = 20;
const WORD = 4;

/**
 * Lays a program out in memory as assembly/program.ts reads it, for the address `base`. Answers undefined for a program that
 * the module cannot run: it has computed outputs that are no ids, or keys that stand escaped in every source, or is larger than `maxBytes`.
 */
export function encodeProgram(program: CompiledProgram, base: number, maxBytes: number): Buffer | undefined {
  if (!isRunnable(program)) return undefined;
  const encoder = new Encoder(base);
  encoder.program(program);
  const bytes = encoder.bytes();
  return bytes.length > maxBytes ? undefined : bytes;
}

function isRunnable({ keys, outputs }: CompiledProgram): boolean {
  return (
    keys.every(({ bytes }) => bytes[0] !== ESCAPED_KEY) &&
    outputs.every((output) => isWritable(output) && (output.program === null || isRunnable(output.program)))
  );
}

/** Whether its bytes are known, or made in a way that the module knows. */
function isWritable({ absent, idHead, kind }: CompiledOutput): boolean {
  return absent !== null || idHead !== null || kind === 'self';
}

/** What an id is made of, in the order in which assembly/ids.ts counts them. */
const IDENTITY = compileProgram({
  outputs: ['name', 'namespace'].map((key) => ({ kind: 'key', responseName: key, key, program: null })),
});

/** The keys that a program reads, those of its ids with them. */
function keysWithIds({ keys, outputs }: CompiledProgram): readonly Pick<CompiledKey, 'bytes' | 'outputs'>[] {
  const ids = [...outputs.keys()].filter((position) => outputs[position]?.idHead !== null);
  if (ids.length === 0) return keys;
  const metadata = keys.find(({ text }) => text === 'metadata');
  const others = keys.filter((key) => key !== metadata);
  const positions = [...ids, ...(metadata?.outputs ?? [])].toSorted((a, b) => a - b);
  return [{ bytes: Buffer.from('metadata'), outputs: positions }, ...others];
}

/** Memory that fills up from its start. Places are counted from there; addresses are what is written. */
class Encoder {
  readonly #base: number;
  readonly #words: [at: number, value: number][] = [];
  readonly #texts: [at: number, text: Buffer][] = [];
  #end = 0;

  constructor(base: number) {
    this.#base = base;
  }

  program(program: CompiledProgram): number {
    const { outputs } = program;
    const keys = keysWithIds(program);
    const at = this.#reserve(PROGRAM_BYTES);
    const keysAt = this.#reserve(KEY_BYTES * keys.length);
    const outputsAt = this.#reserve(OUTPUT_BYTES * outputs.length);
    this.#write(at, [
      keyLengths(keys),
      keys.length,
      this.#base + keysAt,
      outputs.length,
      this.#base + outputsAt,
    ]);
    for (const [index, key] of keys.entries()) {
      const positions = this.#reserve(WORD * key.outputs.length);
      this.#write(positions, key.outputs);
      const bytes = this.#text(key.bytes);
      this.#write(keysAt + index * KEY_BYTES, [
        bytes,
        key.bytes.length,
        this.#base + positions,
        key.outputs.length,
      ]);
    }
    for (const [index, output] of outputs.entries()) this.#output(outputsAt + index * OUTPUT_BYTES, output);
    return this.#base + at;
  }

  bytes(): Buffer {
    const bytes = Buffer.alloc(this.#end);
    for (const [at, value] of this.#words) bytes.writeUInt32LE(value >>> 0, at);
    for (const [at, text] of this.#texts) text.copy(bytes, at);
    return bytes;
  }

  #output(at: number, output: CompiledOutput): void {
    const { idHead, prefix } = output;
    // An id is never absent: its head takes the place.
    const absent = output.absent ?? Buffer.concat([prefix, Buffer.from(idHead ?? '')]);
    const text = this.#text(absent);
    const program = idHead === null ? output.program : IDENTITY;
    const inner = program === null ? 0 : this.program(program);
    this.#write(at, [kindOf(output), text, text + prefix.length, text + absent.length, inner]);
  }

  #text(text: Buffer): number {
    const at = this.#reserve(text.length);
    this.#texts.push([at, text]);
    return this.#base + at;
  }

  #reserve(bytes: number): number {
    const at = this.#end;
    this.#end += Math.ceil(bytes / WORD) * WORD;
    return at;
  }

  #write(at: number, values: readonly number[]): void {
    for (const [index, value] of values.entries()) this.#words.push([at + index * WORD, value]);
  }
}

function kindOf({ idHead, kind, program, required }: CompiledOutput): number {
  if (idHead !== null) return ID;
  if (kind === 'self') return SELF;
  if (kind === 'members') return MEMBERS;
  if (kind === 'member') return MEMBER;
  if (program !== null) return NESTED;
  return required ? REQUIRED_LEAF : LEAF;
}
