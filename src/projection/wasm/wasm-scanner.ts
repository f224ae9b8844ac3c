import { inflateRawSync } from 'node:zlib';
import { SCANNER_MODULE } from './module.ts';

/** So many bytes behind the input must be no part of it: the module reads by blocks of this size. */
const BLOCK = 64;

/** Why the module has stopped: the number that assembly/memory.ts gives an item which is not there as a whole. */
const TRUNCATED = 1;

/** How far one call of the module came. */
interface Scanned {
  /** How many items it has consumed. None: the first is incomplete, or one that the module declines. */
  readonly items: number;
  /** How many bytes of the source they took, commas included. */
  readonly consumed: number;
  /** Whether a comma was the last of that. */
  readonly endsInComma: boolean;
  /** Whether the source ends inside the item that follows. */
  readonly isTruncated: boolean;
  /** What the items came to. Valid until the next call. */
  readonly written: Buffer;
}

/**
 * An instance of the WebAssembly module. A call leaves nothing behind that the next one needs, so that all lists of the
 * process share one. Its memory has a fixed size, 2.4 MB, of which the system provides what has been touched.
 */
export class WasmScanner {
  /** Where an encoded program has to lie, and how large it can be. */
  readonly programBase: number;
  readonly maxProgramBytes: number;
  readonly #memory: Buffer;
  readonly #result: Uint32Array;
  readonly #input: number;
  readonly #inputSize: number;
  readonly #output: number;
  readonly #scan: ScannerExports['scan'];
  #loaded: Buffer | undefined;

  /** Throws where there is no WebAssembly with SIMD, or no memory for it. */
  constructor() {
    const module = new WebAssembly.Module(inflateRawSync(Buffer.from(SCANNER_MODULE, 'base64')));
    // What assembly/index.ts exports.
    const exports = new WebAssembly.Instance(module).exports as unknown as ScannerExports;
    this.programBase = exports.PROGRAM.value;
    this.maxProgramBytes = exports.PROGRAM_SIZE.value;
    this.#memory = Buffer.from(exports.memory.buffer);
    this.#result = new Uint32Array(exports.memory.buffer, exports.RESULT.value, 5);
    this.#input = exports.INPUT.value;
    this.#inputSize = exports.INPUT_SIZE.value;
    this.#output = exports.OUTPUT.value;
    this.#scan = exports.scan;
  }

  /**
   * Projects items of `source[from..to)`, where the first starts at `from`, with an encoded program. Counts them without one.
   * `isFirst` says that no comma goes before the first.
   */
  scan(source: Buffer, from: number, to: number, program: Buffer | undefined, isFirst: boolean): Scanned {
    const length = Math.min(to - from, this.#inputSize);
    source.copy(this.#memory, this.#input, from, from + length);
    this.#memory.fill(0, this.#input + length, this.#input + length + BLOCK);
    this.#load(program);
    this.#scan(length, isFirst ? 1 : 0, program === undefined ? 0 : 1);
    const [items, consumed, endsInComma, written, stopped] = this.#result as unknown as Result;
    return {
      items,
      consumed,
      endsInComma: endsInComma === 1,
      isTruncated: stopped === TRUNCATED && length === to - from,
      written: this.#memory.subarray(this.#output, this.#output + written),
    };
  }

  #load(program: Buffer | undefined): void {
    if (program === undefined || program === this.#loaded) return;
    program.copy(this.#memory, this.programBase);
    this.#loaded = program;
  }
}

/** The five numbers that assembly/index.ts leaves after each call. */
type Result = [items: number, consumed: number, endsInComma: number, written: number, stopped: number];

interface ScannerExports {
  readonly memory: WebAssembly.Memory;
  readonly RESULT: WebAssembly.Global<'i32'>;
  readonly INPUT: WebAssembly.Global<'i32'>;
  readonly INPUT_SIZE: WebAssembly.Global<'i32'>;
  readonly OUTPUT: WebAssembly.Global<'i32'>;
  readonly PROGRAM: WebAssembly.Global<'i32'>;
  readonly PROGRAM_SIZE: WebAssembly.Global<'i32'>;
  readonly scan: (length: number, isFirst: number, hasProgram: number) => void;
}
