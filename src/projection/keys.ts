import type { CompiledKey, CompiledProgram } from './compiled-program.ts';
import { BACKSLASH, QUOTE } from './json-bytes.ts';
import type { JsonSource } from './json-source.ts';
import { MalformedJson, TRUNCATED } from './malformed-json.ts';
import { skipString } from './skip.ts';

/** No key of the program. */
export const NO_KEY = -1;

/** Which key of a program stands at a place in the source, and where it ends. One matcher serves one scan. */
export class KeyMatcher {
  /** The byte after the closing quote of the key looked at last. */
  end = 0;

  /**
   * The position in `program.keys` of the key whose opening quote is at `at`, or NO_KEY. `guess` is the position to try
   * first: objects of one kind have their keys in one order.
   */
  match(source: JsonSource, program: CompiledProgram, at: number, guess: number): number {
    const guessed = program.keys[guess];
    if (guessed !== undefined && this.#isAt(source, guessed, at)) return guess;
    const escaped = this.#findEnd(source, at);
    if (escaped) return this.#find(program, readString(source.bytes, at, this.end));
    const length = this.end - at - 2;
    if (((program.keyLengths >>> (length & 31)) & 1) === 0) return NO_KEY;
    const { keys } = program;
    for (let k = 0; k < keys.length; k++) {
      const { bytes } = keys[k]!;
      if (bytes.length === length && startsAt(source.bytes, bytes, at + 1)) return k;
    }
    return NO_KEY;
  }

  #isAt(source: JsonSource, key: CompiledKey, at: number): boolean {
    const closing = at + 1 + key.bytes.length;
    if (closing >= source.end || source.bytes[closing] !== QUOTE) return false;
    if (!startsAt(source.bytes, key.bytes, at + 1)) return false;
    this.end = closing + 1;
    return true;
  }

  /** Sets `end`; answers whether there is a backslash in the key. */
  #findEnd(source: JsonSource, at: number): boolean {
    const { bytes, lastQuote } = source;
    if (at >= lastQuote) throw TRUNCATED;
    for (let i = at + 1; ; i++) {
      const byte = bytes[i];
      if (byte === QUOTE) {
        this.end = i + 1;
        return false;
      }
      if (byte === BACKSLASH) {
        this.end = skipString(source, at);
        return true;
      }
    }
  }

  #find(program: CompiledProgram, text: string): number {
    return program.keys.findIndex((key) => key.text === text);
  }
}

function startsAt(bytes: Buffer, key: Buffer, at: number): boolean {
  for (let i = 0; i < key.length; i++) if (bytes[at + i] !== key[i]) return false;
  return true;
}

/** The string whose quotes are at `start` and before `end`, as JSON.parse would read it. */
export function readString(bytes: Buffer, start: number, end: number): string {
  try {
    // A string token can be nothing else than a string.
    return JSON.parse(bytes.toString('utf8', start, end)) as string;
  } catch (cause) {
    throw new MalformedJson(`the string at byte ${start} of the JSON text has an invalid escape`, { cause });
  }
}
