import type { GraphQLError } from 'graphql';
import { backgroundClock, type Clock } from '../util/clock.ts';
import { refusal } from './answer.ts';
import type { Watches } from './event-reader.ts';
import { watchEvents } from './events/watch-events.ts';
import { fieldError } from './graphql-errors.ts';
import { liveQuery } from './live/live-query.ts';
import { LOG_SUBSCRIPTIONS, logSubscription } from './logs/log-subscription.ts';
import { failedSource, type PayloadSource } from './payload-source.ts';
import type { Payload, SubscriptionAnswer } from './subscription-answer.ts';
import type { SubscriptionField } from './subscription-field.ts';
import type { Subscriptions } from './subscriptions.ts';
import { WatchAnswer } from './watch-answer.ts';

/**
 * Answers subscriptions from watches, and from logs of the pods that they tell of.
 *
 * @param clock for what they collect before they send it. Default: the system's.
 */
export function subscriptionsFrom(hub: Watches, clock: Clock = backgroundClock): Subscriptions {
  return { subscribe: (selected) => answerTo({ ...selected, hub, clock }) };
}

function answerTo(subscription: SubscriptionField): SubscriptionAnswer {
  const { context, field, report } = subscription;
  // What a subscriber holds for hours is no more than this of its operation.
  const { signal } = context;
  const { nodes, responseName } = field;
  const failure = (error: unknown): Payload =>
    failurePayload(fieldError(error, nodes, [responseName], signal, report));
  return new WatchAnswer(sourceOf(subscription), failure);
}

function sourceOf(subscription: SubscriptionField): PayloadSource {
  const { context, field } = subscription;
  const binding = field.definition.extensions.root;
  try {
    if (binding === undefined)
      throw new Error(`the subscription ${field.definition.name} is bound to nothing`);
    if (binding.kind === 'base') return baseSource(subscription, binding.name);
    const { action, resource } = binding;
    return action === 'live' ? liveQuery(subscription, resource) : watchEvents(subscription, resource);
  } catch (error) {
    return failedSource(context.signal.aborted ? undefined : error);
  }
}

function baseSource(subscription: SubscriptionField, name: string): PayloadSource {
  const findPods = LOG_SUBSCRIPTIONS[name];
  if (findPods === undefined) throw new Error(`nobody answers the subscription ${name}`);
  return logSubscription(subscription, findPods);
}

function failurePayload(error: GraphQLError): Payload {
  const answer = refusal([error]);
  return { json: answer.stringify(answer), cursor: undefined, receivedAt: undefined };
}
