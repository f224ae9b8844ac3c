import { getNamedType, type GraphQLObjectType } from 'graphql';
import type { Resource } from '../../catalog/resource.ts';
import { KubegraphError } from '../../errors/kubegraph-error.ts';
import type { ChangeEvent } from '../../watch/event.ts';
import type { SubscribeOptions } from '../../watch/hub.ts';
import { type Args, optionalText } from '../call.ts';
import type { PayloadSource } from '../payload-source.ts';
import { argumentsOf } from '../root-field.ts';
import { sharedWhileUsed } from '../shared-while-used.ts';
import type { SubscriptionField } from '../subscription-field.ts';
import { BatchSource } from './batch-source.ts';
import { EventSelection } from './event-selection.ts';
import { EventSource } from './event-source.ts';
import { EventWriter } from './event-writer.ts';
import { boundedInt, knownVersions, MAX_BATCH_MS, watchScope } from './watch-arguments.ts';

const MAX_PAGE_SIZE = 10_000;
/** Of a batch, where nobody says how large a page of the snapshot may be. */
const DEFAULT_BATCH_EVENTS = 1_000;

/** Subscribes to what happens to a resource's objects, event by event or in batches. Throws what is wrong with the arguments. */
export function watchEvents(subscription: SubscriptionField, resource: Resource): PayloadSource {
  const { context, field, hub, clock } = subscription;
  const args = argumentsOf(context, field);
  const writer = writerOf(subscription, resource);
  const batchMs = boundedInt(args, 'batchMs', 1, MAX_BATCH_MS);
  const pageSize = boundedInt(args, 'snapshotPageSize', 1, MAX_PAGE_SIZE);
  const isBatched = batchMs !== undefined || pageSize !== undefined;
  if (isBatched && !writer.showsBatches) {
    const name = batchMs === undefined ? 'snapshotPageSize' : 'batchMs';
    throw new KubegraphError('BAD_USER_INPUT', `"${name}" sends BATCHes: select their "events { … }"`);
  }
  const events = hub.subscribe(context.identity, watchScope(resource, args), {
    ...startOf(subscription, resource, args),
    ...(args['onlyWhenSelectedChanges'] === true
      ? { accepts: (event: ChangeEvent) => writer.hasChanged(event, isBatched) }
      : {}),
    coalesces: batchMs !== undefined,
    signal: context.signal,
  });
  if (!isBatched) return new EventSource(events, writer);
  return new BatchSource(events, writer, { batchMs, maxEvents: pageSize ?? DEFAULT_BATCH_EVENTS, clock });
}

/** Where the subscription begins. */
function startOf(
  { resumeFrom: fromTransport }: SubscriptionField,
  resource: Resource,
  args: Args,
): Pick<SubscribeOptions, 'resumeFrom' | 'known' | 'initial'> {
  // A transport that comes back by itself repeats the document: what it said that it knew is from when it first came.
  const known = fromTransport === undefined ? knownVersions(resource, args) : undefined;
  const resumeFrom = (fromTransport ?? optionalText(args, 'resumeFrom')) || undefined;
  if (known !== undefined && args['initial'] === false) {
    throw new KubegraphError(
      'BAD_USER_INPUT',
      '"known" asks for what has changed since, and "initial: false" for nothing of it: leave one out',
    );
  }
  return {
    ...(resumeFrom === undefined ? {} : { resumeFrom }),
    ...(known === undefined ? {} : { known }),
    // Who comes back has missed something, and wants to have it.
    initial: resumeFrom !== undefined || args['initial'] !== false,
  };
}

function writerOf(
  { context: { selection }, field: { nodes, responseName, definition }, report }: SubscriptionField,
  resource: Resource,
): EventWriter {
  const type = getNamedType(definition.type) as GraphQLObjectType;
  return sharedWhileUsed(selection, nodes, () => {
    const events = new EventSelection(selection, resource, type, nodes);
    return new EventWriter(responseName, events, { nodes, report });
  });
}
