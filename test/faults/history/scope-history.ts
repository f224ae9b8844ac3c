import type { ScopeUnderTest } from './scope.ts';
import type { Truth, Version } from './truth.ts';

/** Objects by key. */
export type ScopeState = ReadonlyMap<string, Version>;

/** What a change is for those who watch a scope: entering it is ADDED, leaving it is DELETED. */
export interface ScopedEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly version: Version;
}

/** What happened in one scope, worked out from the truth. */
export class ScopeHistory {
  readonly events: readonly ScopedEvent[];
  readonly #byVersion: ReadonlyMap<string, ScopedEvent>;

  constructor(truth: Truth, scope: ScopeUnderTest) {
    this.events = [...eventsOf(truth, scope)];
    this.#byVersion = new Map(
      this.events.map((event) => [versionKey(event.version.uid, event.version.revision), event]),
    );
  }

  /** The event of this object at this revision. */
  find(uid: string, revision: number): ScopedEvent | undefined {
    return this.#byVersion.get(versionKey(uid, revision));
  }

  /** The events behind `after`, up to and including `upTo`. */
  between(after: number, upTo: number): readonly ScopedEvent[] {
    const start = this.events.findIndex(({ version }) => version.revision > after);
    if (start < 0) return [];
    const end = this.events.findIndex(({ version }) => version.revision > upTo);
    return this.events.slice(start, end < 0 ? undefined : end);
  }

  stateAt(revision: number): ScopeState {
    const state = new Map<string, Version>();
    for (const { type, version } of this.events) {
      if (version.revision > revision) break;
      if (type === 'DELETED') state.delete(version.key);
      else state.set(version.key, version);
    }
    return state;
  }
}

function versionKey(uid: string, revision: number): string {
  return `${uid}@${revision}`;
}

function* eventsOf(truth: Truth, scope: ScopeUnderTest): Generator<ScopedEvent> {
  const inside = new Set<string>();
  for (const { resource, isDeletion, version } of truth.writes) {
    if (resource !== scope.resource) continue;
    const wasInside = inside.has(version.key);
    const isInside = !isDeletion && scope.selects(version);
    if (isInside) {
      inside.add(version.key);
      yield { type: wasInside ? 'MODIFIED' : 'ADDED', version };
    } else if (wasInside) {
      inside.delete(version.key);
      yield { type: 'DELETED', version };
    }
  }
}
