import type { ByteWriter } from '../../src/projection/byte-writer.ts';
import { type ListMetadata, NO_METADATA } from '../../src/projection/list-metadata.ts';
import type { ListScanner, ListSummary } from '../../src/projection/list-scanner.ts';
import { StreamWindow } from '../../src/projection/stream-window.ts';
import { PodWriter } from './pod-writer.ts';
import { WireFields } from './wire-fields.ts';

const MAGIC = Buffer.from('k8s\0');
const COMMA = 0x2c;

/** Of runtime.Unknown, core.PodList and meta.ListMeta. */
const UNKNOWN_RAW = 2;
const LIST_METADATA = 1;
const LIST_ITEMS = 2;
const META_RESOURCE_VERSION = 2;
const META_CONTINUE = 3;
const META_REMAINING = 4;

const INCOMPLETE = -1;

/**
 * Where in the answer the next byte is:
 *
 *   magic ─▶ envelope ─▶ list ─▶ envelope        `envelope` is a runtime.Unknown, `list` its `raw`
 */
type Part = 'magic' | 'envelope' | 'list';

/**
 * Reads a PodList in protobuf as it arrives and writes each pod as `PodWriter` does.
 *
 * Has the shape of a `ListScanner`. Holds at most one incomplete pod and one chunk.
 */
export class PodListScanner implements Pick<ListScanner, 'push' | 'metadata' | 'end'> {
  // It looks for a quote in each chunk, which is of no use here and costs next to nothing: managed fields are JSON.
  readonly #window = new StreamWindow();
  readonly #fields = new WireFields();
  readonly #output: ByteWriter | undefined;
  readonly #pods: PodWriter | undefined;
  #part: Part = 'magic';
  /** How many bytes of the list are still to come. */
  #left = 0;
  #alreadyWritten: number;
  #count = 0;
  #metadata = NO_METADATA;

  /**
   * @param output where pods are written. Without, they are only counted, whatever they are.
   * @param alreadyWritten how many pods earlier pages have written.
   */
  constructor(output?: ByteWriter, alreadyWritten = 0) {
    this.#output = output;
    this.#pods = output && new PodWriter(output);
    this.#alreadyWritten = alreadyWritten;
  }

  push(chunk: Buffer): void {
    this.#window.append(chunk);
    let at = 0;
    for (let next = this.#step(at); next !== INCOMPLETE; next = this.#step(at)) at = next;
    this.#window.keepFrom(at);
  }

  get metadata(): ListMetadata {
    return this.#metadata;
  }

  end(): ListSummary {
    if (this.#part !== 'envelope' || this.#window.source.end > 0) throw new Error('the list was cut off');
    return { count: this.#count, ...this.#metadata, kind: 'PodList' };
  }

  /** Consumes the next part and tells where it ends, or INCOMPLETE and has changed nothing. */
  #step(at: number): number {
    const { bytes, end } = this.#window.source;
    if (this.#part === 'magic') return this.#readMagic(bytes.subarray(at, end));
    const fields = this.#fields;
    fields.load(bytes, at, end);
    if (!fields.next()) return INCOMPLETE;
    if (this.#part === 'envelope' && fields.number === UNKNOWN_RAW) {
      this.#part = 'list';
      this.#left = fields.to - fields.from;
      return fields.from;
    }
    if (fields.to > end) return INCOMPLETE;
    if (this.#part === 'list') this.#readMember(bytes, at);
    return fields.to;
  }

  #readMagic(start: Buffer): number {
    if (start.length < MAGIC.length) return INCOMPLETE;
    if (!start.subarray(0, MAGIC.length).equals(MAGIC)) throw new Error('not an answer in protobuf');
    this.#part = 'envelope';
    return MAGIC.length;
  }

  #readMember(bytes: Buffer, at: number): void {
    const { number, from, to } = this.#fields;
    if (number === LIST_METADATA) this.#metadata = readMetadata(bytes.subarray(from, to));
    if (number === LIST_ITEMS) {
      if (this.#alreadyWritten + this.#count++ > 0) this.#output?.writeByte(COMMA);
      this.#pods?.write(bytes, from, to);
    }
    this.#left -= to - at;
    if (this.#left === 0) this.#part = 'envelope';
  }
}

function readMetadata(bytes: Buffer): ListMetadata {
  const fields = new WireFields();
  fields.load(bytes, 0, bytes.length);
  let metadata = NO_METADATA;
  while (fields.next()) {
    const { number, from, to, value } = fields;
    const text = (): string => bytes.toString('utf8', from, to);
    if (number === META_RESOURCE_VERSION) metadata = { ...metadata, resourceVersion: text() };
    // Go always sends it, also empty.
    if (number === META_CONTINUE && to > from) metadata = { ...metadata, continueToken: text() };
    if (number === META_REMAINING) metadata = { ...metadata, remainingItemCount: String(value) };
  }
  return metadata;
}
