/**
 * The CRC-32 of two texts one after the other, from the CRC-32 of each and the length of the second in bytes: zlib's
 * `crc32_combine`, which Node does not offer. A CRC is a polynomial over GF(2) modulo `POLYNOMIAL`, with the bits in
 * reverse; the first text's is multiplied by x to the number of bits that follow it.
 */
export function combineCrc32(first: number, second: number, secondLength: number): number {
  return (multiply(first, powerOfX(8 * secondLength)) ^ second) >>> 0;
}

const POLYNOMIAL = 0xedb88320;

/** The polynomial `1`. */
const ONE = 0x80000000;

/** The polynomial `x`. */
const X = 0x40000000;

/** The largest that a JavaScript number holds exactly. */
const EXPONENT_BITS = 53;

/** x^(2^n), by n. */
const SQUARES: readonly number[] = squares();

function squares(): readonly number[] {
  const powers = [X];
  for (let n = 1; n < EXPONENT_BITS; n++)
    powers.push(multiply(powers[n - 1] as number, powers[n - 1] as number));
  return powers;
}

function powerOfX(exponent: number): number {
  let power = ONE;
  for (let n = 0, left = exponent; left > 0; n++, left = Math.floor(left / 2)) {
    if (left % 2 === 1) power = multiply(power, SQUARES[n] as number);
  }
  return power;
}

function multiply(a: number, b: number): number {
  let product = 0;
  let shifted = b;
  for (let bit = ONE; bit !== 0; bit >>>= 1) {
    if ((a & bit) !== 0) product ^= shifted;
    shifted = (shifted & 1) === 0 ? shifted >>> 1 : (shifted >>> 1) ^ POLYNOMIAL;
  }
  return product >>> 0;
}
