import type { ByteWriter } from '../projection/byte-writer.ts';
import { CLOSE_ARRAY, CLOSE_OBJECT, COMMA, OPEN_ARRAY, OPEN_OBJECT } from '../projection/json-bytes.ts';
import { MalformedJson } from '../projection/malformed-json.ts';
import type { WriteValue } from './values.ts';
import { WireFields } from './wire-fields.ts';

/** A field of a message, and how JSON shows it. */
export interface MessageField {
  readonly number: number;
  /** The key in JSON. */
  readonly name: string;
  readonly wireType: number;
  readonly write: WriteValue;
  /** What Go's `omitempty` leaves out. Default: nothing that is sent. */
  readonly isOmitted?: (bytes: Buffer, from: number, to: number) => boolean;
  /** Set for a field that occurs once per element of an array, or per member of an object. */
  readonly gathers?: 'array' | 'object';
  /** The keys of what it is an object or an array of, where that is a message. */
  readonly keys?: ReadonlySet<string>;
}

const ABSENT = -1;

/** Writes messages of one type as JSON. Fields it does not know are skipped. */
export class MessageWriter {
  readonly #fields: readonly MessageField[];
  readonly #heads: readonly Buffer[];
  /** Where in `#fields` the one with a number is. */
  readonly #slots: readonly (number | undefined)[];
  readonly #wire = new WireFields();
  /** By slot: where the first of a field begins, and where the content of the last one is, which is the one that counts. */
  readonly #starts: Int32Array;
  readonly #froms: Int32Array;
  readonly #ends: Int32Array;

  /** @param fields in the order of JSON, which is that of Go's struct. On the wire they have any order. */
  constructor(fields: readonly MessageField[]) {
    this.#fields = fields;
    this.#heads = fields.map(({ name }) => Buffer.from(`${JSON.stringify(name)}:`));
    const slots: (number | undefined)[] = [];
    for (const [slot, { number }] of fields.entries()) slots[number] = slot;
    this.#slots = slots;
    this.#starts = new Int32Array(fields.length);
    this.#froms = new Int32Array(fields.length);
    this.#ends = new Int32Array(fields.length);
  }

  /** Writes the message in `bytes[from..to)`. Throws MalformedJson. */
  readonly write: WriteValue = (output, bytes, from, to) => {
    this.#find(bytes, from, to);
    output.writeByte(OPEN_OBJECT);
    const empty = output.length;
    for (let slot = 0; slot < this.#fields.length; slot++) {
      // In bounds by the loop's condition, as everything by slot is.
      const field = this.#fields[slot]!;
      const [start, content, end] = [this.#starts[slot]!, this.#froms[slot]!, this.#ends[slot]!];
      if (start === ABSENT || field.isOmitted?.(bytes, content, end) === true) continue;
      if (output.length > empty) output.writeByte(COMMA);
      output.write(this.#heads[slot]!);
      if (field.gathers === undefined) field.write(output, bytes, content, end);
      else this.#gather(field, output, bytes, start, end);
    }
    output.writeByte(CLOSE_OBJECT);
  };

  #find(bytes: Buffer, from: number, to: number): void {
    const wire = this.#wire;
    this.#starts.fill(ABSENT);
    wire.load(bytes, from, to);
    while (wire.nextWhole()) {
      const slot = this.#slots[wire.number];
      if (slot === undefined) continue;
      if (wire.wireType !== this.#fields[slot]?.wireType) {
        throw new MalformedJson(`field ${wire.number} has wire type ${wire.wireType}`);
      }
      if (this.#starts[slot] === ABSENT) this.#starts[slot] = wire.start;
      this.#froms[slot] = wire.from;
      this.#ends[slot] = wire.to;
    }
  }

  #gather(field: MessageField, output: ByteWriter, bytes: Buffer, from: number, to: number): void {
    const wire = this.#wire;
    const isArray = field.gathers === 'array';
    output.writeByte(isArray ? OPEN_ARRAY : OPEN_OBJECT);
    const empty = output.length;
    wire.load(bytes, from, to);
    while (wire.nextWhole()) {
      if (wire.number !== field.number) continue;
      if (output.length > empty) output.writeByte(COMMA);
      field.write(output, bytes, wire.from, wire.to);
    }
    output.writeByte(isArray ? CLOSE_ARRAY : CLOSE_OBJECT);
  }
}
