import type { Engine } from '../../../src/execution/engine.ts';
import { KUBECONFIG_IDENTITY } from '../../../src/cluster/identity.ts';
import { CODES, type Code } from '../../../src/errors/codes.ts';
import { parseAnswer } from '../../unit/support/test-engine.ts';
import type { FastClock } from './fast-clock.ts';
import { readAnswers } from './read-answers.ts';
import { entry, NAMESPACE, type Objects, type State } from './objects.ts';

/** When to say what is wrong instead of waiting on. Nothing is measured by it. */
const PATIENCE_MS = 20_000;

interface Event {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'SYNCED';
  readonly cursor: string;
  readonly snapshot: boolean;
  readonly object?: {
    readonly metadata: { readonly name: string; readonly uid: string; readonly resourceVersion: string };
  };
}

export interface SubscriberOptions {
  readonly engine: Engine;
  readonly clock: FastClock;
  readonly objects: Objects;
  readonly report: () => string;
}

/**
 * A client that folds what it is told into a state, and comes back with its cursor when its subscription ends with an error
 * that may pass, as the table of errors has it.
 */
export class Subscriber {
  /** Codes that subscriptions have ended with. */
  readonly failures: string[] = [];
  readonly #options: SubscriberOptions;
  readonly #leaving = new AbortController();
  readonly #violations: string[] = [];
  readonly #state = new Map<string, string>();
  /** Versions by uid, of this subscription: a resumed one may repeat. */
  #seen = new Map<string, number>();
  #cursor: string | undefined;
  #isContinuing = false;
  #syncedCount = 0;
  #isRunning = true;
  #wake: () => void = () => undefined;

  constructor(options: SubscriberOptions) {
    this.#options = options;
    this.#follow().catch((error: unknown) => this.#violations.push(`it ended with ${String(error)}`));
  }

  leave(): void {
    this.#leaving.abort();
  }

  /** Resolves when the state is the store's. Throws what is wrong. */
  async converges(): Promise<void> {
    const { objects, report } = this.#options;
    const timeout = setTimeout(() => {
      this.#violations.push('it never became');
      this.#wake();
    }, PATIENCE_MS);
    try {
      for (;;) {
        if (this.#violations.length > 0) break;
        if (this.#syncedCount > 0 && difference(this.#state, objects.state).length === 0) return;
        await new Promise<void>((resolve) => (this.#wake = resolve));
      }
    } finally {
      clearTimeout(timeout);
    }
    const wrong = [...this.#violations, ...difference(this.#state, objects.state)].join('\n');
    throw new Error(
      `${wrong}\n${this.#isRunning ? '' : `ended, failures: ${this.failures.join(', ')}\n`}${report()}`,
    );
  }

  async #follow(): Promise<void> {
    while (!this.#leaving.signal.aborted) {
      const code = await this.#readOne();
      if (code === undefined) break;
      this.failures.push(code);
      if (!CODES[code].retryable) {
        this.#violations.push(`it ended with ${code}`);
        break;
      }
      await this.#options.clock.sleep(1000);
    }
    this.#isRunning = false;
    this.#wake();
  }

  /** Reads one subscription to its end. Answers the code that it ended with. */
  async #readOne(): Promise<Code | undefined> {
    this.#isContinuing = this.#cursor !== undefined;
    if (!this.#isContinuing) this.#state.clear();
    this.#seen = new Map();
    this.#syncedCount = 0;
    const resume = this.#cursor === undefined ? '' : `, resumeFrom: ${JSON.stringify(this.#cursor)}`;
    const answers = await this.#options.engine.execute({
      query: `subscription { configMaps(namespace: "${NAMESPACE}"${resume}) { type cursor snapshot object { metadata { name uid resourceVersion } } } }`,
      identity: KUBECONFIG_IDENTITY,
      signal: this.#leaving.signal,
    });
    for await (const { data, errors } of 'take' in answers ? readAnswers(answers) : [parseAnswer(answers)]) {
      const [failure] = errors;
      if (failure !== undefined) {
        const { cursor } = failure.extensions;
        if (typeof cursor === 'string') this.#cursor = cursor;
        return failure.extensions['code'] as Code;
      }
      this.#fold(data?.['configMaps'] as Event);
      this.#wake();
    }
    return undefined;
  }

  #fold({ type, cursor, snapshot, object }: Event): void {
    if (type === 'SYNCED' || object === undefined) {
      this.#cursor = cursor;
      this.#syncedCount++;
      if (this.#syncedCount > 1) this.#violations.push('SYNCED came twice');
      return;
    }
    const { name, uid, resourceVersion } = object.metadata;
    // The position was forgotten, and a snapshot replaces the state.
    if (this.#isContinuing && snapshot) {
      this.#state.clear();
      this.#isContinuing = false;
    }
    this.#cursor = cursor;
    const seen = this.#seen.get(uid) ?? 0;
    if (Number(resourceVersion) < seen) {
      this.#violations.push(`${name} went back from ${seen} to ${resourceVersion}`);
    }
    this.#seen.set(uid, Number(resourceVersion));
    if (type !== 'DELETED') this.#state.set(name, entry(uid, resourceVersion));
    else if (this.#state.get(name)?.startsWith(`${uid}@`) === true) this.#state.delete(name);
  }
}

function difference(actual: State, expected: State): readonly string[] {
  const names = new Set([...actual.keys(), ...expected.keys()]);
  return [...names]
    .filter((name) => actual.get(name) !== expected.get(name))
    .map((name) => `${name}: has ${actual.get(name) ?? 'none'}, should have ${expected.get(name) ?? 'none'}`);
}
