import type { ExternalDocs } from './description.ts';
import type { Explanation } from './explanation.ts';
import type { ExplainedField } from './fields.ts';
import { valueText } from './value-text.ts';
import { wrapText } from './wrap.ts';

const WIDTH = 80;

/** Values of an enum that a field in a list shows. */
const MAX_VALUES = 4;

/** An explanation as `kubectl explain` prints it, byte for byte, to what is not a terminal. */
export function explainText({
  resource,
  field,
  description,
  externalDocs,
  fields,
  recursive,
}: Explanation): string {
  const { group, kind, version } = resource;
  return [
    group === '' ? '' : `GROUP:      ${group}\n`,
    `KIND:       ${kind}\n`,
    `VERSION:    ${version}\n\n`,
    field === undefined ? '' : fieldHeader(field),
    `DESCRIPTION:\n${block(description === '' ? '<empty>' : description, 4)}`,
    docsText(externalDocs, 0, 4),
    fields.length === 0 ? '' : 'FIELDS:\n',
    ...fields.map((each) => fieldText(each, recursive)),
    '\n',
  ].join('');
}

function fieldHeader({ name, type, enum: values }: ExplainedField): string {
  const known =
    values.length === 0 ? '' : `ENUM:${values.map((value) => `\n    ${shownValue(value)}`).join('')}`;
  return `FIELD: ${name} <${type}>\n${known}\n\n`;
}

function fieldText(
  { name, level, type, required, enum: values, description, externalDocs }: ExplainedField,
  isShort: boolean,
): string {
  const indent = level * 2;
  const line = indented(`${name}\t<${type}>${required ? ' -required-' : ''}`, indent);
  const shown = values.slice(0, MAX_VALUES).map(shownValue).join(', ');
  const more = values.length > MAX_VALUES ? ', ....' : '';
  const known = values.length === 0 ? '' : `\n${indented(`enum: ${shown}${more}`, indent)}`;
  if (isShort) return `${line}${known}\n`;
  const text = block(description ?? '<no description>', indent + 2);
  return `${line}${known}\n${text}${docsText(externalDocs, indent + 2, indent + 4)}\n`;
}

/** Empty without further reading. */
function docsText(docs: ExternalDocs | undefined, titleIndent: number, indent: number): string {
  if (docs === undefined) return '';
  return [
    `\n${indented('EXTERNAL DOCS:', titleIndent)}\n`,
    docs.description === undefined ? '' : block(docs.description, indent),
    docs.url === undefined ? '' : `${indented(`URL: ${docs.url}`, indent)}\n`,
  ].join('');
}

/** Text that fills its lines. */
function block(text: string, indent: number): string {
  return `${indented(wrapText(text, WIDTH - indent), indent)}\n`;
}

/** Every line, empty ones included. */
function indented(text: string, indent: number): string {
  const pad = ' '.repeat(indent);
  return pad + text.replaceAll('\n', `\n${pad}`);
}

function shownValue(value: unknown): string {
  return value === '' ? '""' : valueText(value);
}
