import type { RE2JS } from 're2js';
import { KubegraphError } from '../errors/kubegraph-error.ts';

const MAX_PATTERN_LENGTH = 1_000;
const MAX_PROGRAM_SIZE = 300;

/** Of a longer line only the beginning is looked at. */
const MAX_SEARCHED_CHARACTERS = 16 * 1024;

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
  // A quarter of a megabyte of code that most processes never need.
  const { RE2JS: engine } = await import('re2js');
  const compiled = compile(engine, pattern);
  if (compiled.programSize() > MAX_PROGRAM_SIZE) throw refused('is too large: repeat less');
  return new LinePattern(compiled);
}

function compile(engine: typeof RE2JS, pattern: string): RE2JS {
  try {
    return engine.compile(pattern);
  } catch (error) {
    throw refused(`is no regular expression: ${(error as Error).message}`);
  }
}

function refused(problem: string): KubegraphError {
  return new KubegraphError('BAD_USER_INPUT', `"grep" ${problem}`);
}
