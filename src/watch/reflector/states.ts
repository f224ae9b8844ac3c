import type { KubegraphError } from '../../errors/kubegraph-error.ts';
import type { ChangeType } from '../event.ts';
import type { ObservedObject } from '../wire/observed-object.ts';

/**
 * Where a reflector is in its life.
 *
 *   empty -> initialising -> watching            the normal start: a streaming list whose stream goes on as the watch
 *   empty | initialising -> listing -> synced    no streaming lists here: a paged list
 *   synced -> watching                           the watch from `resourceVersion` is open
 *   watching -> synced                           it ended; open the next one from where it got to
 *   synced | watching -> initialising | listing  410: the position is forgotten; list again and compare
 *   synced | watching -> initialising | listing  the API server is behind our position, as a restored etcd is: the same
 *   any -> waiting -> the same                   something failed; try again after a back-off
 *   any -> ended                                 trying again would not help
 *
 * A reflector that resumes a cursor starts as `synced`.
 */
export type Phase =
  | { readonly kind: 'empty' }
  | { readonly kind: 'initialising' }
  /** `resourceVersion` is the first page's, which all pages are a part of. */
  | { readonly kind: 'listing'; readonly page: PagePosition | undefined }
  | { readonly kind: 'synced'; readonly resourceVersion: string }
  | { readonly kind: 'watching'; readonly resourceVersion: string }
  | { readonly kind: 'waiting'; readonly next: Target }
  | { readonly kind: 'ended' };

export interface PagePosition {
  readonly continueToken: string;
  readonly resourceVersion: string;
}

/** What to do next. */
export type Target =
  | { readonly kind: 'list' }
  | { readonly kind: 'page'; readonly page: PagePosition }
  | { readonly kind: 'watch'; readonly resourceVersion: string };

/** What a reflector knows in whatever phase. */
export interface Facts {
  /**
   * `list`: it has a complete view and may list again. `cursor`: it continues somebody else's view, which it does not
   * know; when the position is lost, so is the view.
   */
  readonly base: 'list' | 'cursor';
  readonly lists: 'streaming' | 'paged';
  /** Whether there has been a complete list, or the API server has accepted the cursor's position. */
  readonly confirmed: boolean;
  /** Whether the position that a cursor came with is known not to be ahead of the API server, or nobody can tell. */
  readonly isChecked: boolean;
  /** Whether nothing was said against the position of a cursor for a while. */
  readonly isSettled: boolean;
  /** The failure that brings this to 0 before `confirmed` ends the reflector. */
  readonly startFailuresLeft: number;
  /** Position of the last complete list. */
  readonly listedAt: string | undefined;
}

export interface ReflectorState {
  readonly phase: Phase;
  readonly facts: Facts;
}

export type Input =
  | { readonly kind: 'start' }
  /** The back-off is over. */
  | { readonly kind: 'waited' }
  /** The API server has answered a watch with 2xx. */
  | { readonly kind: 'opened' }
  /** Nothing was said against the position for a while. */
  | { readonly kind: 'settled' }
  /** When the API server was asked, the collection was at `resourceVersion`; undefined when it could not be found out. */
  | { readonly kind: 'present'; readonly asked: string; readonly resourceVersion: string | undefined }
  | {
      readonly kind: 'page';
      readonly items: readonly ObservedObject[];
      readonly resourceVersion: string;
      readonly continueToken: string | undefined;
    }
  | { readonly kind: 'change'; readonly type: ChangeType; readonly object: ObservedObject }
  | { readonly kind: 'bookmark'; readonly resourceVersion: string; readonly endsInitialEvents: boolean }
  /** The stream ended cleanly. `isEmptyAndShort`: at once, and without a frame. */
  | { readonly kind: 'closed'; readonly isEmptyAndShort: boolean }
  /** The connection looks dead. */
  | { readonly kind: 'stalled' }
  /** Somebody has seen more than this view has. */
  | { readonly kind: 'behind' }
  /** A streaming list did not get to its end in time. */
  | { readonly kind: 'overdue' }
  /** A refused request, an ERROR event, a cut connection, no connection. */
  | { readonly kind: 'failed'; readonly error: KubegraphError };

/** What the driver has to do. Whatever was under way ends when one of the first four starts. */
export type Effect =
  /** A streaming list, with an empty collection. */
  | { readonly kind: 'streamList' }
  /** `check`: whether input `present` is wanted, too. */
  | {
      readonly kind: 'openWatch';
      readonly resourceVersion: string;
      readonly check: 'always' | 'afterSilence';
    }
  /** Without a page: the first one, with an empty collection. */
  | { readonly kind: 'fetchPage'; readonly page: PagePosition | undefined }
  | { readonly kind: 'wait'; readonly atLeastMs: number }
  | { readonly kind: 'end'; readonly error: KubegraphError }
  /** Input `present` is wanted. */
  | { readonly kind: 'checkPosition'; readonly resourceVersion: string }
  /** Input `settled` is wanted after a while. */
  | { readonly kind: 'awaitSettled' }
  | { readonly kind: 'collect'; readonly type: ChangeType; readonly objects: readonly ObservedObject[] }
  /** The collection is the complete state at `resourceVersion`. */
  | { readonly kind: 'commit'; readonly resourceVersion: string }
  /** Streaming lists are not available here, a paged one is. */
  | { readonly kind: 'rememberPaged' }
  /** The collection is at `resourceVersion` or further; undefined when nobody knows. */
  | { readonly kind: 'locate'; readonly resourceVersion: string | undefined }
  /** The API server continues the cursor's view. */
  | { readonly kind: 'confirm'; readonly resourceVersion: string }
  /** A change behind the complete state; `resourceVersion` is the position behind it. */
  | {
      readonly kind: 'apply';
      readonly type: ChangeType;
      readonly object: ObservedObject;
      readonly resourceVersion: string;
    }
  /** Nothing more happened up to `resourceVersion`. */
  | { readonly kind: 'advance'; readonly resourceVersion: string };

export interface StartOptions {
  /** Default `streaming`. */
  readonly lists?: 'streaming' | 'paged';
  /** This many failures before the first success end the reflector. */
  readonly maxStartFailures: number;
}

/** A reflector that lists first. */
export function freshState(options: StartOptions): ReflectorState {
  return { phase: { kind: 'empty' }, facts: factsOf('list', options) };
}

/** A reflector that continues behind `resourceVersion` and knows nothing of what was before. */
export function resumedState(resourceVersion: string, options: StartOptions): ReflectorState {
  return { phase: { kind: 'synced', resourceVersion }, facts: factsOf('cursor', options) };
}

function factsOf(base: Facts['base'], options: StartOptions): Facts {
  return {
    base,
    lists: options.lists ?? 'streaming',
    confirmed: false,
    isChecked: false,
    isSettled: false,
    startFailuresLeft: options.maxStartFailures,
    listedAt: undefined,
  };
}
