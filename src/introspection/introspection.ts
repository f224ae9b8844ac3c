import { createHash } from 'node:crypto';
import { type DocumentCache, noCache } from '../catalog/document-cache.ts';
import type { Identity } from '../cluster/identity.ts';
import type { SchemaPart } from '../mapping/definitions/definitions.ts';
import { mapConcurrently } from '../util/concurrency.ts';
import { Lru } from '../util/lru.ts';
import { SingleFlight } from '../util/single-flight.ts';
import { sources } from '../util/version.ts';
import { operationOf, rootTypeLayout, schemaLayout, type Segment, type Wanted, wantedKey } from './layout.ts';
import { PartLoader } from './part-loader.ts';
import { type PartPiece, weightOfPart, writePart } from './part-texts.ts';
import { joinPieces, type Piece, pieceOf, weightOf } from './piece.ts';
import { SavedPieces } from './saved-pieces.ts';
import { type DefinedSchema, SchemaReader, Sources } from './schema-reader.ts';
import type { IntrospectionField } from './selection.ts';
import { typeAnswer } from './type-answer.ts';

/** What parts have written, compressed, in bytes. With 1,100 custom resources GraphiQL's query comes to some 15 million. */
const MAX_PART_BYTES = 64 * 1024 * 1024;

/** Texts that are not of one part alone, compressed, in bytes. */
const MAX_TEXT_BYTES = 16 * 1024 * 1024;

/** Parts whose definitions are in memory at the same time: one is written while the others load. */
const CONCURRENT_PARTS = 2;

/**
 * Answers `__schema` and `__type` from definitions, without graphql-js' types: part by part, so that a changed custom
 * resource costs one part, and compressed at once, so that the whole text is never in memory.
 *
 * Parts are loaded as the caller's identity. What has been written is kept for everybody by the content that it was
 * written from: an identity reaches it only by a key that its own catalogue names, so it is told nothing that the API
 * server does not tell it as well.
 */
export class Introspection {
  readonly #parts = new Lru<string, PartPiece>({ maxWeight: MAX_PART_BYTES, weigh: weightOfPart });
  readonly #texts = new Lru<string, Piece>({ maxWeight: MAX_TEXT_BYTES, weigh: weightOf });
  readonly #saved: SavedPieces;
  readonly #flights = new SingleFlight<Piece>();
  /** What each identity's next build waits for. */
  readonly #turns = new Map<string, Promise<unknown>>();

  /**
   * @param cache where pieces are kept from one start to the next.
   * @param program equal for programs that write the same; undefined for one that does not know itself.
   */
  constructor(cache: DocumentCache = noCache, program: string | undefined = sources) {
    this.#saved = new SavedPieces(cache, program);
  }

  /** The field's value as JSON. */
  answer(schema: DefinedSchema, identity: Identity, field: IntrospectionField): Promise<Piece> {
    const reader = new SchemaReader(schema, identity);
    const what = field.name === '__type' ? `__type ${field.typeName}` : '__schema';
    // Loading happens as one identity, so joining is for callers of that identity only.
    const key = JSON.stringify([identity.key, reader.key, what, field.selection.key]);
    return this.#flights.do(key, () => this.#answer(schema, reader, identity, field));
  }

