import type { Readable } from 'node:stream';
import { Agent, request } from 'undici';
import { onTestFinished } from 'vitest';
import type { Clock } from '../../../../demo/api/clock.ts';
import { seededRandom } from '../../../../demo/api/seeded-random.ts';
import { createFaults, type Faults } from '../../../../demo/faults/faults.ts';
import type { Rule } from '../../../../demo/faults/rule.ts';
import { type DemoCluster, startDemo } from '../../../../demo/start.ts';

/** The storage key of the objects that the tests look at. */
const CONFIG_MAPS = '/configmaps';
const PATH = '/api/v1/namespaces/bench/configmaps';

export interface Wire {
  readonly demo: DemoCluster;
  readonly faults: Faults;
  /** The clock that `slow` goes by. */
  readonly clock: HeldClock;
  readonly path: string;
  readonly send: (path: string, options?: { method?: 'GET' | 'POST'; body?: string }) => Promise<WireAnswer>;
  /** Opens a watch of the bench's config maps: all that is there, then what happens. */
  readonly watch: (query?: string) => Promise<WireStream>;
  /** Puts a config map into the store. */
  readonly put: (name: string, value?: string) => void;
}

export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

export interface WireStream {
  readonly status: number;
  /** Pieces as they came, up to the end. Rejects when the stream is broken off. */
  readonly rest: () => Promise<readonly string[]>;
  /** The next piece; undefined at the end. */
  readonly next: () => Promise<string | undefined>;
}

/** A quiet demo cluster with faults, asked over HTTP/1.1. It ends with the test. */
export async function wire(...rules: readonly Rule[]): Promise<Wire> {
  const clock = new HeldClock();
  const faults = createFaults({ random: seededRandom(1), rules, clock });
  const demo = await startDemo({ quiet: true, interceptor: faults });
  faults.attach(demo.api);
  const agent = new Agent({ connect: { ca: demo.api.ca } });
  onTestFinished(async () => {
    await agent.destroy();
    await faults.settled();
    await demo.close();
  });
  const ask = (path: string, options: object = {}) =>
    request(demo.api.url + path, {
      dispatcher: agent,
      headers: { authorization: `Bearer ${demo.api.tokens.admin}`, 'content-type': 'application/json' },
      ...options,
    });
  return {
    demo,
    faults,
    clock,
    path: PATH,
    send: async (path, options) => {
      const { statusCode, headers, body } = await ask(path, options);
      return { status: statusCode, headers, text: await body.text() };
    },
    watch: async (
      query = 'sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true',
    ) => {
      const { statusCode, body } = await ask(`${PATH}?watch=1&${query}`);
      const next = piecesFrom(body);
      const rest = async (): Promise<readonly string[]> => {
        const all: string[] = [];
        for (let piece = await next(); piece !== undefined; piece = await next()) all.push(piece);
        return all;
      };
      return { status: statusCode, next, rest };
    },
    put: (name, value = '') => {
      const known = demo.store.get(CONFIG_MAPS, 'bench', name);
      const object = configMap(name, value);
      if (known === undefined) demo.store.insert(CONFIG_MAPS, object);
      else demo.store.replace(CONFIG_MAPS, { ...known, data: object.data });
    },
  };
}

/**
 * The pieces of a stream one by one, undefined at its end. The usual iterators join what has come since the last look.
 */
function piecesFrom(body: Readable): () => Promise<string | undefined> {
  const pieces: string[] = [];
  const end: { isReached: boolean; error?: Error } = { isReached: false };
  let wake = (): void => undefined;
  const reach = (error?: Error): void => {
    if (!end.isReached && error !== undefined) end.error = error;
    end.isReached = true;
    wake();
  };
  body.on('data', (piece: Buffer) => {
    pieces.push(piece.toString('latin1'));
    wake();
  });
  body.once('end', () => reach());
  body.once('error', reach);
  return async () => {
    while (pieces.length === 0 && !end.isReached) await new Promise<void>((resolve) => (wake = resolve));
    if (pieces.length > 0) return pieces.shift();
    if (end.error !== undefined) throw end.error;
    return undefined;
  };
}

/** A clock that lets nothing happen but by hand. */
export class HeldClock implements Clock {
  readonly #timers: { readonly delayMs: number; readonly action: () => void }[] = [];
  #wake = (): void => undefined;

  now(): number {
    return 0;
  }

  after(delayMs: number, action: () => void): () => void {
    this.#timers.push({ delayMs, action });
    this.#wake();
    return () => undefined;
  }

  /** The next delay that somebody waits for, and how to end it. */
  async next(): Promise<{ readonly delayMs: number; readonly action: () => void }> {
    while (this.#timers.length === 0) await new Promise<void>((resolve) => (this.#wake = resolve));
    return this.#timers.shift() as { delayMs: number; action: () => void };
  }
}

function configMap(name: string, value: string) {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: 'bench', uid: `uid-${name}`, creationTimestamp: '2026-01-01T00:00:00Z' },
    data: { value },
  };
}

/** What the lines of a watch say: `ADDED a`, `BOOKMARK`, `ERROR 410`. */
export function told(pieces: readonly string[]): readonly string[] {
  return pieces
    .join('')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const { type, object } = JSON.parse(line) as {
        type: string;
        object: { code?: number; metadata: { name?: string } };
      };
      return `${type} ${object.code ?? object.metadata.name ?? ''}`.trimEnd();
    });
}
