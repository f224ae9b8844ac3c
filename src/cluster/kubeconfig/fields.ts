import { isJsonObject } from '../../util/json.ts';
import { type Place, refusal } from './refusal.ts';

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/**
 * Reads the fields of one mapping by type, and refuses other types with file, entry and field. Absent and null mean the
 * same, as in Go: the type's empty value.
 */
export class Fields {
  readonly place: Place;
  readonly #members: Readonly<Record<string, unknown>>;
  readonly #prefix: string;

  constructor(place: Place, value: unknown, prefix = '') {
    this.place = place;
    this.#prefix = prefix;
    if (value !== undefined && value !== null && !isJsonObject(value)) {
      throw refusal(
        place,
        prefix === '' ? undefined : `field "${prefix.slice(0, -1)}"`,
        'must be a mapping of fields',
      );
    }
    this.#members = value ?? {};
  }

  text(field: string): string {
    const value = this.#members[field] ?? '';
    if (typeof value !== 'string')
      throw this.refuse(field, `must be a text, not ${kindOf(value)}; put it in quotes`);
    return value;
  }

  flag(field: string): boolean {
    const value = this.#members[field] ?? false;
    if (typeof value !== 'boolean') throw this.refuse(field, `must be true or false, not ${kindOf(value)}`);
    return value;
  }

  /** The bytes of a `*-data` field. */
  bytes(field: string): Buffer | undefined {
    const text = this.text(field).replace(/[\r\n]/g, '');
    if (text === '') return undefined;
    if (!BASE64.test(text)) throw this.refuse(field, 'is not base64; encode the file with `base64 -w0`');
    return Buffer.from(text, 'base64');
  }

  list(field: string): readonly unknown[] {
    const value = this.#members[field] ?? [];
    if (!Array.isArray(value)) throw this.refuse(field, `must be a list, not ${kindOf(value)}`);
    return value;
  }

  texts(field: string): readonly string[] {
    return this.list(field).map((value, index) => {
      // Go turns a null in a list of strings into the empty string.
      if (value === null) return '';
      if (typeof value === 'string') return value;
      throw this.refuse(`${field}[${index}]`, `must be a text, not ${kindOf(value)}; put it in quotes`);
    });
  }

  /** Undefined when the field is absent or null. */
  mapping(field: string): Fields | undefined {
    const value = this.#members[field];
    if (value === undefined || value === null) return undefined;
    return new Fields(this.place, value, `${this.#prefix}${field}.`);
  }

  mappings(field: string): readonly Fields[] {
    return this.list(field).map(
      (value, index) => new Fields(this.place, value, `${this.#prefix}${field}[${index}].`),
    );
  }

  names(): readonly string[] {
    return Object.keys(this.#members);
  }

  /** Whatever the field holds, unchecked. */
  raw(field: string): unknown {
    return this.#members[field];
  }

  refuse(field: string, problem: string, cause?: unknown) {
    return refusal(this.place, `field "${this.#prefix}${field}"`, problem, cause);
  }
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  return `a ${typeof value}`;
}
