import { type Controller, controlled, itself, type World } from '../controller.ts';
import { conditionOf, isTrue } from '../conditions.ts';
import { type Condition, type Job, JOBS, type JobStatus, type Labels, type Pod, PODS } from '../kinds.ts';
import { isBeingDeleted, splitKey } from '../objects.ts';
import { createPod, isEnded, isReady } from '../pods.ts';
import { withoutZeros } from '../status.ts';
import { SECOND, timestamp } from '../time.ts';

const FROM = 'job-controller';

/** Runs pods until enough of them have succeeded, or too many have failed. */
export function createJobs(world: World): Controller {
  return {
    name: 'jobs',
    watches: [itself(JOBS), controlled(PODS, 'Job')],
    reconcile(key) {
      const { namespace, name } = splitKey(key);
      const job = world.objects.get(JOBS, namespace, name);
      if (job === undefined || isBeingDeleted(job)) return undefined;
      if (job.spec.selector === undefined) {
        world.objects.put(JOBS, withSelector(job));
        return undefined;
      }
      if (isFinished(job)) return expire(world, job);
      run(world, job);
      return undefined;
    },
  };
}

/** What the server writes into a job when it is created, where that has not happened. */
function withSelector(job: Job): Job {
  const labels: Labels = {
    'batch.kubernetes.io/controller-uid': job.metadata.uid ?? '',
    'batch.kubernetes.io/job-name': job.metadata.name,
    'controller-uid': job.metadata.uid ?? '',
    'job-name': job.metadata.name,
  };
  const { template } = job.spec;
  return {
    ...job,
    metadata: { ...job.metadata, labels: { ...labels, ...job.metadata.labels } },
    spec: {
      parallelism: 1,
      completions: 1,
      backoffLimit: 6,
      completionMode: 'NonIndexed',
      manualSelector: false,
      podReplacementPolicy: 'TerminatingOrFailed',
      suspend: false,
      ...job.spec,
      selector: { matchLabels: { 'batch.kubernetes.io/controller-uid': job.metadata.uid ?? '' } },
      template: {
        ...template,
        metadata: { ...template.metadata, labels: { ...template.metadata?.labels, ...labels } },
      },
    },
  };
}

export function isFinished({ status }: Job): boolean {
  return isTrue(status?.conditions, 'Complete') || isTrue(status?.conditions, 'Failed');
}

/** Deletes a finished job whose time to live is over. */
function expire(world: World, job: Job): number | undefined {
  const { ttlSecondsAfterFinished } = job.spec;
  if (ttlSecondsAfterFinished === undefined) return undefined;
  const ended =
    conditionOf(job.status?.conditions, 'Complete') ?? conditionOf(job.status?.conditions, 'Failed');
  const left =
    Date.parse(ended?.lastTransitionTime ?? '') + ttlSecondsAfterFinished * SECOND - world.clock.now();
  if (left > 0) return left;
  world.objects.delete(JOBS, job);
  return undefined;
}

function run(world: World, job: Job): void {
  const pods = world.owners.controlled(PODS, job);
  const active = pods.filter((pod) => !isEnded(pod) && !isBeingDeleted(pod));
  const succeeded = pods.filter(({ status }) => status?.phase === 'Succeeded').length;
  const failed = pods.filter(({ status }) => status?.phase === 'Failed').length;
  const { parallelism = 1, completions = parallelism, backoffLimit = 6, suspend = false } = job.spec;
  if (succeeded >= completions) {
    finish(world, job, active, { counts: { succeeded, failed }, ...COMPLETE });
    return;
  }
  if (failed > backoffLimit) {
    finish(world, job, active, { counts: { succeeded, failed }, ...FAILED });
    return;
  }
  if (suspend) for (const pod of active) world.objects.delete(PODS, pod);
  const wanted = suspend ? 0 : Math.min(parallelism, completions - succeeded);
  for (let count = active.length; count < wanted; count++) {
    const { metadata } = createPod(world, job, job.spec.template);
    world.events.tell(job, {
      reason: 'SuccessfulCreate',
      message: `Created pod: ${metadata.name}`,
      from: FROM,
    });
  }
  const now = world.owners.controlled(PODS, job).filter((pod) => !isEnded(pod) && !isBeingDeleted(pod));
  world.objects.setStatus(JOBS, job, {
    ...(job.status?.conditions === undefined ? {} : { conditions: job.status.conditions }),
    startTime: job.status?.startTime ?? timestamp(world.clock.now()),
    ...withoutZeros({ active: now.length, succeeded, failed }),
    terminating: pods.filter(isBeingDeleted).length,
    uncountedTerminatedPods: {},
    ready: now.filter(isReady).length,
  });
}

interface End {
  readonly first: string;
  readonly last: string;
  readonly reason: string;
  readonly message: string;
}

const COMPLETE: End = {
  first: 'SuccessCriteriaMet',
  last: 'Complete',
  reason: 'CompletionsReached',
  message: 'Reached expected number of succeeded pods',
};
const FAILED: End = {
  first: 'FailureTarget',
  last: 'Failed',
  reason: 'BackoffLimitExceeded',
  message: 'Job has reached the specified backoff limit',
};

function finish(
  world: World,
  job: Job,
  active: readonly Pod[],
  {
    counts,
    first,
    last,
    reason,
    message,
  }: End & { readonly counts: { readonly succeeded: number; readonly failed: number } },
): void {
  for (const pod of active) world.objects.delete(PODS, pod);
  const now = timestamp(world.clock.now());
  const condition = (type: string): Condition => ({
    type,
    status: 'True',
    lastProbeTime: now,
    lastTransitionTime: now,
    reason,
    message,
  });
  const isComplete = last === 'Complete';
  const status: JobStatus = {
    conditions: [...(job.status?.conditions ?? []), condition(first), condition(last)],
    startTime: job.status?.startTime ?? now,
    ...(isComplete ? { completionTime: now } : {}),
    ...withoutZeros(counts),
    terminating: 0,
    uncountedTerminatedPods: {},
    ready: 0,
  };
  world.objects.setStatus(JOBS, job, status);
  world.events.tell(
    job,
    isComplete
      ? { reason: 'Completed', message: 'Job completed', from: FROM }
      : { type: 'Warning', reason: 'BackoffLimitExceeded', message, from: FROM },
  );
}
