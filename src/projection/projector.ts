import { ByteWriter } from './byte-writer.ts';
import type { CompiledOutput, CompiledProgram } from './compiled-program.ts';
import { CLOSE_ARRAY, CLOSE_OBJECT, COMMA, OPEN_ARRAY, OPEN_OBJECT } from './json-bytes.ts';
import type { JsonSource } from './json-source.ts';
import { KeyMatcher, NO_KEY } from './keys.ts';
import { MapReader } from './map-reader.ts';
import {
  firstKey,
  MAX_DEPTH,
  nextKey,
  skipColon,
  skipSpace,
  skipValue,
  tooDeep,
  unexpected,
} from './skip.ts';

const NULL = Buffer.from('null');
const EMPTY_OBJECT = Buffer.from('{}');
const LETTER_N = 0x6e;

/** Stands in a frame's `next` once outputs have come in another order than the program's. */
const OUT_OF_ORDER = -1;
const NOT_SEEN = -1;

/**
 * Runs programs over the values of one source and writes what they select.
 *
 * Values are projected into the output as they arrive. While keys come in the program's order that is the answer. From the
 * first that does not, an object's members are only collected in the output, and put in order when the object ends.
 *
 * What is known of the objects being read is in `#frames`, a stack of numbers: for each object `next`, how many outputs are
 * written in order, and then for each output where its member starts and ends in the output.
 */
export class Projector {
  readonly #source: JsonSource;
  readonly #keys = new KeyMatcher();
  readonly #maps: MapReader;
  readonly #scratch = new ByteWriter();
  #frames = new Int32Array(128);
  #top = 0;
  #output = new ByteWriter();

  constructor(source: JsonSource) {
    this.#source = source;
    this.#maps = new MapReader(source);
  }

  /**
   * Projects the value that starts at `at` and answers where it ends. Throws TRUNCATED when the source ends before, and
   * MalformedJson; `output` then holds a part of an answer.
   */
  run(program: CompiledProgram, at: number, output: ByteWriter): number {
    this.#output = output;
    this.#top = 0;
    return program.isWrapper ? this.#wrapped(program, at) : this.#project(program, false, at, 0);
  }

