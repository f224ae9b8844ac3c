import { getNamedType, type GraphQLObjectType } from 'graphql';
import type { Resource } from '../../catalog/resource.ts';
import { KubegraphError } from '../../errors/kubegraph-error.ts';
import { scopeKey } from '../../watch/scope.ts';
import type { Args } from '../call.ts';
import type { EventReader } from '../event-reader.ts';
import { boundedInt, MAX_BATCH_MS, watchScope } from '../events/watch-arguments.ts';
import { failedSource, type PayloadSource } from '../payload-source.ts';
import { argumentsOf } from '../root-field.ts';
import { sharedWhileUsed } from '../shared-while-used.ts';
import type { SubscriptionField } from '../subscription-field.ts';
import { LiveReader } from './live-reader.ts';
import { LiveSelection } from './live-selection.ts';
import { LiveView } from './live-view.ts';
import { LiveWriter } from './live-writer.ts';
import type { OrderTerm } from './order.ts';

const MAX_TERMS = 8;
/** What GraphQL's Int can say. */
const MAX_FIRST = 2 ** 31 - 1;
const DEFAULT_BATCH_MS = 100;

/** Follows a sorted list of a resource's objects. Throws what is wrong with the arguments, and what the hub throws. */
export function liveQuery(subscription: SubscriptionField, resource: Resource): PayloadSource {
  const { context, field, hub, clock } = subscription;
  const { identity, signal } = context;
  const args = argumentsOf(context, field);
  const writer = writerOf(subscription, resource);
  const scope = watchScope(resource, args);
  const terms = orderBy(args);
  const first = boundedInt(args, 'first', 1, MAX_FIRST) ?? Infinity;
  const batchMs = boundedInt(args, 'batchMs', 1, MAX_BATCH_MS) ?? DEFAULT_BATCH_MS;
  const options = { order: writer.order(terms), first, batchMs, clock };
  const seat = hub.subscribe(identity, scope, { isSilent: true, signal });
  if (seat.isEnded) return failedSource(seat.error);
  // Of what one identity may see, nothing goes to another.
  const key = JSON.stringify([identity.key, scopeKey(scope), terms, first, batchMs]);
  // Readers come and go, and each has a lifetime of its own.
  const watch = (): EventReader =>
    hub.subscribe(identity, scope, { coalesces: true, maxLifetimeMs: Infinity });
  const view = writer.view(key, (onUnread) => new LiveView(watch, writer, options, onUnread));
  return new LiveReader(seat, view);
}

function orderBy(args: Args): readonly OrderTerm[] {
  const terms = args['orderBy'];
  if (!Array.isArray(terms)) return [];
  if (terms.length <= MAX_TERMS) return terms as readonly OrderTerm[];
  throw new KubegraphError('BAD_USER_INPUT', `"orderBy" takes at most ${MAX_TERMS} paths`);
}

function writerOf(
  { context: { selection }, field: { nodes, responseName, definition } }: SubscriptionField,
  resource: Resource,
): LiveWriter {
  const type = getNamedType(definition.type) as GraphQLObjectType;
  return sharedWhileUsed(
    selection,
    nodes,
    () => new LiveWriter(responseName, new LiveSelection(selection, resource, type, nodes)),
  );
}
