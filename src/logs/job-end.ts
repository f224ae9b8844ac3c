import { METADATA_LIST } from '../cluster/accept.ts';
import type { Identity } from '../cluster/identity.ts';
import { readJson, sendOk } from '../cluster/read.ts';
import { podPath } from '../cluster/resource-path.ts';
import type { Upstream } from '../cluster/upstream.ts';
import { isKubegraphError } from '../errors/kubegraph-error.ts';
import type { FollowedLogsOptions } from './followed-logs.ts';
import { POLL_DEADLINE_MS } from './poll.ts';
import { readWorkload, type Workload, type WorkloadState } from './workload.ts';

/** Answers whether a Job has ended, and all pods that it has left are known. */
export function jobEnd(
  upstream: Upstream,
  identity: Identity,
  job: Workload,
  { uid, podSelector }: WorkloadState,
): NonNullable<FollowedLogsOptions['isComplete']> {
  const hasEnded = async (signal: AbortSignal): Promise<boolean> => {
    try {
      const now = await readWorkload(upstream, identity, job, { signal, deadlineMs: POLL_DEADLINE_MS });
      return now.hasEnded || now.uid !== uid;
    } catch (error) {
      // Without it no pod will come, and those that it leaves are finished.
      if (isKubegraphError(error, 'NOT_FOUND')) return true;
      throw error;
    }
  };
  return async (knows, signal) => {
    if (!(await hasEnded(signal))) return false;
    // What tells of the pods may be behind the Job's status. This is not.
    const { body } = await sendOk(upstream, {
      identity,
      method: 'GET',
      path: podPath(job.namespace),
      query: { labelSelector: podSelector },
      accept: METADATA_LIST,
      deadlineMs: POLL_DEADLINE_MS,
      signal,
    });
    const { items } = (await readJson(body)) as PodMetadataList;
    return (items ?? []).every(({ metadata }) => knows(metadata.uid));
  };
}

interface PodMetadataList {
  /** Null where there are none: the API server's own words for this form of a list. */
  readonly items: readonly { readonly metadata: { readonly uid: string } }[] | null;
}
