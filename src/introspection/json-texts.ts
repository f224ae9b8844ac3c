import { below, type SelectedField, type Selection } from './selection.ts';

/** Those of a list that a field answers, with or without what is deprecated. */
export function shown<T extends { readonly deprecated: string | undefined }>(
  definitions: readonly T[],
  { includeDeprecated }: SelectedField,
): readonly T[] {
  return includeDeprecated ? definitions : definitions.filter(({ deprecated }) => deprecated === undefined);
}

/** The items of a JSON array, without the brackets. */
export function list<T>(
  items: readonly T[],
  field: SelectedField,
  write: (item: T, selection: Selection) => string,
): string {
  const selection = below(field);
  let text = '';
  for (const item of items) text += text === '' ? write(item, selection) : `,${write(item, selection)}`;
  return text;
}

/** A JSON object of what is selected. */
export function object(selection: Selection, valueOf: (field: SelectedField) => string): string {
  let text = '';
  for (const field of selection.fields) text += `${text === '' ? '{' : ','}${field.label}${valueOf(field)}`;
  return text === '' ? '{}' : `${text}}`;
}

export function textOrNull(text: string | undefined): string {
  return text === undefined ? 'null' : JSON.stringify(text);
}

/**
 * An object with holes in its text for a name and a description. Of some 400,000 fields most are told by those and their
 * type: to put each together member by member takes three times as long.
 */
export interface Template {
  /** One more than there are holes. */
  readonly texts: readonly string[];
  readonly holes: readonly ('name' | 'description')[];
}

export function templateOf(selection: Selection, valueOf: (field: SelectedField) => string): Template {
  const texts: string[] = [];
  const holes: ('name' | 'description')[] = [];
  let text = '{';
  for (const field of selection.fields) {
    text += `${text === '{' && holes.length === 0 ? '' : ','}${field.label}`;
    if (field.name === 'name' || field.name === 'description') {
      texts.push(text);
      holes.push(field.name);
      text = '';
    } else {
      text += valueOf(field);
    }
  }
  return { texts: [...texts, `${text}}`], holes };
}

export function filled(
  { texts, holes }: Template,
  of: { name: string; description: string | undefined },
): string {
  let text = texts[0] as string;
  for (let index = 0; index < holes.length; index++) {
    const value = holes[index] === 'name' ? `"${of.name}"` : textOrNull(of.description);
    text += value + (texts[index + 1] as string);
  }
  return text;
}
