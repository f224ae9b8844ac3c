import { getNamedType, type GraphQLObjectType } from 'graphql';
import { FollowedLogs } from '../../logs/followed-logs.ts';
import { type LogCursor, readCursor } from '../../logs/log-cursor.ts';
import type { LogRange } from '../../logs/log-request.ts';
import { linePattern } from '../../logs/pattern.ts';
import { type Args, optionalText } from '../call.ts';
import type { PayloadSource } from '../payload-source.ts';
import { argumentsOf } from '../root-field.ts';
import type { SubscriptionField } from '../subscription-field.ts';
import { LinesWriter } from './lines-writer.ts';
import { rangeOf } from './log-arguments.ts';
import { LogSource, type OpenLogs } from './log-source.ts';
import { type FindPods, onePod, podsOfWorkload, type WantedPods } from './wanted-pods.ts';

/** The hand-written fields of `Subscription` in base.graphql. A test compares the two lists. */
export const LOG_SUBSCRIPTIONS: Readonly<Record<string, FindPods>> = {
  podLogs: onePod,
  workloadLogs: podsOfWorkload,
};

/** Follows logs. Throws what is wrong with the arguments. */
export function logSubscription(subscription: SubscriptionField, findPods: FindPods): PayloadSource {
  const { context, field } = subscription;
  const args = argumentsOf(context, field);
  const pods = findPods(subscription, args);
  const container = optionalText(args, 'container');
  const range = rangeOf(args);
  const scope = JSON.stringify([pods.key, container ?? null, range.previous]);
  const resumeFrom = (subscription.resumeFrom ?? optionalText(args, 'resumeFrom')) || undefined;
  const cursor = resumeFrom === undefined ? undefined : readCursor(scope, resumeFrom);
  const writer = new LinesWriter(
    context.selection,
    field.responseName,
    getNamedType(field.definition.type) as GraphQLObjectType,
    field.nodes,
  );
  const opening = open(subscription, { args, pods, container, range, cursor });
  return new LogSource(opening, writer, {
    scope,
    since: cursor === undefined ? sinceOf(range) : cursor.since,
  });
}

interface Wanted {
  readonly args: Args;
  readonly pods: WantedPods;
  readonly container: string | undefined;
  readonly range: LogRange;
  readonly cursor: LogCursor | undefined;
}

async function open(
  { context: { identity, upstream }, clock }: SubscriptionField,
  { args, pods, container, range, cursor }: Wanted,
): Promise<OpenLogs> {
  const grep = optionalText(args, 'grep');
  const pattern = grep === undefined ? undefined : await linePattern(grep);
  const { events, isComplete } = await pods.find();
  const { previous, limitBytes, sinceTime } = range;
  const laterRange = { previous, limitBytes, sinceTime };
  const logs = new FollowedLogs(events, {
    upstream,
    identity,
    clock,
    random: Math.random,
    range: cursor === undefined ? range : { ...laterRange, sinceTime: cursor.since ?? sinceTime },
    laterRange,
    follow: args['follow'] !== false && previous !== true,
    container,
    isOnePod: pods.isOnePod,
    isComplete,
    resumeFrom: cursor,
  });
  return { logs, pattern };
}

/** Where a container begins that has brought no line before the subscription is resumed. */
function sinceOf({ sinceSeconds, sinceTime, tailLines }: LogRange): string | undefined {
  // What it had then, it had said before the last of so many lines.
  if (tailLines !== undefined) return new Date().toISOString();
  return sinceSeconds === undefined ? sinceTime : new Date(Date.now() - sinceSeconds * 1_000).toISOString();
}
