/**
 * JSON that keeps every digit of integers: those beyond 2^53 are BigInt. Fractions and exponents are numbers, as the real
 * server's own decoder has them.
 *
 * JSON.parse does the work; only texts that hold a long run of digits take the careful way.
 */
export function parseJson(text: string): unknown {
  if (!LONG_INTEGER.test(text)) return JSON.parse(text);
  const marked = text.replace(STRING_OR_LONG_INTEGER, (match) =>
    match.startsWith('"') || Number.isSafeInteger(Number(match)) ? match : `"${MARK}${match}"`,
  );
  return JSON.parse(marked, (_, value: unknown) =>
    typeof value === 'string' && value.startsWith(MARK) ? BigInt(value.slice(MARK.length)) : value,
  );
}

/** `JSON.stringify` that also writes BigInt, as digits. */
export function printJson(value: unknown): string {
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return `[${value.map((item) => printJson(item ?? null)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .map(([key, member]) => `${JSON.stringify(key)}:${printJson(member)}`);
  return `{${members.join(',')}}`;
}

/** A private-use character: no API object has it, and a string that had would only be read as a number. */
const MARK = '\uE000';

const LONG_INTEGER = /\d{16}/;

/** Strings are matched so that digits inside them are left alone; fractions and exponents are not integers. */
const STRING_OR_LONG_INTEGER = /"(?:[^"\\]|\\.)*"|(?<![\w.+-])-?\d{16,}(?![\d.eE])/g;
