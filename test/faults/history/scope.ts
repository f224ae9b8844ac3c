import type { WatchScope } from '../../../src/watch/scope.ts';
import type { Version } from './truth.ts';

/** A scope that somebody watches, and what it means: worked out here, not by the gateway. */
export interface ScopeUnderTest {
  /** For people. */
  readonly title: string;
  /** The plural. */
  readonly resource: string;
  readonly watch: WatchScope;
  /** Whether an object belongs to it. */
  readonly selects: (version: Version) => boolean;
}
