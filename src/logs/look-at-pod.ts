import type { Identity } from '../cluster/identity.ts';
import { readWhole, sendOk } from '../cluster/read.ts';
import { podPath } from '../cluster/resource-path.ts';
import type { Upstream, UpstreamRequest } from '../cluster/upstream.ts';
import { isKubegraphError } from '../errors/kubegraph-error.ts';
import type { LogPlace } from './log-line.ts';
import { logRequest } from './log-request.ts';
import { POLL_DEADLINE_MS } from './poll.ts';

/** The pod's JSON; undefined where there is none. Rejects as a read does. */
type Look = (signal: AbortSignal) => Promise<Buffer | undefined>;

/** The least of a log that can be asked for. */
const LEAST = { tailLines: 1, limitBytes: 1 };

/**
 * Looks at the pod itself or, where nothing but its log is permitted, at that; the pod's JSON has no more than its name then.
 * The first look decides which it is, so that a permission that is lost later is a failure.
 */
export function lookAtPod(upstream: Upstream, identity: Identity, place: LogPlace): Look {
  const { namespace, pod } = place;
  const name = Buffer.from(JSON.stringify({ metadata: { namespace, name: pod } }));
  const path = podPath(namespace, pod);
  const read = (request: UpstreamRequest, signal: AbortSignal): Promise<Buffer | undefined> =>
    readUnlessGone(upstream, { ...request, deadlineMs: POLL_DEADLINE_MS, signal });
  const seePod: Look = (signal) => read({ identity, method: 'GET', path }, signal);
  const seeLog: Look = async (signal) => {
    const log = await read(logRequest(identity, place, LEAST, false), signal);
    return log && name;
  };
  let see: Look | undefined;
  return async (signal) => {
    if (see !== undefined) return see(signal);
    const seen = await seePod(signal).catch(unlessForbidden);
    see = seen === FORBIDDEN ? ifWaiting(seeLog, name) : seePod;
    return seen === FORBIDDEN ? seeLog(signal) : seen;
  };
}

const FORBIDDEN = Symbol('forbidden');

function unlessForbidden(error: unknown): typeof FORBIDDEN {
  if (isKubegraphError(error, 'FORBIDDEN')) return FORBIDDEN;
  throw error;
}

/** `name` where the API server says that the container waits to be started again. */
function ifWaiting(see: Look, name: Buffer): Look {
  return async (signal) => {
    try {
      return await see(signal);
    } catch (error) {
      if (isKubegraphError(error, 'BAD_REQUEST')) return name;
      throw error;
    }
  };
}

async function readUnlessGone(upstream: Upstream, request: UpstreamRequest): Promise<Buffer | undefined> {
  try {
    return await readWhole((await sendOk(upstream, request)).body);
  } catch (error) {
    if (isKubegraphError(error, 'NOT_FOUND')) return undefined;
    throw error;
  }
}
