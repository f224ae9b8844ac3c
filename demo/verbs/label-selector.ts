import { badRequest } from './errors.ts';
import { labelValueErrors, qualifiedNameErrors } from '../schema/validation/names.ts';
import { type Token, tokensOf } from './selector-tokens.ts';

export type Labels = Readonly<Record<string, string>>;

/** Which labels an object must have. */
export interface LabelSelector {
  /** Nothing is required: selects everything. */
  readonly isEmpty: boolean;
  matches(labels: Labels | undefined): boolean;
}

type Operator = 'exists' | 'absent' | 'in' | 'notin' | '>' | '<';

interface Requirement {
  readonly key: string;
  readonly operator: Operator;
  readonly values: readonly string[];
}

/**
 * Reads `a=b, c in (d, e), !f`.
 *
 * @throws ApiError 400 with the real server's words
 */
export function parseLabelSelector(text: string): LabelSelector {
  const requirements = new Parser(text).parse();
  return {
    isEmpty: requirements.length === 0,
    matches: (labels = {}) => requirements.every((requirement) => isMet(requirement, labels)),
  };
}

function isMet({ key, operator, values }: Requirement, labels: Labels): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case 'exists':
      return value !== undefined;
    case 'absent':
      return value === undefined;
    case 'in':
      return value !== undefined && values.includes(value);
    case 'notin':
      return value === undefined || !values.includes(value);
    case '>':
    case '<':
      return (
        value !== undefined &&
        INTEGER.test(value) &&
        isBeyond(BigInt(value), operator, BigInt(values[0] as string))
      );
  }
}

function isBeyond(value: bigint, operator: '>' | '<', bound: bigint): boolean {
  return operator === '>' ? value > bound : value < bound;
}

const INTEGER = /^[+-]?\d+$/;

const OPERATORS: Readonly<Record<string, Operator>> = {
  in: 'in',
  notin: 'notin',
  '=': 'in',
  '==': 'in',
  '!=': 'notin',
  '>': '>',
  '<': '<',
};

/** The real server's recursive descent, so that errors come at the same place in the same words. */
class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(text: string) {
    this.#tokens = tokensOf(text);
  }

  parse(): readonly Requirement[] {
    const requirements: Requirement[] = [];
    for (;;) {
      const { kind, text } = this.#peek();
      if (kind === 'end') return requirements;
      if (!startsRequirement(kind))
        throw badRequest(`found '${text}', expected: !, identifier, or 'end of string'`);
      requirements.push(this.#requirement());
      const next = this.#take();
      if (next.kind === 'end') return requirements;
      if (next.kind !== ',') throw badRequest(`found '${next.text}', expected: ',' or 'end of string'`);
      const after = this.#peek();
      if (!startsRequirement(after.kind))
        throw badRequest(`found '${after.text}', expected: identifier after ','`);
    }
  }

  #requirement(): Requirement {
    const isNegated = this.#peek().kind === '!';
    if (isNegated) this.#take();
    const key = this.#take();
    if (key.kind !== 'identifier') throw unparsable(`found '${key.text}', expected: identifier`);
    checkKey(key.text);
    if (isNegated) return { key: key.text, operator: 'absent', values: [] };
    if (isEnd(this.#peek())) return { key: key.text, operator: 'exists', values: [] };
    const sign = this.#take();
    const operator = OPERATORS[sign.text];
    if (operator === undefined)
      throw unparsable(`found '${sign.text}', expected: in, notin, =, ==, !=, gt, lt`);
    const isSet = sign.text === 'in' || sign.text === 'notin';
    const values = isSet ? this.#set() : [this.#single()];
    checkValues(key.text, operator, values);
    return { key: key.text, operator, values };
  }

  #single(): string {
    if (isEnd(this.#peek())) return '';
    const { kind, text } = this.#take();
    if (kind !== 'identifier') throw unparsable(`found '${text}', expected: identifier`);
    return text;
  }

  #set(): readonly string[] {
    const open = this.#take();
    if (open.kind !== '(') throw unparsable(`found '${open.text}' expected: '('`);
    const values = new Set<string>();
    const first = this.#peek();
    if (first.kind !== 'identifier' && first.kind !== ',' && first.kind !== ')') {
      throw unparsable(`found '${first.text}', expected: ',', ')' or identifier`);
    }
    let needsValue = true;
    for (;;) {
      const { kind, text } = this.#take();
      if (kind === 'identifier' && needsValue) values.add(text);
      else if (needsValue && (kind === ',' || kind === ')')) values.add('');
      else if (kind !== ',' && kind !== ')')
        throw unparsable(`found '${text}', expected: ${needsValue ? "',', or identifier" : "',' or ')'"}`);
      if (kind === ')') return [...values].sort();
      needsValue = kind === ',';
    }
  }

  #peek(): Token {
    return this.#tokens[this.#at] ?? { kind: 'end', text: '' };
  }

  #take(): Token {
    const token = this.#peek();
    this.#at++;
    return token;
  }
}

function startsRequirement(kind: Token['kind']): boolean {
  return kind === 'identifier' || kind === '!';
}

function isEnd({ kind }: Token): boolean {
  return kind === 'end' || kind === ',';
}

function checkKey(key: string): void {
  const errors = qualifiedNameErrors(key);
  if (errors.length > 0) throw invalid('<nil>', key, errors.join('; '));
}

function checkValues(key: string, operator: Operator, values: readonly string[]): void {
  for (const [index, value] of values.entries()) {
    const isOrder = operator === '>' || operator === '<';
    if (isOrder && !INTEGER.test(value)) {
      throw invalid(`values[${index}]`, value, "for 'Gt', 'Lt' operators, the value must be an integer");
    }
    const errors = labelValueErrors(value);
    if (errors.length > 0) throw invalid(`values[${index}][${key}]`, value, errors.join('; '));
  }
}

function invalid(field: string, value: string, reason: string): Error {
  return unparsable(`${field}: Invalid value: ${JSON.stringify(value)}: ${reason}`);
}

function unparsable(reason: string): Error {
  return badRequest(`unable to parse requirement: ${reason}`);
}