  /** What goes around an object depends on none of its bytes: they are read once, where the object itself is written. */
  #wrapped(program: CompiledProgram, at: number): number {
    const output = this.#output;
    let end = at;
    output.writeByte(OPEN_OBJECT);
    for (let position = 0; position < program.outputs.length; position++) {
      const { kind, prefix, program: inner } = program.outputs[position]!;
      if (kind === 'self' && inner !== null) {
        output.write(prefix, position === 0 ? 1 : 0);
        end = this.#project(inner, false, at, 1);
      } else this.#unread(program, position, -1, -1);
    }
    output.writeByte(CLOSE_OBJECT);
    return end;
  }

  #project(program: CompiledProgram, required: boolean, at: number, depth: number): number {
    const first = this.#source.bytes[at];
    if (first === OPEN_OBJECT) return this.#object(program, at, depth);
    if (first === OPEN_ARRAY) return this.#array(program, at, depth);
    const end = skipValue(this.#source, at, depth);
    if (required) this.#empty(program);
    else this.#output.write(NULL);
    return end;
  }

  #array(program: CompiledProgram, at: number, depth: number): number {
    if (depth === MAX_DEPTH) throw tooDeep();
    const source = this.#source;
    const output = this.#output;
    output.writeByte(OPEN_ARRAY);
    let i = skipSpace(source, at + 1);
    if (source.bytes[i] !== CLOSE_ARRAY) {
      for (;;) {
        i = skipSpace(source, this.#project(program, false, i, depth + 1));
        if (source.bytes[i] !== COMMA) break;
        output.writeByte(COMMA);
        i = skipSpace(source, i + 1);
      }
      if (source.bytes[i] !== CLOSE_ARRAY) throw unexpected(source, i, "',' or ']'");
    }
    output.writeByte(CLOSE_ARRAY);
    return i + 1;
  }

  #object(program: CompiledProgram, at: number, depth: number): number {
    if (depth === MAX_DEPTH) throw tooDeep();
    const frame = this.#enter(program);
    const begin = this.#output.length;
    this.#output.writeByte(OPEN_OBJECT);
    const end = this.#members(program, frame, at, depth);
    const written = this.#frames[frame]!;
    if (written === OUT_OF_ORDER) this.#putInOrder(program, frame, begin + 1, at, end);
    else this.#absentFrom(program, written, at, end);
    this.#output.writeByte(CLOSE_OBJECT);
    this.#top = frame;
    return end;
  }

  #enter(program: CompiledProgram): number {
    const frame = this.#top;
    const top = frame + 1 + 2 * program.outputs.length;
    if (top > this.#frames.length) {
      const larger = new Int32Array(top * 2);
      larger.set(this.#frames);
      this.#frames = larger;
    }
    const frames = this.#frames;
    frames[frame] = 0;
    for (let i = frame + 1; i < top; i++) frames[i] = NOT_SEEN;
    this.#top = top;
    return frame;
  }

  #members(program: CompiledProgram, frame: number, at: number, depth: number): number {
    const source = this.#source;
    const { bytes } = source;
    let guess = 0;
    let i = firstKey(source, at);
    while (bytes[i] !== CLOSE_OBJECT) {
      const key = this.#keys.match(source, program, i, guess);
      const value = skipColon(source, this.#keys.end);
      let end: number;
      if (key === NO_KEY) end = skipValue(source, value, depth + 1);
      else {
        guess = key + 1;
        end = this.#member(program, frame, key, value, depth);
      }
      i = nextKey(source, end);
    }
    return i + 1;
  }

  /** Writes every output of one key. Aliases read the value again: seldom enough. */
  #member(program: CompiledProgram, frame: number, key: number, at: number, depth: number): number {
    const positions = program.keys[key]!.outputs;
    const output = this.#output;
    let end = at;
    for (let p = 0; p < positions.length; p++) {
      const position = positions[p]!;
      const selected = program.outputs[position]!;
      this.#advance(program, frame, position);
      // A member starts at its comma; that of the first output stands before it, as the opening brace.
      const inFront = this.#frames[frame] !== OUT_OF_ORDER && position === 0 ? 1 : 0;
      const start = output.length - inFront;
      output.write(selected.prefix, inFront);
      end = this.#value(selected, at, depth + 1);
      // A later duplicate overwrites what an earlier one has left here: the last wins.
      const slot = frame + 1 + 2 * position;
      this.#frames[slot] = start;
      this.#frames[slot + 1] = output.length;
    }
    return end;
  }

  /**
   * Gets the object ready for the output at `position`. What goes before it and has not come yet is most likely absent, and
   * written as that; if it comes after all, the object is out of order.
   */
  #advance(program: CompiledProgram, frame: number, position: number): void {
    let next = this.#frames[frame]!;
    if (next === OUT_OF_ORDER) return;
    for (; next < position; next++) {
      const { absent } = program.outputs[next]!;
      if (absent === null) break;
      this.#output.write(absent, next === 0 ? 1 : 0);
    }
    this.#frames[frame] = next === position ? next + 1 : OUT_OF_ORDER;
  }

  #value(selected: CompiledOutput, at: number, depth: number): number {
    const { kind, program } = selected;
    if (program !== null) {
      if (kind === 'key') return this.#project(program, selected.required, at, depth);
      if (kind === 'members') return this.#maps.members(program, at, depth, this.#output);
      return this.#maps.member(program, at, depth, this.#output);
    }
    const source = this.#source;
    const end = skipValue(source, at, depth);
    if (selected.required && source.bytes[at] === LETTER_N) this.#output.write(EMPTY_OBJECT);
    else this.#output.write(source.bytes, at, end);
    return end;
  }

  #putInOrder(program: CompiledProgram, frame: number, membersFrom: number, at: number, end: number): void {
    const output = this.#output;
    const scratch = this.#scratch;
    scratch.truncate(0);
    scratch.write(output.view(), membersFrom, output.length);
    output.truncate(membersFrom);
    const members = scratch.view();
    for (let position = 0; position < program.outputs.length; position++) {
      const slot = frame + 1 + 2 * position;
      const start = this.#frames[slot]!;
      const comma = position === 0 ? 1 : 0;
      if (start === NOT_SEEN) this.#unread(program, position, at, end);
      else output.write(members, start - membersFrom + comma, this.#frames[slot + 1]! - membersFrom);
    }
  }

  #absentFrom(program: CompiledProgram, from: number, at: number, end: number): void {
    for (let position = from; position < program.outputs.length; position++) {
      this.#unread(program, position, at, end);
    }
  }

  /** Writes an output that no key of the source has filled, in the object that stands at `at..end`. */
  #unread(program: CompiledProgram, position: number, at: number, end: number): void {
    const { absent, prefix, program: inner, compute, readsNothing } = program.outputs[position]!;
    const output = this.#output;
    const comma = position === 0 ? 1 : 0;
    if (absent !== null) {
      output.write(absent, comma);
      return;
    }
    output.write(prefix, comma);
    if (compute !== null) {
      // A copy: a stream's bytes are overwritten by its next chunk, and nothing forbids to keep the argument.
      const answer = compute(
        at < 0 || readsNothing
          ? Buffer.from(EMPTY_OBJECT)
          : Buffer.from(this.#source.bytes.subarray(at, end)),
      );
      output.write(typeof answer === 'string' ? Buffer.from(answer) : answer);
    } else if (inner !== null) this.#empty(inner);
  }

  /** The answer of a program over `{}`. */
  #empty(program: CompiledProgram): void {
    this.#output.writeByte(OPEN_OBJECT);
    this.#absentFrom(program, 0, -1, -1);
    this.#output.writeByte(CLOSE_OBJECT);
  }
}
