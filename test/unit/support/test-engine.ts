import { onTestFinished } from 'vitest';
import { Catalogs } from '../../../src/catalog/catalog.ts';
import { type DocumentCache, noCache } from '../../../src/catalog/document-cache.ts';
import { type Identity, KUBECONFIG_IDENTITY } from '../../../src/cluster/identity.ts';
import { createUpstream } from '../../../src/cluster/transport/create.ts';
import type { Upstream } from '../../../src/cluster/upstream.ts';
import type { Clock } from '../../../src/util/clock.ts';
import type { Answer } from '../../../src/execution/answer.ts';
import { Engine, type OperationAnswer } from '../../../src/execution/engine.ts';
import type { Watches } from '../../../src/execution/event-reader.ts';
import { subscriptionsFrom } from '../../../src/execution/subscribe.ts';
import { WatchHub } from '../../../src/watch/hub.ts';
import { targetFor } from '../cluster/support/kubeconfig.ts';
import { STANDARD_CLUSTER } from './standard-cluster.ts';
import { startStub, type StubApiServer } from './stub-api-server.ts';
import type { StubGroupVersion } from './stub-resources.ts';

export interface TestEngineOptions {
  readonly cluster?: readonly StubGroupVersion[];
  readonly maxListItems?: number;
  readonly maxBytes?: number;
  readonly readOnly?: boolean;
  readonly cache?: DocumentCache;
  /** Instead of those of the stub's API server. */
  readonly watches?: Watches;
  /** That subscriptions collect by. Default: the system's. */
  readonly clock?: Clock;
}

interface RunOptions {
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly operationName?: string;
  readonly identity?: Identity;
  readonly signal?: AbortSignal;
}

/** An answer as a client would read it. */
export interface TestAnswer {
  /** The bytes that are sent. */
  readonly text: string;
  readonly data: Readonly<Record<string, unknown>> | undefined;
  readonly errors: readonly TestError[];
  readonly extensions: Readonly<Record<string, unknown>>;
}

export interface TestError {
  readonly message: string;
  readonly path?: readonly string[];
  readonly locations?: readonly { readonly line: number; readonly column: number }[];
  readonly extensions: Readonly<Record<string, unknown>>;
}

export interface TestEngine {
  readonly engine: Engine;
  readonly catalogs: Catalogs;
  readonly upstream: Upstream;
  readonly stub: StubApiServer;
  /** What was reported as a defect of the gateway; empty in a test that is about something else. */
  readonly defects: readonly unknown[];
  /** A query or mutation, as the kubeconfig's user unless said otherwise. */
  readonly run: (query: string, options?: RunOptions) => Promise<TestAnswer>;
  /** Moves the clock that the age of the catalogue is measured by, in milliseconds. */
  readonly advance: (ms: number) => void;
}

/** An upstream to a stub API server; both close with the test. */
export async function stubUpstream(
  cluster: readonly StubGroupVersion[] = STANDARD_CLUSTER,
  more: { readonly readOnly?: boolean } = {},
): Promise<{ readonly stub: StubApiServer; readonly upstream: Upstream; readonly origin: string }> {
  const { stub, origin } = await startStub(cluster);
  const upstream = createUpstream({
    target: targetFor(origin),
    mode: 'kubeconfig',
    readOnly: more.readOnly ?? false,
    execPolicy: 'deny',
    hasTerminal: false,
  });
  onTestFinished(() => upstream.close());
  return { stub, upstream, origin };
}

/** An engine before a stub API server; everything closes with the test. */
export async function testEngine(options: TestEngineOptions = {}): Promise<TestEngine> {
  const { stub, upstream } = await stubUpstream(options.cluster, options);
  let nowMs = 0;
  const defects: unknown[] = [];
  const catalogs = new Catalogs({ upstream, cache: options.cache ?? noCache, now: () => nowMs });
  const hub = new WatchHub({ upstream, lingerMs: 0 });
  onTestFinished(() => hub.close());
  const engine = new Engine({
    upstream,
    catalogs,
    subscriptions: subscriptionsFrom(options.watches ?? hub, options.clock),
    report: (error) => defects.push(error),
    now: () => nowMs,
    limits: {
      ...(options.maxListItems === undefined ? {} : { maxListItems: options.maxListItems }),
      ...(options.maxBytes === undefined ? {} : { maxBytes: options.maxBytes }),
    },
  });
  return {
    engine,
    catalogs,
    upstream,
    stub,
    defects,
    advance: (ms) => void (nowMs += ms),
    run: async (query, { variables, operationName, identity = KUBECONFIG_IDENTITY, signal } = {}) =>
      readAnswer(
        await engine.execute({
          query,
          variables: variables ?? null,
          operationName: operationName ?? null,
          identity,
          signal: signal ?? new AbortController().signal,
        }),
      ),
  };
}

/** Fails for a stream: subscriptions are read by a `Subscriber`. */
function readAnswer(answer: OperationAnswer): TestAnswer {
  if (!('stringify' in answer)) throw new Error('expected one answer, got a stream');
  return parseAnswer(answer);
}

export function parseAnswer(answer: Answer): TestAnswer {
  return textAnswer(answer.stringify(answer).toString('utf8'));
}

/** An answer's text as a client would read it. */
export function textAnswer(text: string): TestAnswer {
  const parsed = JSON.parse(text) as Partial<TestAnswer>;
  return { text, data: parsed.data, errors: parsed.errors ?? [], extensions: parsed.extensions ?? {} };
}

/** The codes of an answer's errors. */
export function codesOf(answer: TestAnswer): readonly unknown[] {
  return answer.errors.map((error) => error.extensions['code']);
}

/** The value of a root field; undefined when there is no data. */
export function valueOf(answer: TestAnswer | undefined, field: string): unknown {
  return answer?.data?.[field];
}
