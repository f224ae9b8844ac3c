import type { Resource } from '../catalog/resource.ts';
import { KubegraphError } from '../errors/kubegraph-error.ts';
import { type Args, collectionPath, optionalText } from './call.ts';
import { decodeCursor, LIST_START, type ListPosition, type ListScope } from './list-cursor.ts';
import type { ListPlan } from './list-plan.ts';

/** A list field as an operation asks for it. */
export interface ListRequest {
  readonly responseName: string;
  readonly resource: Resource;
  readonly args: Args;
  readonly plan: ListPlan;
}

/** What a list field makes the gateway ask of the API server. Equal ones are equal as JSON. */
export interface ListQuery {
  readonly scope: ListScope;
  /** How many items the caller asks for; undefined for all. */
  readonly first: number | undefined;
  /** Where to start. */
  readonly position: ListPosition;
  /** Whether all of them are asked for and none is shown. */
  readonly isOverview: boolean;
  /** `resourceVersion` and how it is meant, for the first page. */
  readonly freshness: Readonly<Record<string, string | undefined>>;
}

/** Throws BAD_USER_INPUT and INVALID_CURSOR for arguments that mean no list. */
export function listQuery({ resource, args, plan }: ListRequest): ListQuery {
  const scope = scopeOf(resource, args);
  const first = firstOf(args);
  const after = optionalText(args, 'after');
  const showsNothing = plan.needs === 'count' || plan.needs === 'nothing';
  const isOverview = first === undefined && after === undefined && showsNothing;
  return {
    scope,
    first,
    position: after === undefined ? LIST_START : decodeCursor(scope, after),
    isOverview,
    freshness: freshnessOf(args, first !== undefined || isOverview),
  };
}

function scopeOf(resource: Resource, args: Args): ListScope {
  return {
    path: collectionPath(resource, args),
    labelSelector: optionalText(args, 'labelSelector'),
    fieldSelector: optionalText(args, 'fieldSelector'),
  };
}

/**
 * The caller's resourceVersion, with its match always said: beside a limit the server's unsaid default is `Exact`. At
 * "0" it ignores the limit and sends everything, so pages ask for the newest state, which is as fresh as any.
 */
function freshnessOf(args: Args, isPaged: boolean): Readonly<Record<string, string | undefined>> {
  const resourceVersion = optionalText(args, 'resourceVersion');
  const resourceVersionMatch = optionalText(args, 'resourceVersionMatch');
  if (resourceVersion === undefined) return { resourceVersionMatch };
  if (resourceVersion === '0' && isPaged && resourceVersionMatch !== 'Exact') return {};
  return { resourceVersion, resourceVersionMatch: resourceVersionMatch ?? 'NotOlderThan' };
}

function firstOf(args: Args): number | undefined {
  const first = args['first'];
  if (typeof first !== 'number') return undefined;
  if (first > 0) return first;
  throw new KubegraphError('BAD_USER_INPUT', '"first" must be 1 or more');
}
