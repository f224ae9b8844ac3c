const QUANTITY = /^([+-]?)(\d*)(?:\.(\d*))?(?:(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)|[eE]([+-]?\d{1,2}))?$/;

const DECIMAL_SUFFIXES = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];
const BINARY_SUFFIXES = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];

/** What the server says of a value that is no quantity. */
export const QUANTITY_PROBLEM =
  "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

interface Amount {
  /** Thousand-millionths. */
  readonly nano: bigint;
  readonly form: 'decimal' | 'exponent' | 'binary';
  /** As written, without fraction: undefined where there is one. */
  readonly mantissa: bigint | undefined;
  /** Power of the form's base: 3 for `k`, 2 for `Mi`, 6 for `e6`. */
  readonly exponent: number;
}

/**
 * A quantity as the server stores it: `0.1` is `100m`, `1024Mi` is `1Gi`. A text that is in that form already stays as it
 * is, to the leading zero. Undefined for what is no quantity.
 *
 * @param smallest the power of ten that is kept, smaller parts are rounded up: -3 in lists of resources, else -9.
 */
export function canonicalQuantity(
  value: string | number | bigint,
  smallest: -3 | -9 = -9,
): string | undefined {
  const text = String(value).trim();
  const amount = parseQuantity(text);
  if (amount === undefined) return undefined;
  const nano = roundUp(amount.nano, 10n ** BigInt(smallest + 9));
  const canonical =
    nano === 0n ? { mantissa: 0n, exponent: 0, suffix: '' } : canonicalParts(nano, amount.form);
  const isCanonical =
    nano === amount.nano && amount.mantissa === canonical.mantissa && amount.exponent === canonical.exponent;
  return isCanonical ? text : `${canonical.mantissa}${canonical.suffix}`;
}

function parseQuantity(text: string): Amount | undefined {
  const match = QUANTITY.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = '', fraction = '', suffix = '', exponentText] = match;
  if (whole === '' && fraction === '') return undefined;
  const digits = BigInt(`${whole}${fraction}`) * (sign === '-' ? -1n : 1n);
  const mantissa = fraction === '' ? digits : undefined;
  const binary = BINARY_SUFFIXES.indexOf(suffix);
  if (binary > 0) {
    const nano = scaled(digits * 1024n ** BigInt(binary), 9 - fraction.length);
    return { nano, form: 'binary', mantissa, exponent: binary };
  }
  const exponent =
    exponentText === undefined ? (DECIMAL_SUFFIXES.indexOf(suffix) - 3) * 3 : Number(exponentText);
  const nano = scaled(digits, exponent + 9 - fraction.length);
  return { nano, form: exponentText === undefined ? 'decimal' : 'exponent', mantissa, exponent };
}

/** Times a power of ten; what is smaller than one is rounded up. */
function scaled(value: bigint, power: number): bigint {
  if (power >= 0) return value * 10n ** BigInt(power);
  const divisor = 10n ** BigInt(-power);
  return roundUp(value, divisor) / divisor;
}

/** Away from zero, to a multiple. */
function roundUp(value: bigint, multiple: bigint): bigint {
  const rest = value % multiple;
  if (rest === 0n) return value;
  return value - rest + (value > 0n ? multiple : -multiple);
}

interface Parts {
  readonly mantissa: bigint;
  readonly exponent: number;
  readonly suffix: string;
}

const ONE = 10n ** 9n;

function canonicalParts(nano: bigint, form: Amount['form']): Parts {
  const units = nano / ONE;
  const isBinary = form === 'binary' && nano % ONE === 0n && (units >= 1024n || units <= -1024n);
  if (isBinary) {
    const [mantissa, exponent] = divided(units, 1024n, BINARY_SUFFIXES.length - 1);
    return { mantissa, exponent, suffix: BINARY_SUFFIXES[exponent] ?? '' };
  }
  const [mantissa, thousands] = divided(nano, 1000n, DECIMAL_SUFFIXES.length - 1);
  const exponent = (thousands - 3) * 3;
  if (form === 'exponent') return { mantissa, exponent, suffix: exponent === 0 ? '' : `e${exponent}` };
  return { mantissa, exponent, suffix: DECIMAL_SUFFIXES[thousands] ?? '' };
}

/** Without the factors that a suffix can stand for. */
function divided(value: bigint, factor: bigint, most: number): readonly [bigint, number] {
  let rest = value;
  let times = 0;
  while (times < most && rest % factor === 0n) {
    rest /= factor;
    times++;
  }
  return [rest, times];
}

/** Below zero when `a` is less than `b`; zero also where one of them is no quantity. */
export function compareQuantities(a: string, b: string): number {
  const left = parseQuantity(a);
  const right = parseQuantity(b);
  if (left === undefined || right === undefined || left.nano === right.nano) return 0;
  return left.nano < right.nano ? -1 : 1;
}
