import { parse } from 'graphql';
import { splitSdl } from './split.ts';
import type { SdlDefinition } from './write.ts';

/** Two SDL documents with what differs between them, and as much of the rest as makes them complete. */
export interface Differing {
  readonly before: string;
  readonly after: string;
}

/**
 * Leaves out the definitions that are the same, to the letter, in both: two states of a cluster differ in few of their
 * 30,000 types, and the trees of all would take half a gigabyte.
 *
 * @throws GraphQLError when `before` is no SDL.
 */
export function differing(before: string, after: readonly SdlDefinition[]): Differing {
  const changed = { before: splitSdl(before), after: new Map<string, string>() };
  // Refused as the parser refuses it: a file that was cut must not pass for a schema that had nothing.
  if (changed.before.size === 0) parse(before);
  const same = new Map<string, SdlDefinition>();
  for (const definition of after) {
    const { name, text } = definition;
    if (changed.before.get(name) === text) {
      changed.before.delete(name);
      same.set(name, definition);
    } else {
      changed.after.set(name, text);
    }
  }
  const texts = { before: [...changed.before.values()], after: [...changed.after.values()] };
  const stubs = [...namesIn([...texts.before, ...texts.after])].flatMap((name) => {
    const definition = same.get(name);
    return definition === undefined ? [] : [stubOf(definition)];
  });
  return {
    before: [...texts.before, ...stubs].join('\n\n'),
    after: [...texts.after, ...stubs].join('\n\n'),
  };
}

/** Every word of the texts: a type too many does no harm. */
function namesIn(texts: readonly string[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const text of texts) for (const [name] of text.matchAll(/\b[A-Z_a-z]\w*/g)) names.add(name);
  return names;
}

/** What stands for an unchanged type: its kind matters, and for defaults the values of an enum. */
function stubOf({ kind, name, text }: SdlDefinition): string {
  const keyword = STUBBED[kind];
  return keyword === undefined ? text : `${keyword} ${name} {\n  _: Int\n}`;
}

const STUBBED: Readonly<Partial<Record<SdlDefinition['kind'], string>>> = {
  OBJECT: 'type',
  INTERFACE: 'interface',
  INPUT_OBJECT: 'input',
};
