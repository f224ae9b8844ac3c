import type { Clock } from '../api/clock.ts';
import type { KubeObject } from '../api/object.ts';
import type { Store } from '../storage/store.ts';
import type { LogLine, LogQuery, LogSource } from '../streams/logs.ts';
import { type ContainerStatus, type Pod, PODS } from './kinds.ts';
import { lineAt, lineTime } from './log-lines.ts';

/** As a rotated file would: older lines are gone. */
const MOST_LINES = 2000;

/** One run of a container. */
interface Run {
  readonly id: string;
  readonly container: string;
  readonly image: string;
  readonly from: number;
  /** Undefined while it runs. */
  readonly to: number | undefined;
  readonly exitCode: number | undefined;
}

export interface ContainerLogOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** After this time (in milliseconds since 1970) nothing is written any more but by containers that start. */
  readonly stillSince: () => number | undefined;
}

/** The output of containers: a function of the run and of time, so nothing of it is kept. */
export function createContainerLogs(options: ContainerLogOptions): LogSource {
  const { store, clock } = options;
  return {
    read(query) {
      const pod = findPod(store, query);
      const run = pod && runOf(pod, query);
      if (run === undefined) return undefined;
      const now = clock.now();
      const past = linesOf(run, Math.min(now, run.to ?? now), options.stillSince());
      return { past, future: query.follow ? future(options, query, run, past.at(-1)) : nothing() };
    },
  };
}

function findPod(store: Store, { namespace, pod }: LogQuery): Pod | undefined {
  // Stored under the key of pods.
  return store.get(PODS.key, namespace, pod) as Pod | undefined;
}

/** The run that is asked for. Of a container that waits to be restarted, that is the one before. */
function runOf({ status, spec }: Pod, { container, previous }: LogQuery): Run | undefined {
  const statuses = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  const found = statuses.find(({ name }) => name === container);
  if (found === undefined) return undefined;
  const image =
    [...spec.containers, ...(spec.initContainers ?? [])].find(({ name }) => name === container)?.image ?? '';
  const { running, terminated, waiting } = found.state;
  const ended = previous || waiting !== undefined ? found.lastState.terminated : terminated;
  if (previous && terminated !== undefined && ended === undefined) return undefined;
  if (ended !== undefined) {
    return {
      id: ended.containerID,
      container,
      image,
      from: Date.parse(ended.startedAt),
      to: Date.parse(ended.finishedAt),
      exitCode: ended.exitCode,
    };
  }
  return previous || running === undefined ? undefined : present(found, running.startedAt, image);
}

function present({ name, containerID = '' }: ContainerStatus, startedAt: string, image: string): Run {
  return {
    id: containerID,
    container: name,
    image,
    from: Date.parse(startedAt),
    to: undefined,
    exitCode: undefined,
  };
}

function linesOf(run: Run, until: number, stillSince: number | undefined): readonly LogLine[] {
  const end = lastLine(run, until, stillSince);
  const lines: LogLine[] = [];
  for (let at = Math.max(0, end - MOST_LINES); at < end; at++)
    lines.push({ time: lineTime(run, at), text: lineAt(run, at) });
  if (run.exitCode !== undefined && run.exitCode !== 0 && run.to !== undefined) {
    lines.push({ time: run.to, text: `fatal: exiting with status ${run.exitCode}` });
  }
  return lines;
}

/** How many lines there are at `until`. Their times only grow, so it is looked for by halves. */
function lastLine(run: Run, until: number, stillSince: number | undefined): number {
  const isThere = (at: number): boolean => lineTime(run, at) <= until && isAllowed(run, at, stillSince);
  let [low, high] = [0, 1];
  while (isThere(high)) [low, high] = [high, high * 2];
  if (low === 0 && !isThere(0)) return 0;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (isThere(middle)) low = middle;
    else high = middle;
  }
  return low + 1;
}

/** Under quiet only what a container writes when it starts. */
const STARTING_LINES = 4;

function isAllowed(run: Run, at: number, stillSince: number | undefined): boolean {
  return stillSince === undefined || at < STARTING_LINES || lineTime(run, at) <= stillSince;
}

// oxlint-disable-next-line require-yield -- a stream without lines
async function* nothing(): AsyncIterable<LogLine> {}

async function* future(
  { store, clock, stillSince }: ContainerLogOptions,
  query: LogQuery,
  run: Run,
  last: LogLine | undefined,
): AsyncIterable<LogLine> {
  let told = last?.time ?? -1;
  const changes = watchPod(store, query);
  try {
    while (!query.signal.aborted) {
      const pod = findPod(store, query);
      const ended = pod === undefined ? run : endOf(pod, run, query.container);
      for (const line of linesOf(
        ended ?? run,
        Math.min(clock.now(), ended?.to ?? clock.now()),
        stillSince(),
      )) {
        if (line.time <= told) continue;
        told = line.time;
        yield line;
      }
      if (ended !== undefined) return;
      const next = lastLine(run, clock.now(), stillSince());
      const delay = isAllowed(run, next, stillSince())
        ? Math.max(1, lineTime(run, next) - clock.now())
        : undefined;
      await eitherOf(changes.next(), query.signal, clock, delay);
    }
  } finally {
    changes.stop();
  }
}

/** The run with its end; undefined while it goes on. */
function endOf({ status }: Pod, run: Run, container: string): Run | undefined {
  const all = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  const found = all.find(({ name }) => name === container);
  if (found?.containerID === run.id && found.state.running !== undefined) return undefined;
  const terminated = [found?.state.terminated, found?.lastState.terminated].find(
    (one) => one?.containerID === run.id,
  );
  return { ...run, to: Date.parse(terminated?.finishedAt ?? '') || run.from, exitCode: terminated?.exitCode };
}

/** Tells of the pod's changes, one promise at a time. */
function watchPod(store: Store, { namespace, pod }: LogQuery): { next(): Promise<void>; stop(): void } {
  let tell = (): void => {};
  const isIt = ({ metadata }: KubeObject): boolean =>
    metadata.name === pod && metadata.namespace === namespace;
  const off = store.onChange(PODS.key, ({ object }) => {
    if (isIt(object)) tell();
  });
  return { next: () => new Promise<void>((resolve) => (tell = resolve)), stop: off };
}

/** Waits for a change of the pod, the next line's time or the end of interest, whichever comes first. */
async function eitherOf(
  change: Promise<void>,
  signal: AbortSignal,
  clock: Clock,
  delayMs: number | undefined,
): Promise<void> {
  let callOff = (): void => {};
  let stop = (): void => {};
  const others = new Promise<void>((resolve) => {
    stop = resolve;
    if (delayMs !== undefined) callOff = clock.after(delayMs, resolve);
  });
  signal.addEventListener('abort', stop, { once: true });
  await Promise.race([change, others]);
  signal.removeEventListener('abort', stop);
  callOff();
}