  async #answer(
    schema: DefinedSchema,
    reader: SchemaReader,
    identity: Identity,
    field: IntrospectionField,
  ): Promise<Piece> {
    if (field.name === '__schema') {
      return this.#inTurn(identity, () => this.#assemble(reader, schemaLayout(schema, field.selection)));
    }
    const { typeName, selection } = field;
    const operation = operationOf(typeName);
    if (operation === undefined) return this.#typeAnswer(reader, field);
    if (!schema.hasOperation(operation)) return this.#textPiece('null');
    return this.#inTurn(identity, () => this.#assemble(reader, rootTypeLayout(operation, selection)));
  }

  async #typeAnswer(
    schema: SchemaReader,
    { typeName, selection }: Extract<IntrospectionField, { name: '__type' }>,
  ): Promise<Piece> {
    const key = JSON.stringify([schema.key, typeName, selection.key]);
    const known = this.#texts.get(key);
    if (known !== undefined) return known;
    const origins = new Sources();
    const piece = await pieceOf(await typeAnswer(schema, origins, typeName, selection));
    if (!origins.isPassing) this.#texts.set(key, piece);
    return piece;
  }

  /** One build at a time for each identity: each takes a core for seconds where nothing is kept yet. */
  #inTurn(identity: Identity, build: () => Promise<Piece>): Promise<Piece> {
    const before = this.#turns.get(identity.key) ?? Promise.resolve();
    const turn = before.then(build, build).finally(() => {
      if (this.#turns.get(identity.key) === turn) this.#turns.delete(identity.key);
    });
    this.#turns.set(identity.key, turn);
    return turn;
  }

  async #assemble(schema: SchemaReader, layout: readonly Segment[]): Promise<Piece> {
    const wanted = layout.filter((segment) => typeof segment !== 'string');
    const loader = new PartLoader(schema, wanted);
    const parts = await mapConcurrently(schema.parts, CONCURRENT_PARTS, (part) =>
      this.#part(loader, part, wanted),
    );
    const comma = await this.#textPiece(',');
    const pieces: Piece[] = [];
    for (const segment of layout) {
      if (typeof segment === 'string') pieces.push(await this.#textPiece(segment));
      else pieces.push(...wantedPieces(segment, parts, comma));
    }
    return joinPieces(pieces);
  }

  /** What a part writes for each list: kept in memory, or on disk, or written now. */
  async #part(loader: PartLoader, part: SchemaPart, wanted: readonly Wanted[]): Promise<PartPieces> {
    const keys = wanted.map((each) => loader.keyOf(part, each));
    const kept = keys.map((key) => this.#parts.get(key));
    const known = kept.every((piece) => piece !== undefined) ? kept : await this.#saved.load(keys);
    const pieces = known ?? (await this.#write(loader, part, wanted, keys));
    return new Map(
      wanted.map((each, index) => {
        const piece = pieces[index] as PartPiece;
        if (known !== undefined) this.#parts.set(keys[index] as string, piece);
        return [each, piece];
      }),
    );
  }

  async #write(
    loader: PartLoader,
    part: SchemaPart,
    wanted: readonly Wanted[],
    keys: readonly string[],
  ): Promise<readonly PartPiece[]> {
    const loaded = await loader.load(part);
    const pieces: PartPiece[] = [];
    for (const each of wanted) pieces.push(await writePart(loaded, each, (text) => this.#textPiece(text)));
    // A group-version that does not answer just now has the same key when it does.
    if (loaded.sources.isPassing) return pieces;
    for (const [index, piece] of pieces.entries()) this.#parts.set(keys[index] as string, piece);
    this.#saved.save(wanted.map(wantedKey).join(), keys, pieces);
    return pieces;
  }

  async #textPiece(text: string): Promise<Piece> {
    const key = createHash('sha256').update(text).digest('base64url');
    const piece = this.#texts.get(key) ?? (await pieceOf(text));
    this.#texts.set(key, piece);
    return piece;
  }
}

type PartPieces = ReadonlyMap<Wanted, PartPiece>;

/** What all parts have written for one list, each shared type once. */
function wantedPieces(wanted: Wanted, parts: readonly PartPieces[], comma: Piece): readonly Piece[] {
  const written = parts.map((part) => part.get(wanted) as PartPiece);
  if (wanted.kind === 'rootFields') {
    const fields = written.map(({ own }) => own).filter(({ length }) => length > 0);
    return fields.flatMap((piece, index) => (index === 0 ? [piece] : [comma, piece]));
  }
  const seen = new Set<string>();
  return written.flatMap(({ own, shared }) => {
    const first = [...shared].filter(([name]) => !seen.has(name));
    for (const [name] of first) seen.add(name);
    return [own, ...first.map(([, piece]) => piece)];
  });
}
