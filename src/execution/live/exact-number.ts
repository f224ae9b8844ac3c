/** A number, exactly: `sign` × 0.`digits` × 10^`exponent`. */
export interface ExactNumber {
  readonly sign: -1 | 0 | 1;
  readonly exponent: number;
  /** Without zeros at either end. */
  readonly digits: string;
}

/** Longer texts are no numbers that anybody sorts by. */
const MAX_LENGTH = 100;

/** A JSON number or a Kubernetes quantity: what `E` means depends on whether digits follow. */
const NUMBER = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,9})|([KMGTPE]i|[numkMGTPE]))?$/;

/** Powers of ten. */
const DECIMAL: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
};

/** Powers of 1,024. */
const BINARY: Readonly<Record<string, bigint>> = { Ki: 1n, Mi: 2n, Gi: 3n, Ti: 4n, Pi: 5n, Ei: 6n };

/** What `text` says as a number or quantity (`12`, `1e3`, `100m`, `1.5Gi`); undefined where it is neither. */
export function exactNumber(text: string): ExactNumber | undefined {
  const match = text.length > MAX_LENGTH ? null : NUMBER.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = '', fraction = '', power, suffix = ''] = match;
  if (whole === '' && fraction === '') return undefined;
  const factor = BINARY[suffix];
  const written = whole + fraction;
  const digits = factor === undefined ? written : String(BigInt(written) * 1024n ** factor);
  const scale = Number(power ?? 0) + (DECIMAL[suffix] ?? 0);
  return normalised(sign === '-', digits, digits.length - fraction.length + scale);
}

/** @param exponent of the point that stands before the first digit. */
function normalised(isNegative: boolean, digits: string, exponent: number): ExactNumber {
  const significant = digits.replace(/^0+/, '');
  if (significant === '') return { sign: 0, exponent: 0, digits: '' };
  const leadingZeros = digits.length - significant.length;
  return {
    sign: isNegative ? -1 : 1,
    exponent: exponent - leadingZeros,
    digits: significant.replace(/0+$/, ''),
  };
}

/** Negative when `a` is the smaller one. */
export function compareNumbers(a: ExactNumber, b: ExactNumber): number {
  if (a.sign !== b.sign) return a.sign - b.sign;
  return a.sign * compareSizes(a, b);
}

function compareSizes(a: ExactNumber, b: ExactNumber): number {
  if (a.exponent !== b.exponent) return a.exponent - b.exponent;
  if (a.digits === b.digits) return 0;
  return a.digits < b.digits ? -1 : 1;
}
