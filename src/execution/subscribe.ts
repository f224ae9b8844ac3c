import type { GraphQLError } from 'graphql';
import { refusal } from './answer.ts';
import { watchEvents } from './events/watch-events.ts';
import { fieldError } from './graphql-errors.ts';
import { liveQuery } from './live/live-query.ts';
import { failedSource, type PayloadSource } from './payload-source.ts';
import type { Payload, SubscriptionAnswer } from './subscription-answer.ts';
import type { SubscriptionField } from './subscription-field.ts';
import { WatchAnswer } from './watch-answer.ts';

/** Never throws: what goes wrong is the answer's last payload. It ends without one when the client leaves. */
export function subscribe(subscription: SubscriptionField): SubscriptionAnswer {
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
    if (binding?.kind !== 'resource')
      throw new Error(`the subscription ${field.definition.name} is bound to nothing`);
    const { action, resource } = binding;
    return action === 'live' ? liveQuery(subscription, resource) : watchEvents(subscription, resource);
  } catch (error) {
    return failedSource(context.signal.aborted ? undefined : error);
  }
}

function failurePayload(error: GraphQLError): Payload {
  const answer = refusal([error]);
  return { json: answer.stringify(answer), cursor: undefined, receivedAt: undefined };
}
