import { createHash } from 'node:crypto';
import { type DocumentCache, noCache } from '../catalog/document-cache.ts';
import { isJsonObject, tryParseJson } from '../util/json.ts';
import type { PartPiece } from './part-texts.ts';
import type { Piece } from './piece.ts';

/**
 * What parts have written, kept from one start to the next. With 1,100 custom resources writing all of them takes a core for
 * seconds, and reading them again a fraction of one.
 *
 * A file is named by the content that its pieces were written from and by the program that wrote them, so nothing in it
 * goes stale. A program that runs from sources as they are does not know itself, and keeps nothing.
 */
export class SavedPieces {
  readonly #cache: DocumentCache;
  readonly #program: string;
  readonly #saved = new Set<string>();

  /** @param program equal for programs that write the same. */
  constructor(cache: DocumentCache, program: string | undefined) {
    this.#cache = program === undefined ? noCache : cache;
    this.#program = program ?? '';
  }

  /** The pieces of a part in the order of `keys`; undefined where they are not there. */
  async load(keys: readonly string[]): Promise<readonly PartPiece[] | undefined> {
    const text = await this.#cache.read(this.#nameOf(keys), 'introspection');
    const stored = text === undefined ? undefined : tryParseJson(text);
    // What is stored under this name has been written by `save`, and the cache has checked that all of it is there.
    const pieces = isJsonObject(stored) ? (stored['pieces'] as readonly Stored[]) : undefined;
    try {
      return pieces?.map(restored);
    } catch {
      // Somebody else has written it after all.
      return undefined;
    }
  }

  /**
   * Stores the pieces of a part, behind the answer.
   *
   * @param selection what they answer. Tools send a few; a process that is asked for more does not fill the disk.
   */
  save(selection: string, keys: readonly string[], pieces: readonly PartPiece[]): void {
    if (!this.#saved.has(selection) && this.#saved.size >= MAX_SELECTIONS) return;
    this.#saved.add(selection);
    void this.#cache.write(
      this.#nameOf(keys),
      'introspection',
      JSON.stringify({ pieces: pieces.map(storable) }),
    );
  }

  #nameOf(keys: readonly string[]): string {
    return createHash('sha256')
      .update(JSON.stringify([this.#program, keys]))
      .digest('base64url');
  }
}

const MAX_SELECTIONS = 4;

type StoredPiece = readonly [length: number, crc: number, base64: string];

interface Stored {
  readonly own: StoredPiece;
  readonly shared: readonly (readonly [name: string, piece: StoredPiece])[];
}

function storable({ own, shared }: PartPiece): Stored {
  return { own: stored(own), shared: [...shared].map(([name, piece]) => [name, stored(piece)]) };
}

function stored({ length, crc, chunks }: Piece): StoredPiece {
  return [length, crc, Buffer.concat(chunks).toString('base64')];
}

function restored({ own, shared }: Stored): PartPiece {
  return { own: pieceFrom(own), shared: new Map(shared.map(([name, piece]) => [name, pieceFrom(piece)])) };
}

function pieceFrom([length, crc, base64]: StoredPiece): Piece {
  return { length, crc, chunks: base64 === '' ? [] : [Buffer.from(base64, 'base64')] };
}
