import { type Controller, controlled, itself, type World } from '../controller.ts';
import { isTrue } from '../conditions.ts';
import { CRON_JOBS, type CronJob, type Job, JOBS } from '../kinds.ts';
import { controlledBy, isBeingDeleted, splitKey } from '../objects.ts';
import { nextTime, parseSchedule } from '../schedule.ts';
import { MINUTE, timestamp } from '../time.ts';
import { isFinished } from './jobs.ts';

const FROM = 'cronjob-controller';
/** Of the past only the last runs are lived through: older ones would be forgotten anyway. */
const REMEMBERED_MS = 16 * MINUTE;

/** Starts jobs by the clock. */
export function createCronJobs(world: World): Controller {
  /** When each is to run next, by uid. */
  const planned = new Map<string, { readonly schedule: string; readonly at: number }>();

  return {
    name: 'cronjobs',
    watches: [itself(CRON_JOBS), controlled(JOBS, 'CronJob')],
    reconcile(key) {
      const { namespace, name } = splitKey(key);
      const cron = world.objects.get(CRON_JOBS, namespace, name);
      if (cron === undefined || isBeingDeleted(cron)) return undefined;
      tidyUp(world, cron);
      const schedule = parseSchedule(cron.spec.schedule);
      if (schedule === undefined || cron.spec.suspend === true) return undefined;
      const id = cron.metadata.uid ?? '';
      const now = world.clock.now();
      let plan = planned.get(id);
      if (plan === undefined || plan.schedule !== cron.spec.schedule) {
        plan = { schedule: cron.spec.schedule, at: nextTime(schedule, now) };
        planned.set(id, plan);
      }
      if (plan.at > now) return plan.at - now;
      if (mayStart(world)) start(world, cron, plan.at);
      plan = { schedule: cron.spec.schedule, at: nextTime(schedule, now) };
      planned.set(id, plan);
      return plan.at - now;
    },
  };
}

function mayStart({ isStill, agoMs }: World): boolean {
  // The last minute before the demo starts is left alone, so that everything has come to rest by then.
  return agoMs() === 0 ? !isStill() : agoMs() > MINUTE && agoMs() <= REMEMBERED_MS;
}

function start(world: World, cron: CronJob, at: number): void {
  const running = activeJobs(world, cron);
  if (cron.spec.concurrencyPolicy === 'Forbid' && running.length > 0) return;
  if (cron.spec.concurrencyPolicy === 'Replace') {
    for (const job of running) world.objects.delete(JOBS, job);
  }
  const { metadata = {}, spec } = cron.spec.jobTemplate;
  const job = world.objects.create(JOBS, {
    metadata: {
      name: `${cron.metadata.name}-${Math.floor(at / MINUTE)}`,
      namespace: cron.metadata.namespace ?? 'default',
      ...(metadata.labels === undefined ? {} : { labels: metadata.labels }),
      annotations: {
        ...metadata.annotations,
        'batch.kubernetes.io/cronjob-scheduled-timestamp': timestamp(at),
      },
      ownerReferences: [controlledBy(cron)],
    },
    spec,
    status: {},
  });
  world.events.tell(cron, {
    reason: 'SuccessfulCreate',
    message: `Created job ${job.metadata.name}`,
    from: FROM,
  });
  writeStatus(world, cron, timestamp(at));
}

/** Notes which jobs have ended, and removes those beyond the history's limits. */
function tidyUp(world: World, cron: CronJob): void {
  const jobs = world.owners
    .controlled(JOBS, cron)
    .toSorted((a, b) => a.metadata.name.localeCompare(b.metadata.name));
  const complete = jobs.filter(({ status }) => isTrue(status?.conditions, 'Complete'));
  const failed = jobs.filter(({ status }) => isTrue(status?.conditions, 'Failed'));
  forget(world, complete, cron.spec.successfulJobsHistoryLimit ?? 3);
  forget(world, failed, cron.spec.failedJobsHistoryLimit ?? 1);
  // Without any scheduled run there is nothing to note.
  if (jobs.length > 0) writeStatus(world, cron, cron.status?.lastScheduleTime);
}

function forget(world: World, jobs: readonly Job[], limit: number): void {
  for (const job of jobs.slice(0, Math.max(0, jobs.length - limit))) world.objects.delete(JOBS, job);
}

function writeStatus(world: World, cron: CronJob, lastScheduleTime: string | undefined): void {
  const live = world.objects.get(CRON_JOBS, cron.metadata.namespace, cron.metadata.name) ?? cron;
  const running = activeJobs(world, cron);
  const ends = world.owners.controlled(JOBS, cron).map(({ status }) => status?.completionTime ?? '');
  const lastSuccessfulTime = [live.status?.lastSuccessfulTime ?? '', ...ends].toSorted().at(-1);
  const known = new Set(
    (live.status?.active ?? []).map((reference) => (reference as { readonly name: string }).name),
  );
  for (const job of world.owners.controlled(JOBS, cron)) {
    if (isFinished(job) && known.has(job.metadata.name)) sawCompleted(world, cron, job);
  }
  world.objects.setStatus(CRON_JOBS, live, {
    ...(running.length === 0 ? {} : { active: running.map(reference) }),
    ...(lastScheduleTime === undefined ? {} : { lastScheduleTime }),
    ...(lastSuccessfulTime ? { lastSuccessfulTime } : {}),
  });
}

function sawCompleted(world: World, cron: CronJob, job: Job): void {
  const end = isTrue(job.status?.conditions, 'Complete') ? 'Complete' : 'Failed';
  const message = `Saw completed job: ${job.metadata.name}, condition: ${end}`;
  world.events.tell(cron, { reason: 'SawCompletedJob', message, from: FROM });
}

function activeJobs(world: World, cron: CronJob): readonly Job[] {
  return world.owners.controlled(JOBS, cron).filter((job) => !isFinished(job) && !isBeingDeleted(job));
}

function reference({ metadata }: Job): unknown {
  return {
    kind: 'Job',
    namespace: metadata.namespace,
    name: metadata.name,
    uid: metadata.uid,
    apiVersion: 'batch/v1',
    resourceVersion: metadata.resourceVersion,
  };
}
