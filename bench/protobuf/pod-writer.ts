import type { ByteWriter } from '../../src/projection/byte-writer.ts';
import { WireFields } from './wire-fields.ts';

/** Of core.Pod, meta.ObjectMeta, core.PodSpec, core.PodStatus, and of an entry of any map. */
const METADATA = 1;
const SPEC = 2;
const STATUS = 3;
const NAME = 1;
const NAMESPACE = 3;
const LABELS = 11;
const NODE_NAME = 10;
const PHASE = 1;
const ENTRY_KEY = 1;

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const CLOSE_OBJECT = 0x7d;

/**
 * Writes a pod in protobuf as JSON, by `{ metadata { name namespace labels } spec { nodeName } status { phase } }`.
 *
 * By hand for this selection, which names its fields in the order of their numbers, as Go sends them, and of which every
 * field is an `omitempty` one: the cheapest that protobuf can be without WebAssembly, not a projector of any selection.
 */
export class PodWriter {
  readonly #output: ByteWriter;
  readonly #pod = new WireFields();
  readonly #part = new WireFields();
  readonly #entry = new WireFields();

  constructor(output: ByteWriter) {
    this.#output = output;
  }

  /** Writes the pod in `bytes[from..to)`. */
  write(bytes: Buffer, from: number, to: number): void {
    const [output, pod] = [this.#output, this.#pod];
    pod.load(bytes, from, to);
    let written = 0;
    while (written < STATUS && pod.next()) {
      if (pod.number === METADATA) this.#writeMetadata(bytes, pod.from, pod.to);
      else if (pod.number === SPEC) this.#writeText('},"spec":{"nodeName":', NODE_NAME, bytes, pod);
      else if (pod.number === STATUS) this.#writeText('},"status":{"phase":', PHASE, bytes, pod);
      written = pod.number;
    }
    // A struct has always been sent.
    if (written !== STATUS) throw new Error('a pod without status');
    output.writeAscii('}}');
  }

  #writeMetadata(bytes: Buffer, from: number, to: number): void {
    const [output, part] = [this.#output, this.#part];
    part.load(bytes, from, to);
    output.writeAscii('{"metadata":{"name":');
    this.#writeNext(bytes, NAME);
    output.writeAscii(',"namespace":');
    this.#writeNext(bytes, NAMESPACE);
    output.writeAscii(',"labels":');
    this.#writeLabels(bytes);
  }

  #writeText(head: string, number: number, bytes: Buffer, { from, to }: WireFields): void {
    this.#part.load(bytes, from, to);
    this.#output.writeAscii(head);
    this.#writeNext(bytes, number);
  }

  /** Goes on to one text of the part. What is empty is not in JSON, and there it is null. */
  #writeNext(bytes: Buffer, number: number): void {
    const part = this.#part;
    while (part.next() && part.number < number);
    if (part.number !== number || part.from === part.to) this.#output.writeAscii('null');
    else this.#writeString(bytes, part);
  }

  /** None of these fields may have a character that JSON would escape: the API server validates them. */
  #writeString(bytes: Buffer, { from, to }: WireFields): void {
    this.#output.writeByte(QUOTE);
    this.#output.write(bytes, from, to);
    this.#output.writeByte(QUOTE);
  }

  #writeLabels(bytes: Buffer): void {
    const [output, part, entry] = [this.#output, this.#part, this.#entry];
    let count = 0;
    while (part.next() && part.number <= LABELS) {
      if (part.number !== LABELS) continue;
      if (count++ > 0) output.writeByte(COMMA);
      else output.writeAscii('{');
      entry.load(bytes, part.from, part.to);
      while (entry.next()) {
        if (entry.number !== ENTRY_KEY) output.writeByte(COLON);
        this.#writeString(bytes, entry);
      }
    }
    if (count === 0) output.writeAscii('null');
    else output.writeByte(CLOSE_OBJECT);
  }
}
