/** A JSON value without loss: integers beyond 2^53 are BigInt, other numbers that JavaScript would rewrite keep their text. */
export type Exact =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly Exact[]
  | { readonly [key: string]: Exact };

/** Strings first, so that what looks like a number inside of one is passed over. */
const TOKENS = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

const MARK = 'exact number ';

/** Parses JSON digit by digit: `9007199254740993` and `1.0` are not what JSON.parse makes of them. */
export function parseExact(text: string): Exact {
  const marked = text.replace(TOKENS, (token) =>
    token.startsWith('"') || String(Number(token)) === token ? token : JSON.stringify(MARK + token),
  );
  return JSON.parse(marked, (_key, value: Exact) => {
    if (typeof value !== 'string' || !value.startsWith(MARK)) return value;
    const digits = value.slice(MARK.length);
    return /^-?\d+$/.test(digits) ? BigInt(digits) : { exactly: digits };
  }) as Exact;
}

type Step = string | number;

/** What stands at a path; undefined where the path ends early. */
export function at(value: unknown, ...path: readonly Step[]): Exact | undefined {
  let current: unknown = value;
  for (const step of path) {
    if (typeof current !== 'object' || current === null) return undefined;
    current = (current as Readonly<Record<string, unknown>>)[step];
  }
  // Only JSON comes in, so only JSON comes out.
  return current as Exact | undefined;
}

/** The text at a path. Throws where there is none, naming the path. */
export function textAt(value: unknown, ...path: readonly Step[]): string {
  const found = at(value, ...path);
  if (typeof found === 'string') return found;
  throw new Error(`no text at ${path.join('.')}, but ${describe(found)}`);
}

/** The list at a path. Throws where there is none, naming the path. */
export function listAt(value: unknown, ...path: readonly Step[]): readonly Exact[] {
  const found = at(value, ...path);
  if (Array.isArray(found)) return found as readonly Exact[];
  throw new Error(`no list at ${path.join('.')}, but ${describe(found)}`);
}

function describe(value: unknown): string {
  return typeof value === 'object' && value !== null
    ? `an object with ${Object.keys(value).join(', ')}`
    : String(value);
}
