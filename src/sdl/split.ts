import { GraphQLError, Lexer, Source, type Token, TokenKind } from 'graphql';

/**
 * The definitions of an SDL document by name (`@` in front of directives, empty for `schema`), each as it is written,
 * comments around it left out. Extensions of a type are behind it.
 *
 * Reading tokens is enough for that: the tree of a whole document takes ten times its size.
 *
 * @throws GraphQLError for what is no SDL, located in the document.
 */
export function splitSdl(text: string): Map<string, string> {
  const definitions = new Map<string, string>();
  const add = ({ name, start, end }: Extent): void => {
    const known = definitions.get(name);
    const definition = text.slice(start, end);
    definitions.set(name, known === undefined ? definition : `${known}\n\n${definition}`);
  };
  let start = 0;
  while (start < text.length) {
    const found = nextDefinition(text, start);
    if (found === undefined) break;
    add(found);
    start = found.end;
  }
  return definitions;
}

interface Extent {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** The first definition from `offset` on; undefined at the end of the document. */
function nextDefinition(text: string, offset: number): Extent | undefined {
  // A lexer for each definition: tokens are chained, and one chain would hold all of the document's.
  const lexer = new Lexer(new Source(text.slice(offset)));
  try {
    const first = lexer.advance();
    if (first.kind === TokenKind.EOF) return undefined;
    const name = readName(lexer, first);
    return { name, start: offset + first.start, end: offset + readToEnd(lexer) };
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    const source = new Source(text, 'SDL');
    throw new GraphQLError(error.message, { source, positions: [offset + (error.positions?.[0] ?? 0)] });
  }
}

const KEYWORDS: ReadonlySet<string> = new Set([
  'schema',
  'scalar',
  'type',
  'interface',
  'union',
  'enum',
  'input',
  'directive',
  'extend',
]);

/** Reads up to the name of what is defined. */
function readName(lexer: Lexer, first: Token): string {
  let keyword = isText(first) ? lexer.advance() : first;
  if (keyword.value === 'extend') keyword = lexer.advance();
  if (keyword.kind !== TokenKind.NAME || !KEYWORDS.has(keyword.value)) throw unexpected(keyword);
  if (keyword.value === 'schema') return '';
  if (keyword.value !== 'directive') return nameAt(lexer);
  if (lexer.advance().kind !== TokenKind.AT) throw unexpected(lexer.token);
  return `@${nameAt(lexer)}`;
}

function nameAt(lexer: Lexer): string {
  const token = lexer.advance();
  if (token.kind !== TokenKind.NAME) throw unexpected(token);
  return token.value;
}

/** Reads up to where the next definition begins, and answers where this one has ended. */
function readToEnd(lexer: Lexer): number {
  let depth = 0;
  for (;;) {
    const next = lexer.lookahead();
    if (next.kind === TokenKind.EOF || (depth === 0 && beginsDefinition(next, lexer.token))) {
      if (depth > 0) throw unexpected(next);
      return lexer.token.end;
    }
    depth += NESTING.get(lexer.advance().kind) ?? 0;
    if (depth < 0) throw unexpected(lexer.token);
  }
}

const NESTING: ReadonlyMap<TokenKind, number> = new Map([
  [TokenKind.BRACE_L, 1],
  [TokenKind.BRACE_R, -1],
  [TokenKind.PAREN_L, 1],
  [TokenKind.PAREN_R, -1],
  [TokenKind.BRACKET_L, 1],
  [TokenKind.BRACKET_R, -1],
]);

/** Whether a token outside of all brackets begins a definition. Types may be called as keywords are. */
function beginsDefinition(token: Token, before: Token): boolean {
  if (isText(token)) return true;
  if (token.kind !== TokenKind.NAME || !KEYWORDS.has(token.value)) return false;
  return before.kind === TokenKind.NAME ? before.value !== 'implements' : !NAME_FOLLOWS.has(before.kind);
}

/** What a name stands behind: `&` of interfaces, `|` and `=` of unions, `@` of directives. */
const NAME_FOLLOWS: ReadonlySet<TokenKind> = new Set([
  TokenKind.AMP,
  TokenKind.PIPE,
  TokenKind.EQUALS,
  TokenKind.AT,
]);

function isText(token: Token): boolean {
  return token.kind === TokenKind.STRING || token.kind === TokenKind.BLOCK_STRING;
}

function unexpected({ kind, value, start }: Token): GraphQLError {
  const what = value === undefined || value === '' ? kind : `"${value}"`;
  return new GraphQLError(`Syntax Error: Unexpected ${what}.`, {
    source: new Source(' '),
    positions: [start],
  });
}
