import type { KubeObject } from '../api/object.ts';
import { ApiError } from '../api/status.ts';
import type { Change } from '../storage/store.ts';
import { expired } from './errors.ts';
import { FrameQueue } from './frame-queue.ts';
import { type ListOptions, readListOptions } from './list-options.ts';
import type { Cluster, Reply, ResourceRequest, WatchFrame } from './request.ts';
import { readRevision, waitForRevision } from './revisions.ts';
import { selectionOf } from './selection.ts';
import { addedFrame, bookmark, frameOf, isInScope, type WatchScope } from './watch-frames.ts';
import { endsWithDefinition, isRedefinedAfter, scheduleBookmarks, timeoutMs } from './watch-life.ts';

/**
 * Answers a stream of changes. What is wrong with the parameters is thrown; what is wrong with the revision comes as an
 * ERROR in the stream, as from the real server's watch cache.
 *
 * @throws ApiError 400, 422; 500 for a resourceVersion that is no number
 */
export async function watch(cluster: Cluster, request: ResourceRequest): Promise<Reply> {
  const { resource, namespace, query } = request;
  const options = readListOptions(query, true);
  const scope: WatchScope = { resource, namespace, selection: selectionOf(query, resource) };
  const revision = readRevision(options.resourceVersion === '' ? '0' : options.resourceVersion);
  return {
    kind: 'watch',
    resource,
    events: new Watch({ cluster, request, options, scope, revision }).frames(),
  };
}

interface WatchPlan {
  readonly cluster: Cluster;
  readonly request: ResourceRequest;
  readonly options: ListOptions;
  readonly scope: WatchScope;
  /** 0 for now. */
  readonly revision: number;
}

/** One watch, from the moment it is asked for. */
class Watch {
  readonly #plan: WatchPlan;
  readonly #queue = new FrameQueue();
  readonly #closers: (() => void)[] = [];
  #isClosed = false;

  constructor(plan: WatchPlan) {
    this.#plan = plan;
    this.#limitLife();
  }

  async *frames(): AsyncGenerator<WatchFrame> {
    try {
      yield* await this.#begin();
      yield* this.#queue.read();
    } finally {
      this.#close();
    }
  }

  /** Ends with its time, its client, or its resource. */
  #limitLife(): void {
    const { cluster, request, options } = this.#plan;
    const end = (): void => {
      this.#queue.end();
      this.#close();
    };
    request.signal.addEventListener('abort', end, { once: true });
    const duration = timeoutMs(options, cluster.random);
    this.#closers.push(
      () => request.signal.removeEventListener('abort', end),
      cluster.clock.after(duration, end),
      endsWithDefinition(cluster, request.resource, end),
    );
    if (options.allowWatchBookmarks) {
      const send = (): void => this.#queue.push(bookmark(request.resource, cluster.store.revision));
      this.#closers.push(
        scheduleBookmarks({ clock: cluster.clock, resource: request.resource, duration, send }),
      );
    }
  }

  #close(): void {
    this.#isClosed = true;
    for (const close of this.#closers.splice(0)) close();
  }

  /** The frames that come at once; later ones go into the queue. */
  async #begin(): Promise<Iterable<WatchFrame>> {
    const { options, revision } = this.#plan;
    try {
      if (options.sendInitialEvents === false && revision === 0) return this.#follow([]);
      if (options.sendInitialEvents === true || (revision === 0 && options.sendInitialEvents === undefined)) {
        return await this.#state();
      }
      return this.#changes();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#queue.end();
      return [{ type: 'ERROR', object: error.toStatus() }];
    }
  }

  async #state(): Promise<Iterable<WatchFrame>> {
    const { cluster, options, scope, revision } = this.#plan;
    await waitForRevision(cluster, revision);
    const snapshot = cluster.store.snapshot(scope.resource.storageKey, scope.namespace);
    const end = options.allowWatchBookmarks ? [bookmark(scope.resource, snapshot.revision, true)] : [];
    return this.#follow(initialFrames(snapshot.objects, scope, end));
  }

  #changes(): Iterable<WatchFrame> {
    const { cluster, scope, revision } = this.#plan;
    const { store } = cluster;
    const { resource } = scope;
    // From a revision that is yet to come, nothing is sent until it has come.
    const past = revision > store.revision ? [] : store.changesAfter(resource.storageKey, revision);
    if (past === undefined || isRedefinedAfter(cluster, resource, revision))
      throw tooOld(scope, revision, store.oldestRevision);
    return this.#follow(past.flatMap((change) => frameOf(change, scope) ?? []));
  }

  /** Puts all changes from now on into the queue. */
  #follow(first: Iterable<WatchFrame>): Iterable<WatchFrame> {
    const { cluster, scope, revision } = this.#plan;
    if (this.#isClosed) return first;
    const listener = (change: Change): void => {
      if (change.revision <= revision) return;
      const frame = frameOf(change, scope);
      if (frame !== undefined) this.#queue.push(frame);
      if (this.#queue.isEnded) this.#close();
    };
    this.#closers.push(cluster.store.onChange(scope.resource.storageKey, listener));
    return first;
  }
}

/** One by one, so that a long state is not there twice. */
function* initialFrames(
  objects: readonly KubeObject[],
  scope: WatchScope,
  end: readonly WatchFrame[],
): Generator<WatchFrame> {
  for (const object of objects) if (isInScope(object, scope)) yield addedFrame(object, scope);
  yield* end;
}

function tooOld({ resource }: WatchScope, revision: number, oldest: number): ApiError {
  // Events do not pass through the real server's watch cache, so their error is the one of storage.
  if (resource.storageKey === '/events')
    return expired('The resourceVersion for the provided watch is too old.');
  return expired(`too old resource version: ${revision} (${oldest})`);
}
