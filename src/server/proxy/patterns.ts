import { RE2JS, RE2JSException } from 're2js';

/** Whether one of some regular expressions is found somewhere in a text. */
export type Patterns = (text: string) => boolean;

/** A list of regular expressions that is none. The message names the one. */
export class BadPattern extends Error {
  override readonly name = 'BadPattern';
}

/**
 * Reads regular expressions with commas between, as kubectl's flags have them: in Go's syntax, found anywhere unless they say
 * otherwise. JavaScript's own would read some of them differently and let pass what they are to reject.
 *
 * An empty list finds nothing, and an empty one among several finds everything: so does kubectl's. Throws BadPattern.
 */
export function readPatterns(list: string): Patterns {
  if (list === '') return () => false;
  const patterns = list.split(',').map(compile);
  return (text) => patterns.some((pattern) => pattern.test(text));
}

function compile(source: string): RE2JS {
  try {
    return RE2JS.compile(source);
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    throw new BadPattern(`${JSON.stringify(source)} is no regular expression: ${error.message}`);
  }
}
