import { METADATA_LIST } from '../../cluster/accept.ts';
import type { Identity } from '../../cluster/identity.ts';
import { readWhole, sendOk } from '../../cluster/read.ts';
import type { Upstream, UpstreamAnswer, UpstreamBody } from '../../cluster/upstream.ts';
import { isKubegraphError } from '../../errors/kubegraph-error.ts';
import { pinnedName, selectorQuery, type WatchScope } from '../scope.ts';
import { POSITION_CHECK_MS } from '../timeouts.ts';
import { FrameSplitter } from '../wire/frames.ts';
import { parseListPage, type ListPage } from '../wire/list-items.ts';
import { parseFrame, type WatchFrame } from '../wire/watch-frame.ts';

/** A page that is larger than what is read into memory is asked for again with so many times fewer items. */
const SMALLER = 5;

/** Where and as whom a reflector asks. */
export interface Target {
  readonly upstream: Upstream;
  readonly identity: Identity;
  readonly scope: WatchScope;
}

export interface WatchRequest {
  /** Undefined asks for a streaming list that goes on as a watch. */
  readonly resourceVersion: string | undefined;
  readonly timeoutSeconds: number;
  readonly signal: AbortSignal;
}

/** Opens a watch. Rejects with the error that an answer outside 2xx describes. */
export function openWatch(target: Target, request: WatchRequest): Promise<UpstreamAnswer> {
  const { upstream, identity, scope } = target;
  const start =
    request.resourceVersion === undefined
      ? { sendInitialEvents: 'true', resourceVersionMatch: 'NotOlderThan' }
      : { resourceVersion: request.resourceVersion };
  return sendOk(upstream, {
    identity,
    method: 'GET',
    path: scope.path,
    query: {
      watch: '1',
      // Without it a streaming list never says that it is complete.
      allowWatchBookmarks: 'true',
      ...start,
      timeoutSeconds: String(request.timeoutSeconds),
      ...selectorQuery(scope),
    },
    mode: 'stream',
    signal: request.signal,
  });
}

/** The frames of an open watch. Ends when the stream ends cleanly; throws UPSTREAM_ERROR when it is cut. */
export async function* readFrames(
  body: UpstreamBody,
  maxFrameBytes: number,
): AsyncGenerator<WatchFrame, void> {
  const splitter = new FrameSplitter(maxFrameBytes);
  for await (const chunk of body) {
    for (const frame of splitter.push(chunk)) yield parseFrame(frame);
  }
  splitter.end();
}

export interface PageRequest {
  readonly limit: number;
  /** Undefined asks for the first page. */
  readonly continueToken: string | undefined;
  readonly signal: AbortSignal;
}

/**
 * One page of a consistent list.
 *
 * Large objects can make a page larger than what is read into memory: it is asked for again with fewer items. Rejects
 * with RESULT_TOO_LARGE only when a single item is too large.
 */
export async function listPage(target: Target, request: PageRequest): Promise<ListPage> {
  const { upstream, identity, scope } = target;
  const query = {
    limit: String(request.limit),
    continue: request.continueToken,
    // A resourceVersion is left out on purpose: with a limit it would mean exactly that version.
    ...selectorQuery(scope),
  };
  try {
    const answer = await sendOk(upstream, {
      identity,
      method: 'GET',
      path: scope.path,
      query,
      compress: true,
      signal: request.signal,
    });
    return parseListPage(await readWhole(answer.body));
  } catch (error) {
    if (!isKubegraphError(error, 'RESULT_TOO_LARGE') || request.limit === 1) throw error;
    return listPage(target, { ...request, limit: Math.ceil(request.limit / SMALLER) });
  }
}

/**
 * Where the collection is now: a consistent list of at most one object, of which only the position is of interest.
 *
 * @param atLeast a position that the API server has to have reached; it refuses with BAD_REQUEST what it cannot read.
 */
export async function presentPosition(
  { upstream, identity, scope }: Target,
  signal: AbortSignal,
  atLeast?: string,
): Promise<string> {
  const name = pinnedName(scope);
  const answer = await sendOk(upstream, {
    identity,
    method: 'GET',
    path: scope.path,
    query: {
      limit: '1',
      // Other selectors would make the API server look for a match, and say nothing about the position.
      fieldSelector: name === undefined ? undefined : `metadata.name=${name}`,
      resourceVersion: atLeast,
      resourceVersionMatch: atLeast === undefined ? undefined : 'NotOlderThan',
    },
    accept: METADATA_LIST,
    deadlineMs: POSITION_CHECK_MS,
    signal,
  });
  return parseListPage(await readWhole(answer.body)).resourceVersion;
}
