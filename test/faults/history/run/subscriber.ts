import { KUBECONFIG_IDENTITY } from '../../../../src/cluster/identity.ts';
import { CursorCodec } from '../../../../src/watch/cursor.ts';
import type { Ending, Held, Recording, Session, Start, Told } from '../record.ts';
import type { ScopeUnderTest } from '../scope.ts';
import { apply } from '../state.ts';
import { type Client, type Heard, SubscriptionEnded } from './client.ts';

/** How a subscriber comes back; the first time it comes for a snapshot, unless it wants changes only. */
export type Comeback = 'cursor' | 'known' | 'cursor and known' | 'fresh' | 'changes';

export interface SubscriberOptions {
  readonly name: string;
  readonly scope: ScopeUnderTest;
  /** Replicas of the gateway; it comes back to any of them. */
  readonly clients: readonly Client[];
  readonly comeback: Comeback;
  /** It reads slowly or asks for the latest states, and so may get those only. */
  readonly mayCoalesce: boolean;
  /** How long it thinks after each event, in milliseconds; 0 for not at all. */
  readonly paceMs: () => number;
  /** After so many events it leaves, to come back. */
  readonly patience: () => number;
  readonly pick: <T>(values: readonly T[]) => T;
  /** The newest revision of the truth. */
  readonly revision: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

interface OpenSession {
  readonly start: Start;
  readonly told: Told[];
  ending: Ending | undefined;
}

/** How long it stays away, in milliseconds. */
const AWAY_MS = 100;

/** Follows a scope, leaves and comes back, and writes down what it was told. */
export class HistorySubscriber {
  /** What it could not cope with. */
  readonly failures: string[] = [];
  readonly #options: SubscriberOptions;
  readonly #cursors: CursorCodec;
  readonly #sessions: OpenSession[] = [];
  #reached = 0;
  #held = new Map<string, Held>();
  #cursor: { readonly text: string; readonly isIdle: boolean } | undefined;
  #leaving = new AbortController();
  #isStaying = false;
  #isOver = false;
  #wake: () => void = () => undefined;
  readonly #following: Promise<void>;

  constructor(options: SubscriberOptions) {
    this.#options = options;
    this.#cursors = new CursorCodec(options.scope.watch, KUBECONFIG_IDENTITY.kind);
    this.#following = this.#follow().catch((error: unknown) => {
      this.failures.push(String(error));
      this.#wake();
    });
  }

  get title(): string {
    return `${this.#options.name}, ${this.#options.scope.title}`;
  }

  /** From now on it reads whatever comes, and does not leave. */
  stay(): void {
    this.#isStaying = true;
  }

  /** Whether a cursor claims that it has been told of everything up to `revision`. */
  hasReached(revision: number): boolean {
    return this.#reached >= revision;
  }

  /** Resolves when it has, or has failed for good. One call at a time. */
  async reaches(revision: number): Promise<void> {
    while (!this.hasReached(revision) && this.failures.length === 0)
      await new Promise<void>((resolve) => (this.#wake = resolve));
  }

  async leave(): Promise<void> {
    this.#isOver = true;
    this.#leaving.abort();
    await this.#following;
  }

  get recording(): Recording {
    const { name, scope, mayCoalesce, comeback } = this.#options;
    const sessions: Session[] = this.#sessions.map((session, index) => ({
      ...session,
      isLast: index === this.#sessions.length - 1,
    }));
    return { name, scope, mayCoalesce, sessions, held: comeback === 'changes' ? undefined : this.#held };
  }

  async #follow(): Promise<void> {
    while (!this.#isOver) {
      await this.#subscribe();
      if (!this.#isOver) await this.#options.sleep(AWAY_MS);
    }
  }

  async #subscribe(): Promise<void> {
    const session: OpenSession = { start: this.#start(), told: [], ending: undefined };
    this.#sessions.push(session);
    if (session.start.kind === 'fresh') this.#held = new Map();
    this.#leaving = new AbortController();
    if (this.#isOver) return;
    try {
      await this.#read(session);
    } catch (error) {
      if (this.#isOver) return;
      if (!(error instanceof SubscriptionEnded) || !comesBackAfter(error)) throw error;
      const position = this.#positionOf(error.cursor);
      session.ending = { code: error.code, position };
      if (error.cursor !== undefined) this.#cursor = { text: error.cursor, isIdle: true };
    }
  }

  async #read(session: OpenSession): Promise<void> {
    const { clients, patience, paceMs, pick, scope, sleep } = this.#options;
    let left = patience();
    for await (const heard of pick(clients).subscribe(scope, session.start, this.#leaving.signal)) {
      this.#note(session, heard);
      if (this.#isOver || (--left < 0 && !this.#isStaying)) return;
      const ms = this.#isStaying ? 0 : paceMs();
      if (ms > 0) await sleep(ms);
    }
  }

  #note(session: OpenSession, heard: Heard): void {
    const moment = { position: this.#positionOf(heard.cursor), revision: this.#options.revision() };
    const told: Told = { ...heard, ...moment };
    // A snapshot takes the place of what was there, and it may be empty.
    const isFirst = told.isSnapshot && session.told.length === 0;
    if (isFirst) this.#held = new Map();
    session.told.push(told);
    apply(this.#held, told);
    this.#reached = told.position ?? 0;
    this.#cursor = { text: told.cursor, isIdle: told.type === 'SYNCED' };
    this.#wake();
  }

  #start(): Start {
    const { comeback } = this.#options;
    if (comeback === 'changes') return { kind: 'changes' };
    const position = this.#positionOf(this.#cursor?.text);
    const known = new Map(this.#held);
    if (comeback === 'known' && this.#cursor !== undefined) return { kind: 'known', known };
    if (comeback === 'fresh' || this.#cursor === undefined || position === undefined)
      return { kind: 'fresh' };
    const { text: cursor, isIdle } = this.#cursor;
    return { kind: 'resumed', cursor, position, isIdle, known: comeback === 'cursor' ? undefined : known };
  }

  #positionOf(cursor: string | undefined): number | undefined {
    const position = cursor === undefined ? undefined : this.#cursors.read(cursor);
    return position === undefined ? undefined : Number(position);
  }
}

/** While certificates and tokens change, the old ones are refused for a moment: who is patient asks again. */
function comesBackAfter({ code, isRetryable }: SubscriptionEnded): boolean {
  return isRetryable || code === 'UNAUTHENTICATED';
}
