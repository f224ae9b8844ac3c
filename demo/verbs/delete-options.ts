import { parseJson } from '../api/json.ts';
import type { FieldError } from '../schema/schema.ts';
import { bodyText, unregistered } from './body.ts';
import { badRequest, fieldInvalid, fieldNotSupported, invalid } from './errors.ts';
import { isRecord, jsonSyntaxError, jsonTypeName, recordOf } from './json-errors.ts';
import { flag, integerParameter } from './list-options.ts';
import type { ResourceRequest } from './request.ts';
import { dryRunErrors } from './write-options.ts';

/** What becomes of the objects that the deleted one owns. */
export type Propagation = 'Orphan' | 'Background' | 'Foreground';

export interface DeleteOptions {
  readonly dryRun: boolean;
  readonly gracePeriodSeconds: number | undefined;
  /** Undefined for the resource's default. */
  readonly propagation: Propagation | undefined;
  readonly preconditions: { readonly uid: string | undefined; readonly resourceVersion: string | undefined };
}

/**
 * The options in the body; the query counts only when there is no body at all, not even for what the body leaves out.
 *
 * @throws ApiError 400 for a body that cannot be read, 422 for options that make no sense
 */
export function readDeleteOptions(request: ResourceRequest): DeleteOptions {
  return checked(request.body.length > 0 ? fromBody(bodyText(request)) : fromQuery(request.query));
}

/** @throws ApiError 422 */
export function deleteOptionsFrom(value: unknown): DeleteOptions {
  return checked(fromValue(recordOf(value)));
}

interface Unchecked {
  readonly dryRun: readonly string[];
  readonly gracePeriodSeconds: number | undefined;
  readonly propagationPolicy: string | undefined;
  readonly orphanDependents: boolean | undefined;
  readonly preconditions: Readonly<Record<string, unknown>>;
}

function fromBody(text: string): Unchecked {
  const error = jsonSyntaxError(text);
  if (error !== undefined) throw badRequest(`couldn't get version/kind; json parse error: ${error}`);
  const value = parseJson(text);
  if (!isRecord(value)) {
    const target =
      'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }';
    const problem = `json: cannot unmarshal ${jsonTypeName(value)} into Go value of type ${target}`;
    throw badRequest(`couldn't get version/kind; json parse error: ${problem}`);
  }
  const { kind, apiVersion } = value;
  // Any version will do: the real server takes an unknown one for its own.
  if (typeof kind === 'string' && kind !== '' && kind !== 'DeleteOptions') {
    throw badRequest(unregistered(kind, typeof apiVersion === 'string' ? apiVersion : 'v1'));
  }
  return fromValue(value);
}

const TYPES: readonly (readonly [string, string, string])[] = [
  ['gracePeriodSeconds', 'number', 'int64'],
  ['propagationPolicy', 'string', 'v1.DeletionPropagation'],
  ['orphanDependents', 'bool', 'bool'],
  ['preconditions', 'object', 'v1.Preconditions'],
  ['dryRun', 'array', '[]string'],
];

/** Fields that are not known are passed over: a `dryrun` deletes. */
function fromValue(value: Readonly<Record<string, unknown>>): Unchecked {
  for (const [field, type, goType] of TYPES) {
    const member = value[field] ?? undefined;
    if (member === undefined || jsonTypeName(member) === type) continue;
    throw badRequest(
      `json: cannot unmarshal ${jsonTypeName(member)} into Go struct field DeleteOptions.${field} of type ${goType}`,
    );
  }
  const { gracePeriodSeconds, propagationPolicy, orphanDependents, preconditions, dryRun } = value;
  return {
    dryRun: Array.isArray(dryRun) ? dryRun.map(String) : [],
    gracePeriodSeconds: typeof gracePeriodSeconds === 'number' ? gracePeriodSeconds : undefined,
    propagationPolicy: typeof propagationPolicy === 'string' ? propagationPolicy : undefined,
    orphanDependents: typeof orphanDependents === 'boolean' ? orphanDependents : undefined,
    preconditions: recordOf(preconditions),
  };
}

function fromQuery(query: URLSearchParams): Unchecked {
  return {
    dryRun: query.getAll('dryRun'),
    gracePeriodSeconds: integerParameter(query, 'gracePeriodSeconds'),
    propagationPolicy: query.get('propagationPolicy') ?? undefined,
    orphanDependents: flag(query, 'orphanDependents'),
    preconditions: {},
  };
}

function checked(options: Unchecked): DeleteOptions {
  const { dryRun, gracePeriodSeconds, propagationPolicy, orphanDependents, preconditions } = options;
  const errors = [...propagationErrors(propagationPolicy, orphanDependents), ...dryRunErrors(dryRun)];
  if (errors.length > 0) throw invalid({ group: 'meta.k8s.io', kind: 'DeleteOptions' }, '', errors);
  const { uid, resourceVersion } = preconditions;
  return {
    dryRun: dryRun.length > 0,
    // Negative periods are what the real server takes for the shortest one that is not force.
    gracePeriodSeconds: gracePeriodSeconds !== undefined && gracePeriodSeconds < 0 ? 1 : gracePeriodSeconds,
    propagation: propagationOf(propagationPolicy, orphanDependents),
    preconditions: {
      uid: typeof uid === 'string' ? uid : undefined,
      resourceVersion: typeof resourceVersion === 'string' ? resourceVersion : undefined,
    },
  };
}

function propagationErrors(policy: string | undefined, orphan: boolean | undefined): readonly FieldError[] {
  const field = 'propagationPolicy';
  if (policy === undefined) return [];
  if (orphan !== undefined) {
    return [fieldInvalid(field, policy, 'orphanDependents and deletionPropagation cannot be both set')];
  }
  const supported = ['Foreground', 'Background', 'Orphan'];
  return supported.includes(policy)
    ? []
    : [fieldNotSupported(field, JSON.stringify(policy), [...supported, 'nil'])];
}

function propagationOf(policy: string | undefined, orphan: boolean | undefined): Propagation | undefined {
  if (orphan !== undefined) return orphan ? 'Orphan' : 'Background';
  return policy as Propagation | undefined;
}
