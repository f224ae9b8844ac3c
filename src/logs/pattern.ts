import type { RE2JS } from 're2js';
import { KubegraphError } from '../errors/kubegraph-error.ts';

const MAX_PATTERN_LENGTH = 1_000;
const MAX_PROGRAM_SIZE = 300;

/** Of a longer line only the beginning is looked at. */
const MAX_SEARCHED_CHARACTERS = 16 * 1024;

/** Of a line in UTF-8, so much is looked at, at most: no code unit of its text takes more than three bytes. */
export const MAX_SEARCHED_BYTES = 3 * MAX_SEARCHED_CHARACTERS;

/**
 * Where no table can be made of an expression, each character takes up to 25 ns times the size of its program: 300 of them times a
 * MiB would be eight seconds. So much is done before others have their turn, a tenth of a second at worst.
 */
const STEPS_PER_TURN = 4_000_000;

/** Says which lines are wanted. */
export class LinePattern {
  /** Bytes of lines that may be looked at in one go. */
  readonly bytesPerTurn: number;
  readonly #compiled: RE2JS;

  constructor(compiled: RE2JS) {
    this.#compiled = compiled;
    this.bytesPerTurn = Math.ceil(STEPS_PER_TURN / compiled.programSize());
  }

  matches(line: string): boolean {
    return this.#compiled.test(line.slice(0, MAX_SEARCHED_CHARACTERS));
  }
}

/**
 * Compiles a regular expression of RE2's syntax, which takes a time in proportion to a line's length, whatever it is. Rejects
 * with BAD_USER_INPUT.
 */
export async function linePattern(pattern: string): Promise<LinePattern> {
  if (pattern.length > MAX_PATTERN_LENGTH) throw refused(`is longer than ${MAX_PATTERN_LENGTH} characters`);
  if (repetitions(pattern) > MAX_PROGRAM_SIZE) throw tooLarge();
  // A quarter of a megabyte of code that most processes never need.
  const { RE2JS: engine } = await import('re2js');
  const compiled = compile(engine, pattern);
  if (compiled.programSize() > MAX_PROGRAM_SIZE) throw tooLarge();
  return new LinePattern(compiled);
}

/** Not what a brace behind these means, and any other escape. */
const COUNTED = /\\(?:[xpP]\{[^}]*\}|.)|\{(\d+)(?:,(\d*))?\}/gs;

/**
 * How much a pattern says is repeated. Each takes up an instruction at least, and to find out that there are too many of them by
 * compiling it takes half a second and 100 MB.
 */
function repetitions(pattern: string): number {
  let sum = 0;
  for (const [, least, most] of pattern.matchAll(COUNTED)) sum += Number(most || (least ?? 0));
  return sum;
}

function compile(engine: typeof RE2JS, pattern: string): RE2JS {
  try {
    return engine.compile(pattern);
  } catch (error) {
    throw refused(`is no regular expression: ${(error as Error).message}`);
  }
}

function tooLarge(): KubegraphError {
  return refused('is too large: repeat less');
}

function refused(problem: string): KubegraphError {
  return new KubegraphError('BAD_USER_INPUT', `"grep" ${problem}`);
}
