import { promisify } from 'node:util';
import { constants, crc32, deflateRaw, deflateRawSync, inflateRaw } from 'node:zlib';
import { combineCrc32 } from './crc32.ts';

const deflate = promisify(deflateRaw);
const inflate = promisify(inflateRaw);

/**
 * A stretch of text, compressed so that it can stand anywhere in a longer one: raw deflate whose chunks end at a byte, say
 * that more follows, and refer to nothing before them. Pieces one after the other are the compressed text of them all.
 */
export interface Piece {
  readonly chunks: readonly Buffer[];
  /** Of the text, in bytes. */
  readonly length: number;
  /** CRC-32 of the text. */
  readonly crc: number;
}

const NOTHING: Piece = { chunks: [], length: 0, crc: 0 };

/** How much text is compressed at once, in bytes. */
const CHUNK_BYTES = 512 * 1024;

/** Less than this, in bytes, is compressed sooner than a thread has been given it. */
const SHORT_BYTES = 16 * 1024;

/** What zlib makes a chunk into at once, in bytes: as a rule all of it. */
const OUTPUT_BYTES = 128 * 1024;

/** Chunks that are being compressed, or wait for it, while the next one is written. */
const MAX_PENDING = 2;

/** As fast as 1, and a tenth smaller. 6 would save another quarter for three times the processor. */
const LEVEL = 3;

/** Compresses a text while it is written, on zlib's threads. */
export class PieceWriter {
  readonly #chunks: Promise<Buffer>[] = [];
  #bytes = Buffer.alloc(0);
  #used = 0;
  #length = 0;
  #crc = 0;

  /** Takes the next stretch. Whole characters only: half a surrogate pair would be lost. */
  async write(text: string): Promise<void> {
    const most = text.length * MAX_CHARACTER_BYTES;
    if (this.#used + most > this.#bytes.length) {
      await this.#flush();
      this.#bytes = Buffer.allocUnsafeSlow(Math.max(CHUNK_BYTES, most));
    }
    // Bit by bit: to make a long string of many short ones first takes longer than all the rest.
    this.#used += this.#bytes.write(text, this.#used);
  }

  async end(): Promise<Piece> {
    await this.#flush();
    return { chunks: await Promise.all(this.#chunks), length: this.#length, crc: this.#crc };
  }

  async #flush(): Promise<void> {
    if (this.#used === 0) return;
    const bytes = this.#bytes.subarray(0, this.#used);
    this.#used = 0;
    this.#length += bytes.length;
    this.#crc = crc32(bytes, this.#crc);
    this.#chunks.push(compressed(bytes));
    await this.#chunks[this.#chunks.length - 1 - MAX_PENDING];
  }
}

/** Of a UTF-16 unit as UTF-8. */
const MAX_CHARACTER_BYTES = 3;

async function compressed(bytes: Buffer): Promise<Buffer> {
  const options = { level: LEVEL, finishFlush: constants.Z_SYNC_FLUSH };
  const chunk =
    bytes.length < SHORT_BYTES
      ? deflateRawSync(bytes, options)
      : await deflate(bytes, { ...options, chunkSize: OUTPUT_BYTES });
  // zlib answers a view of a larger buffer, all of which would be kept along.
  const own = Buffer.allocUnsafeSlow(chunk.length);
  chunk.copy(own);
  return own;
}

/** A short text as a piece. */
export async function pieceOf(text: string): Promise<Piece> {
  const bytes = Buffer.from(text);
  return { chunks: [await compressed(bytes)], length: bytes.length, crc: crc32(bytes) };
}

export function joinPieces(pieces: readonly Piece[]): Piece {
  const chunks: Buffer[] = [];
  let { length, crc } = NOTHING;
  for (const piece of pieces) {
    chunks.push(...piece.chunks);
    crc = combineCrc32(crc, piece.crc, piece.length);
    length += piece.length;
  }
  return { chunks, length, crc };
}

/** What a piece weighs in memory, in bytes. */
export function weightOf({ chunks }: Piece): number {
  return chunks.reduce((sum, chunk) => sum + chunk.length, OVERHEAD_BYTES);
}

/** Of the objects around the bytes, about. */
const OVERHEAD_BYTES = 200;

/** The text again, all of it in memory. */
export async function textOf({ chunks }: Piece): Promise<Buffer> {
  const texts: Buffer[] = [];
  for (const chunk of chunks) texts.push(await inflate(chunk, { finishFlush: constants.Z_SYNC_FLUSH }));
  return Buffer.concat(texts);
}

const GZIP_HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);

/** An empty block that is the last one. */
const END = Buffer.from([0x03, 0x00]);

/** The text as gzip with one member, which is what every client understands. */
export function gzipOf({ chunks, crc, length }: Piece): readonly Buffer[] {
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(crc, 0);
  trailer.writeUInt32LE(length % 2 ** 32, 4);
  return [GZIP_HEADER, ...chunks, END, trailer];
}
