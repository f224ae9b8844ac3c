import type { FieldError } from '../schema/schema.ts';
import { badRequest, fieldForbidden, fieldNotSupported, invalid } from './errors.ts';

/** The parameters that lists, watches and deletions of collections share. */
export interface ListOptions {
  /** Empty for unset. */
  readonly resourceVersion: string;
  readonly match: '' | 'Exact' | 'NotOlderThan';
  /** 0 for all. */
  readonly limit: number;
  /** Empty for the first page. */
  readonly continueToken: string;
  readonly timeoutSeconds: number | undefined;
  readonly allowWatchBookmarks: boolean;
  readonly sendInitialEvents: boolean | undefined;
}

/** @throws ApiError 400 for numbers that are none, 422 for combinations that make no sense */
export function readListOptions(query: URLSearchParams, isWatch: boolean): ListOptions {
  const match = query.get('resourceVersionMatch') ?? '';
  const options = {
    resourceVersion: query.get('resourceVersion') ?? '',
    match,
    limit: Math.max(0, integerParameter(query, 'limit') ?? 0),
    continueToken: query.get('continue') ?? '',
    timeoutSeconds: integerParameter(query, 'timeoutSeconds'),
    allowWatchBookmarks: flag(query, 'allowWatchBookmarks') ?? false,
    sendInitialEvents: flag(query, 'sendInitialEvents'),
  };
  const errors = isWatch ? watchErrors(options) : listErrors(options);
  if (errors.length > 0) throw invalid({ group: 'meta.k8s.io', kind: 'ListOptions' }, '', errors);
  return { ...options, match: match as ListOptions['match'] };
}

/** @throws ApiError 400 */
export function integerParameter(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null || text === '') return undefined;
  if (!/^[+-]?\d+$/.test(text))
    throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  return Number(text);
}

/** A boolean parameter: set to anything but `0` and `false`. */
export function flag(query: URLSearchParams, name: string): boolean | undefined {
  const text = query.get(name);
  return text === null ? undefined : text !== '0' && text.toLowerCase() !== 'false';
}

type Unchecked = Omit<ListOptions, 'match'> & { readonly match: string };

const FIELD = 'resourceVersionMatch';

function listErrors({
  match,
  resourceVersion,
  continueToken,
  sendInitialEvents,
}: Unchecked): readonly FieldError[] {
  const errors: FieldError[] = [];
  if (match !== '') {
    if (resourceVersion === '') {
      errors.push(
        fieldForbidden(FIELD, 'resourceVersionMatch is forbidden unless resourceVersion is provided'),
      );
    }
    if (continueToken !== '') {
      errors.push(fieldForbidden(FIELD, 'resourceVersionMatch is forbidden when continue is provided'));
    }
    if (match !== 'Exact' && match !== 'NotOlderThan') {
      errors.push(fieldNotSupported(FIELD, JSON.stringify(match), ['Exact', 'NotOlderThan', '']));
    }
    if (match === 'Exact' && resourceVersion === '0') {
      errors.push(fieldForbidden(FIELD, 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"'));
    }
  }
  if (sendInitialEvents !== undefined) {
    errors.push(fieldForbidden('sendInitialEvents', 'sendInitialEvents is forbidden for list'));
  }
  return errors;
}

function watchErrors({
  match,
  resourceVersion,
  continueToken,
  sendInitialEvents,
}: Unchecked): readonly FieldError[] {
  const errors: FieldError[] = [];
  if (sendInitialEvents !== undefined && match !== 'NotOlderThan') {
    errors.push(
      fieldForbidden(FIELD, 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan'),
    );
  }
  if (match !== '') {
    if (sendInitialEvents === undefined) {
      errors.push(
        fieldForbidden(
          FIELD,
          'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided',
        ),
      );
    }
    if (match !== 'NotOlderThan')
      errors.push(fieldNotSupported(FIELD, JSON.stringify(match), ['NotOlderThan']));
  }
  // A watch from the start is given sendInitialEvents and NotOlderThan by default, hence the words.
  const startsAtNow = resourceVersion === '' || resourceVersion === '0';
  if (continueToken !== '' && (match !== '' || startsAtNow)) {
    errors.push(fieldForbidden(FIELD, 'resourceVersionMatch is forbidden when continue is provided'));
  }
  return errors;
}
