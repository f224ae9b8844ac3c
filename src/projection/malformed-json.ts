/**
 * The bytes are not the JSON that was promised, or not what it was to be made from: cut off, followed by something else,
 * nested too deeply, or of another shape. Only what the scanner has to look at is checked. The message names positions and
 * never repeats the bytes.
 */
export class MalformedJson extends Error {
  override readonly name = 'MalformedJson';
}

/**
 * Thrown inside this folder when the bytes end in the middle of a value. A stream meets it once per chunk, so it is made
 * once, without the cost of a stack; whoever lets it out of the folder turns it into an error of its own.
 */
export const TRUNCATED = new MalformedJson('the JSON text ends in the middle of a value');

/** What to throw outside for what was thrown inside. */
export function toCaller(error: unknown): unknown {
  return error === TRUNCATED ? new MalformedJson(TRUNCATED.message) : error;
}
