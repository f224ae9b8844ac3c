import { hashOf } from './chance.ts';

/** What the lines of a run depend on. */
export interface Source {
  /** Of the run: the container's ID. */
  readonly id: string;
  readonly container: string;
  readonly image: string;
  /** Its start, in milliseconds since 1970. */
  readonly from: number;
}

const STARTING: readonly ((source: Source) => string)[] = [
  ({ image }) => `starting ${image}`,
  () => 'configuration loaded from environment',
  ({ container, id }) => `${container} instance ${id.slice(-12)} initialised`,
  () => 'ready',
];

/** Starting takes less than a second. */
const STARTING_STEP_MS = 180;
const LINE_EVERY_MS = 2000;

/** When line number `at` is written. A later line is always later. */
export function lineTime({ id, from }: Source, at: number): number {
  if (at < STARTING.length) return from + at * STARTING_STEP_MS + (hashOf(`${id} start ${at}`) % 100);
  const jitter = hashOf(`${id} time ${at}`) % (LINE_EVERY_MS - 200);
  return from + 1000 + (at - STARTING.length) * LINE_EVERY_MS + jitter;
}

/** The text of line number `at`. */
export function lineAt(source: Source, at: number): string {
  const starting = STARTING[at];
  if (starting !== undefined) return starting(source);
  const hash = hashOf(`${source.id} line ${at}`);
  const write =
    WRITERS.find(([pattern]) => pattern.test(`${source.container} ${source.image}`))?.[1] ?? plain;
  return write(hash, at);
}

const PATHS = [
  '/',
  '/cart',
  '/checkout',
  '/healthz',
  '/api/v1/items',
  '/api/v1/orders',
  '/assets/app.js',
  '/login',
];

const WRITERS: readonly (readonly [RegExp, (hash: number, at: number) => string])[] = [
  [/web|nginx|front/, access],
  [/api|payment/, request],
  [/db|postgres/, database],
  [/worker|queue|job/, work],
];

function access(hash: number): string {
  const status = hash % 40 === 0 ? 502 : hash % 11 === 0 ? 304 : 200;
  return `10.244.${hash % 3}.${(hash >>> 3) % 250} "GET ${PATHS[hash % PATHS.length]} HTTP/1.1" ${status} ${(hash >>> 8) % 9000}`;
}

function request(hash: number, at: number): string {
  const level = hash % 25 === 0 ? 'warn' : 'info';
  const path = PATHS[(hash >>> 4) % PATHS.length];
  return JSON.stringify({
    level,
    msg: 'request',
    path,
    status: level === 'warn' ? 503 : 200,
    ms: (hash >>> 9) % 180,
    n: at,
  });
}

function database(hash: number): string {
  return hash % 6 === 0
    ? `LOG:  checkpoint complete: wrote ${hash % 400} buffers (${(hash % 40) / 10}%)`
    : `LOG:  duration: ${((hash >>> 7) % 9000) / 1000} ms  statement: SELECT * FROM orders WHERE id = ${hash % 100_000}`;
}

function work(hash: number, at: number): string {
  return `processed batch ${at} of ${10 + (hash % 90)} messages in ${(hash >>> 8) % 900}ms`;
}

function plain(hash: number, at: number): string {
  return `tick ${at}: ${hash % 7 === 0 ? 'nothing to do' : `${hash % 50} items synced`}`;
}
