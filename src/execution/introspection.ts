import { createHash } from 'node:crypto';
import type { Introspection } from '../introspection/introspection.ts';
import { joinPieces, type Piece, pieceOf, textOf } from '../introspection/piece.ts';
import { compileIntrospection } from '../introspection/selection.ts';
import type { CompressedAnswer } from './answer.ts';
import { keep, type OperationContext } from './call.ts';
import type { RootSelection } from './root-selections.ts';
import { collectFields } from './selections.ts';

export function isIntrospection(name: string): name is '__schema' | '__type' {
  return name === '__schema' || name === '__type';
}

/** Compiles an introspection field; nothing is loaded before the answer is called. */
export function prepareIntrospection(
  introspection: Introspection,
  context: OperationContext,
  { name, nodes }: RootSelection,
): () => Promise<Piece> {
  const { selection, schema, identity } = context;
  const field = compileIntrospection(
    { variables: selection.variables, collect: (type, sets) => collectFields(selection, type, sets) },
    name === '__schema' ? name : '__type',
    nodes,
  );
  return () => introspection.answer(schema, identity, field);
}

/** The value beside those of other fields, where it has to be in memory as a whole. */
export async function introspectionText(context: OperationContext, value: Piece): Promise<Buffer> {
  keep(context, value.length);
  return textOf(value);
}

/**
 * The answer to an operation that asks for nothing else.
 *
 * @param of everything else that the answer depends on.
 */
export async function introspectionAnswer(
  responseName: string,
  value: Piece,
  of: readonly unknown[],
): Promise<CompressedAnswer> {
  const before = await pieceOf(`{"data":{${JSON.stringify(responseName)}:`);
  const compressed = joinPieces([before, value, await pieceOf('}}')]);
  // What could not be loaded is left out, and is there the next time: a revision alone does not tell the two apart.
  const content = JSON.stringify([...of, compressed.crc, compressed.length]);
  const tag = createHash('sha256').update(content).digest('base64url').slice(0, 32);
  return { data: {}, compressed, tag };
}
