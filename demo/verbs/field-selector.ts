import type { KubeObject } from '../api/object.ts';
import type { ServedResource } from '../api/resource.ts';
import { badRequest } from './errors.ts';
import { isRecord } from './json-errors.ts';
import { valueAt } from './value-at.ts';

/** Which values of certain fields an object must have. */
export interface FieldSelector {
  readonly isEmpty: boolean;
  matches(object: KubeObject): boolean;
}

interface Term {
  readonly field: string;
  readonly isEqual: boolean;
  readonly value: string;
}

/**
 * Reads `metadata.name=a,status.phase!=Running`.
 *
 * @throws ApiError 400 with the real server's words: for the syntax, and for a field that the resource does not offer
 */
export function parseFieldSelector(text: string, resource: ServedResource): FieldSelector {
  const terms = splitTerms(text).map((term) => parseTerm(term, text));
  for (const { field } of terms) checkField(field, resource);
  return {
    isEmpty: terms.length === 0,
    matches: (object) =>
      terms.every(({ field, isEqual, value }) => (fieldValue(object, field) === value) === isEqual),
  };
}

/** Cuts at commas that no backslash precedes. Empty pieces are passed over. */
function splitTerms(text: string): readonly string[] {
  return [...text.matchAll(/(?:[^\\,]|\\[^]?)+/g)].map(([term]) => term);
}

function parseTerm(term: string, whole: string): Term {
  const match = /!=|==|=/.exec(term);
  if (match === null) throw badRequest(`invalid selector: '${whole}'; can't understand '${term}'`);
  return {
    field: term.slice(0, match.index),
    isEqual: match[0] !== '!=',
    value: unescape(term.slice(match.index + match[0].length)),
  };
}

function unescape(value: string): string {
  for (const [piece] of value.matchAll(/\\[^]?|[,=]/g)) {
    if (!piece.startsWith('\\')) {
      throw badRequest(`invalid field selector: unescaped character in value: ${piece.charCodeAt(0)}`);
    }
    if (!/^\\[\\,=]$/.test(piece))
      throw badRequest(`invalid field selector: invalid escape sequence: ${piece}`);
  }
  return value.replaceAll(/\\([\\,=])/g, '$1');
}

function checkField(field: string, resource: ServedResource): void {
  if (field === 'metadata.name' || resource.selectableFields.includes(field)) return;
  const hasOwnFields = resource.isCustom || resource.selectableFields.length > 0;
  // Without fields of its own, a kind takes the namespace even where it has none.
  if (field === 'metadata.namespace' && (resource.namespaced || !hasOwnFields)) return;
  if (!hasOwnFields) {
    throw badRequest(`"${field}" is not a known field selector: only "metadata.name", "metadata.namespace"`);
  }
  if (resource.kind === 'Job') throw badRequest(`field label "${field}" not supported for Job`);
  throw badRequest(`field label not supported: ${field}`);
}

/** What a field reads as where it is absent; the others are empty then. */
const ZEROS: Readonly<Record<string, string>> = {
  'spec.hostNetwork': 'false',
  'spec.unschedulable': 'false',
  'status.successful': '0',
  'status.replicas': '0',
};

function fieldValue(object: KubeObject, field: string): string {
  const places = SPECIAL_PLACES[`${object.kind} ${field}`] ?? [field];
  const value = places
    .map((place) => valueAt(object, place))
    .find((found) => found !== undefined && found !== null);
  if (value === undefined) return ZEROS[field] ?? '';
  return Array.isArray(value) ? value.map(textOf).join(',') : textOf(value);
}

/** Fields that are not where their name says; the first place that has something counts. */
const SPECIAL_PLACES: Readonly<Record<string, readonly string[]>> = {
  'Event source': ['source.component', 'reportingComponent'],
  'Job status.successful': ['status.succeeded'],
};

function textOf(value: unknown): string {
  return isRecord(value) ? textOf(value['ip']) : String(value);
}
