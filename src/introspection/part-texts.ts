import type { TypeDefinition } from '../mapping/definitions/definitions.ts';
import { shown } from './json-texts.ts';
import type { Wanted } from './layout.ts';
import type { LoadedPart } from './part-loader.ts';
import { type Piece, PieceWriter, weightOf } from './piece.ts';
import { below } from './selection.ts';
import { TypeTexts } from './type-texts.ts';

/** What one part adds to one list of an answer. */
export interface PartPiece {
  /** What no other part adds. */
  readonly own: Piece;
  /** Types that other parts have, too, by name: an answer has each of them once. */
  readonly shared: ReadonlyMap<string, Piece>;
}

/** @param toPiece makes the piece of a short text, or has it already: what is shared is the same text in many parts. */
export async function writePart(
  { definitions, types, possibleTypes }: LoadedPart,
  wanted: Wanted,
  toPiece: (text: string) => Promise<Piece>,
): Promise<PartPiece> {
  const texts = new TypeTexts({ typeNamed: types.named, possibleTypes });
  const writer = new PieceWriter();
  const shared = new Map<string, Piece>();
  if (wanted.kind === 'rootFields') {
    const { operation, field } = wanted;
    let separator = '';
    for (const each of shown(definitions.roots[operation], field)) {
      const text = await types.write(() => texts.field(each, below(field)));
      await writer.write(separator + text);
      separator = ',';
    }
  } else {
    const textOf = (type: TypeDefinition): Promise<string> =>
      types.write(() => `${texts.type(type, wanted.selection)},`);
    for (const type of definitions.types) await writer.write(await textOf(type));
    for (const type of definitions.shared) shared.set(type.name, await toPiece(await textOf(type)));
  }
  return { own: await writer.end(), shared };
}

/** In bytes. What is shared is kept, and weighed, for itself. */
export function weightOfPart({ own, shared }: PartPiece): number {
  return weightOf(own) + shared.size * SHARED_BYTES;
}

/** Of a map's entry. */
const SHARED_BYTES = 50;
