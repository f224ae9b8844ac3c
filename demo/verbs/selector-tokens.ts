/** A piece of a label selector. `in` and `notin` are identifiers: only their place makes them operators. */
export interface Token {
  readonly kind: 'identifier' | '(' | ')' | ',' | '!' | 'operator' | 'end';
  readonly text: string;
}

/** Cuts a label selector into its pieces; the longest sign wins. */
export function tokensOf(text: string): readonly Token[] {
  return [...text.matchAll(/==|!=|[=!(),<>]|[^\s=!(),<>]+/g)].map(([piece]) => ({
    kind: kindOf(piece),
    text: piece,
  }));
}

const OPERATORS = new Set(['=', '==', '!=', '<', '>']);

function kindOf(piece: string): Token['kind'] {
  if (piece === '(' || piece === ')' || piece === ',' || piece === '!') return piece;
  return OPERATORS.has(piece) ? 'operator' : 'identifier';
}
