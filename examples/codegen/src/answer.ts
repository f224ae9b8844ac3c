/**
 * A JSON text as values, like JSON.parse, except that integers which a JavaScript number cannot hold (Int64 beyond 2^53)
 * become text with all their digits instead of a neighbouring number. The gateway takes such text back as input.
 */
export function parseAnswer(text: string): unknown {
  return JSON.parse(text.replace(STRING_OR_NUMBER, (token) => (isTooLarge(token) ? `"${token}"` : token)));
}

/** Strings too, so that digits inside them are passed over. */
const STRING_OR_NUMBER = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

function isTooLarge(token: string): boolean {
  return /^-?\d{16,}$/.test(token) && !Number.isSafeInteger(Number(token));
}
