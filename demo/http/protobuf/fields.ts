import { MESSAGES } from './messages.ts';

export interface MessageField {
  /** As in JSON; empty for a message whose fields belong to the outer one. */
  readonly name: string;
  readonly type: string;
  /** Whether zero is a value, and not just nothing. */
  readonly keepsZero: boolean;
}

const FIELD = /^(\d+):(\w*):([^*]+)(\*?)$/;

/** Texts until a message is asked for: few of them are ever. */
const texts = new Map(
  MESSAGES.trim()
    .split('\n')
    .map((line): [string, string] => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)]),
);

const known = new Map<string, ReadonlyMap<number, MessageField>>();

/** The fields of a message by number; undefined for a message that is not known. */
export function fieldsOf(message: string): ReadonlyMap<number, MessageField> | undefined {
  const text = texts.get(message);
  if (text === undefined) return undefined;
  const cached = known.get(message);
  if (cached !== undefined) return cached;
  const fields = text.split(' ').flatMap((each): [number, MessageField][] => {
    const [, number, name = '', type = '', zero] = FIELD.exec(each) ?? [];
    return number === undefined ? [] : [[Number(number), { name, type, keepsZero: zero === '*' }]];
  });
  const made = new Map(fields);
  known.set(message, made);
  return made;
}
