import type { ByteWriter } from './byte-writer.ts';
import type { CompiledProgram } from './compiled-program.ts';
import { CLOSE_OBJECT, COMMA, OPEN_OBJECT } from './json-bytes.ts';
import type { JsonSource } from './json-source.ts';
import { KeyMatcher, NO_KEY } from './keys.ts';
import { firstKey, MAX_DEPTH, nextKey, skipColon, skipValue, tooDeep } from './skip.ts';

const NULL = Buffer.from('null');

/** Copies chosen members out of maps, such as some of an object's annotations. Works on the values of one source. */
export class MapReader {
  readonly #source: JsonSource;
  readonly #keys = new KeyMatcher();

  constructor(source: JsonSource) {
    this.#source = source;
  }

  /**
   * Writes the map that starts at `at` with those members only whose keys `chosen` has, and answers where it ends. Writes
   * `null` for any other value than an object. Duplicate keys are copied as they are: a reader takes the last.
   */
  members(chosen: CompiledProgram, at: number, depth: number, output: ByteWriter): number {
    const { bytes } = this.#source;
    if (bytes[at] !== OPEN_OBJECT) return this.#notMap(at, depth, output);
    const begin = output.length;
    output.writeByte(OPEN_OBJECT);
    const end = this.#read(chosen, at, depth, (key, _, valueEnd) => {
      if (output.length > begin + 1) output.writeByte(COMMA);
      output.write(bytes, key, valueEnd);
    });
    output.writeByte(CLOSE_OBJECT);
    return end;
  }

  /** Writes the value of the one member that `chosen` names, or `null`, and answers where the map ends. */
  member(chosen: CompiledProgram, at: number, depth: number, output: ByteWriter): number {
    const { bytes } = this.#source;
    if (bytes[at] !== OPEN_OBJECT) return this.#notMap(at, depth, output);
    const begin = output.length;
    const end = this.#read(chosen, at, depth, (_, value, valueEnd) => {
      output.truncate(begin);
      output.write(bytes, value, valueEnd);
    });
    if (output.length === begin) output.write(NULL);
    return end;
  }

  #notMap(at: number, depth: number, output: ByteWriter): number {
    output.write(NULL);
    return skipValue(this.#source, at, depth);
  }

  /** Calls `take` for each chosen member with where its key starts, and its value starts and ends. */
  #read(
    chosen: CompiledProgram,
    at: number,
    depth: number,
    take: (key: number, value: number, valueEnd: number) => void,
  ): number {
    if (depth === MAX_DEPTH) throw tooDeep();
    const source = this.#source;
    let guess = 0;
    let i = firstKey(source, at);
    while (source.bytes[i] !== CLOSE_OBJECT) {
      const key = this.#keys.match(source, chosen, i, guess);
      const value = skipColon(source, this.#keys.end);
      const end = skipValue(source, value, depth + 1);
      if (key !== NO_KEY) {
        guess = key + 1;
        take(i, value, end);
      }
      i = nextKey(source, end);
    }
    return i + 1;
  }
}
