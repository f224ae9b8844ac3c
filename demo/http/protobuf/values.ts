import { parseJson } from '../../api/json.ts';
import { wireFields } from './wire.ts';

/** Reads the messages that are no objects in JSON. */
export const SPECIAL: Readonly<Record<string, (message: Buffer) => unknown>> = {
  'meta.Time': (message) => timestamp(message, 0),
  'meta.MicroTime': (message) => timestamp(message, 6),
  'resource.Quantity': (message) => textIn(message, 1),
  'intstr.IntOrString': intOrString,
  'runtime.RawExtension': (message) => jsonIn(message),
  'meta.FieldsV1': (message) => jsonIn(message),
};

/** Whole numbers of 64 bits, signed. */
export function integerOf(value: bigint): number | bigint {
  const signed = BigInt.asIntN(64, value);
  return Number.isSafeInteger(Number(signed)) ? Number(signed) : signed;
}

/** Undefined for the empty message, which is how Go sends no time at all. */
function timestamp(message: Buffer, digits: 0 | 6): string | undefined {
  const { seconds, nanos } = { seconds: numberIn(message, 1), nanos: numberIn(message, 2) };
  if (seconds === 0 && nanos === 0) return undefined;
  const whole = new Date(seconds * 1000).toISOString().slice(0, 19);
  const fraction = digits === 0 ? '' : `.${String(Math.floor(nanos / 1000)).padStart(6, '0')}`;
  return `${whole}${fraction}Z`;
}

const STRING = 1;

function intOrString(message: Buffer): unknown {
  return numberIn(message, 1) === STRING ? textIn(message, 3) : numberIn(message, 2);
}

function jsonIn(message: Buffer): unknown {
  const text = textIn(message, 1);
  return text === '' ? undefined : parseJson(text);
}

function numberIn(message: Buffer, number: number): number {
  const field = [...wireFields(message)].find((each) => each.number === number);
  return typeof field?.value === 'bigint' ? Number(integerOf(field.value)) : 0;
}

export function textIn(message: Buffer, number: number): string {
  const field = [...wireFields(message)].find((each) => each.number === number);
  return Buffer.isBuffer(field?.value) ? field.value.toString() : '';
}
