import { ByteWriter } from '../projection/byte-writer.ts';
import { COMMA } from '../projection/json-bytes.ts';
import { MalformedJson, toCaller, TRUNCATED } from '../projection/malformed-json.ts';
import { StreamWindow } from '../projection/stream-window.ts';
import type { MessageWriter } from './message-writer.ts';
import { LIST_METADATA, partialObjectWriter } from './meta-messages.ts';
import { BYTES, WireFields } from './wire-fields.ts';

/** What every answer of an API server in protobuf begins with. */
const MAGIC = Buffer.from('k8s\0');

/** Of runtime.Unknown, the envelope around every message. */
const TYPE_META = 1;
const RAW = 2;

/** Of runtime.TypeMeta. */
const API_VERSION = 1;
const KIND = 2;

/** Of PartialObjectMetadataList, as of every list. */
const METADATA = 1;
const ITEMS = 2;

/**
 * Turns a PartialObjectMetadataList in Kubernetes' protobuf, while it arrives, into the JSON that the API server would have
 * sent: to the byte what is of `keys`, and nothing else of items. Holds at most one incomplete item and one chunk.
 *
 * `push` and `end` throw MalformedJson for anything else, and for a list that is cut off. A decoder that has thrown is of no
 * further use.
 */
export class MetadataListDecoder {
  readonly #item: MessageWriter;
  readonly #window = new StreamWindow();
  readonly #fields = new WireFields();
  readonly #output = new ByteWriter();
  #expects: 'magic' | 'envelope' | 'list' = 'magic';
  /** So many bytes of a field that nobody reads are still to come. */
  #skipped = 0;
  /** So many bytes of the list are still to come. */
  #left = 0;
  #hasKind = false;
  #hasList = false;
  #isInItems = false;
  #hasItems = false;

  /** @param keys those of an item's `metadata` that somebody reads. */
  constructor(keys: ReadonlySet<string>) {
    this.#item = partialObjectWriter(keys);
  }

  /** What can be said of the list by now; empty when that is nothing more. `chunk` may be overwritten afterwards. */
  push(chunk: Buffer): Buffer {
    this.#window.append(chunk);
    let at = 0;
    for (let next = this.#step(0); next > at; next = this.#step(at)) at = next;
    this.#window.keepFrom(at);
    return this.#output.take();
  }

  /** To be called after the last chunk. */
  end(): void {
    const isWhole = this.#hasList && this.#expects === 'envelope' && this.#skipped === 0;
    if (!isWhole || this.#window.source.end > 0) throw toCaller(TRUNCATED);
  }

  /** Consumes the next part and answers where it ends, which is `at` when more has to arrive for that. */
  #step(at: number): number {
    const { end } = this.#window.source;
    if (this.#skipped > 0) {
      const count = Math.min(this.#skipped, end - at);
      this.#skipped -= count;
      return at + count;
    }
    if (this.#expects === 'magic') return this.#readMagic(at);
    return this.#expects === 'envelope' ? this.#readEnvelope(at) : this.#readList(at);
  }

  #readMagic(at: number): number {
    const { bytes, end } = this.#window.source;
    const to = at + MAGIC.length;
    if (to > end) return at;
    if (MAGIC.compare(bytes, at, to) !== 0) throw new MalformedJson('the answer is not in protobuf');
    this.#expects = 'envelope';
    return to;
  }

  #readEnvelope(at: number): number {
    const fields = this.#fields;
    const { bytes, end } = this.#window.source;
    fields.load(bytes, at, end);
    if (!fields.next()) return at;
    const { number, wireType, from, to } = fields;
    if ((number === TYPE_META || number === RAW) && wireType !== BYTES) throw wrongType(number);
    if (number === RAW) return this.#startList(from, to);
    if (number !== TYPE_META) return this.#skipTo(to);
    if (to > end) return at;
    this.#checkType(from, to);
    return to;
  }

  /** Lists of whole objects would look alike, and so would errors. */
  #checkType(from: number, to: number): void {
    const fields = this.#fields;
    const { bytes } = this.#window.source;
    const said: Record<number, string> = {};
    fields.load(bytes, from, to);
    while (fields.nextWhole()) said[fields.number] = bytes.toString('utf8', fields.from, fields.to);
    if (said[API_VERSION] !== 'meta.k8s.io/v1' || said[KIND] !== 'PartialObjectMetadataList') {
      throw new MalformedJson('the answer is not a list of metadata');
    }
    this.#hasKind = true;
  }

  #startList(from: number, to: number): number {
    if (!this.#hasKind || this.#hasList) throw new MalformedJson('the answer has no type, or two lists');
    this.#hasList = true;
    this.#expects = 'list';
    this.#left = to - from;
    this.#output.writeAscii('{"kind":"PartialObjectMetadataList","apiVersion":"meta.k8s.io/v1"');
    if (this.#left === 0) this.#endList();
    return from;
  }

  #readList(at: number): number {
    const fields = this.#fields;
    const { bytes, end } = this.#window.source;
    const listEnd = at + this.#left;
    fields.load(bytes, at, Math.min(listEnd, end));
    if (!fields.next()) {
      if (listEnd <= end) throw new MalformedJson('the list ends in the middle of a field');
      return at;
    }
    const { number, wireType, from, to } = fields;
    if (to > listEnd) throw new MalformedJson('a field is longer than its list');
    const isRead = number === METADATA || number === ITEMS;
    if (isRead && wireType !== BYTES) throw wrongType(number);
    if (isRead && to > end) return at;
    if (number === METADATA) this.#writeMetadata(from, to);
    else if (number === ITEMS) this.#writeItem(from, to);
    this.#left -= to - at;
    if (this.#left === 0) this.#endList();
    return this.#skipTo(to);
  }

  /** Goes on behind a field, of which not all needs to have arrived. */
  #skipTo(to: number): number {
    const { end } = this.#window.source;
    this.#skipped = Math.max(to - end, 0);
    return Math.min(to, end);
  }

  #writeMetadata(from: number, to: number): void {
    this.#endItems();
    this.#output.writeAscii(',"metadata":');
    LIST_METADATA.write(this.#output, this.#window.source.bytes, from, to);
  }

  #writeItem(from: number, to: number): void {
    if (this.#isInItems) this.#output.writeByte(COMMA);
    else this.#output.writeAscii(',"items":[');
    this.#isInItems = true;
    this.#hasItems = true;
    this.#item.write(this.#output, this.#window.source.bytes, from, to);
  }

  #endItems(): void {
    if (this.#isInItems) this.#output.writeAscii(']');
    this.#isInItems = false;
  }

  #endList(): void {
    this.#endItems();
    // Go's nil: this list is filled item by item.
    this.#output.writeAscii(this.#hasItems ? '}' : ',"items":null}');
    this.#expects = 'envelope';
  }
}

function wrongType(number: number): MalformedJson {
  return new MalformedJson(`field ${number} is not a message`);
}
