import { podPath } from '../../cluster/resource-path.ts';
import type { FollowedLogsOptions } from '../../logs/followed-logs.ts';
import { jobEnd } from '../../logs/job-end.ts';
import { lookAtPod } from '../../logs/look-at-pod.ts';
import { PermittedEvents, type PodEvents } from '../../logs/pod-events.ts';
import { PolledPod } from '../../logs/polled-pod.ts';
import { readWorkload } from '../../logs/workload.ts';
import type { WatchScope } from '../../watch/scope.ts';
import { type Args, optionalText } from '../call.ts';
import type { SubscriptionField } from '../subscription-field.ts';
import { segmentOf, workloadOf } from './log-arguments.ts';

/** The pods whose logs are wanted. */
export interface WantedPods {
  readonly isOnePod: boolean;
  /** The same text for the same pods. */
  readonly key: string;
  /** Rejects as the reads do that it takes. */
  readonly find: () => Promise<FoundPods>;
}

type FoundPods = Pick<FollowedLogsOptions, 'isComplete'> & {
  readonly events: PodEvents;
};

/** Throws what is wrong with the arguments. */
export type FindPods = (subscription: SubscriptionField, args: Args) => WantedPods;

/** One pod by its name: whoever may not watch it may still look at it. */
export const onePod: FindPods = (subscription, args) => {
  const namespace = segmentOf(args, 'namespace');
  const pod = segmentOf(args, 'name');
  const place = { namespace, pod, container: optionalText(args, 'container') };
  const { context, hub, clock } = subscription;
  const { upstream, identity, signal } = context;
  const look = lookAtPod(upstream, identity, place);
  const polled = (): PodEvents => {
    const seat = hub.takeSeat(identity, signal);
    return new PolledPod({ clock, random: Math.random, place, look, seat });
  };
  const scope = { path: podPath(namespace), fieldSelector: `metadata.name=${pod}` };
  const find = (): Promise<FoundPods> =>
    Promise.resolve({ events: new PermittedEvents(watched(subscription, scope), polled) });
  return { isOnePod: true, key: `${namespace}/${pod}`, find };
};

/** The pods of a workload, or of a label selector. */
export const podsOfWorkload: FindPods = (subscription, args) => {
  const { upstream, identity, signal } = subscription.context;
  const wanted = workloadOf(args);
  const namespace = segmentOf(args, 'namespace');
  const path = podPath(namespace);
  const find = async (): Promise<FoundPods> => {
    if (typeof wanted === 'string') return { events: watched(subscription, { path, labelSelector: wanted }) };
    const workload = await readWorkload(upstream, identity, wanted, { signal });
    return {
      events: watched(subscription, { path, labelSelector: workload.podSelector }),
      isComplete: wanted.kind === 'JOB' ? jobEnd(upstream, identity, wanted, workload) : undefined,
    };
  };
  return { isOnePod: false, key: JSON.stringify([namespace, wanted]), find };
};

function watched({ hub, context }: SubscriptionField, scope: WatchScope): PodEvents {
  const { identity, signal } = context;
  return hub.subscribe(identity, scope, { coalesces: true, signal });
}
