import type { KubeObject } from '../api/object.ts';
import { badRequest, chooseContainer, nodeOf } from './containers.ts';
import { logOptions, type LogOptions } from './log-options.ts';
import type { LogLine, LogSource } from './logs.ts';

export interface LogRequest {
  readonly pod: KubeObject;
  readonly query: URLSearchParams;
  readonly source: LogSource;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly signal: AbortSignal;
}

/**
 * The bytes of a container's log; undefined for a pod that has no node yet (204).
 *
 * @throws ApiError 400 and 422.
 */
export function openLog({ pod, query, source, now, signal }: LogRequest): AsyncIterable<Buffer> | undefined {
  const { name, namespace = '' } = pod.metadata;
  const options = logOptions(name, query, now);
  const container = chooseContainer(pod, options.container);
  if (nodeOf(pod) === undefined) return undefined;
  const { follow, previous } = options;
  const log = source.read({ namespace, pod: name, container, previous, follow, signal });
  if (log !== undefined) return limited(lines(log, options), options.limitBytes);
  if (previous) throw badRequest(`previous terminated container "${container}" in pod "${name}" not found`);
  throw badRequest(`container "${container}" in pod "${name}" is waiting to start: ContainerCreating`);
}

async function* lines(
  log: NonNullable<ReturnType<LogSource['read']>>,
  options: LogOptions,
): AsyncGenerator<Buffer> {
  const { follow, since = -Infinity, tailLines, timestamps } = options;
  const recent = log.past.filter(({ time }) => time >= since);
  const past = tailLines === undefined ? recent : recent.slice(Math.max(0, recent.length - tailLines));
  // What is there goes out in one piece; what comes, line by line.
  if (past.length > 0) yield Buffer.concat(past.map((line) => lineBytes(line, timestamps)));
  if (!follow) return;
  for await (const line of log.future) {
    if (line.time >= since) yield lineBytes(line, timestamps);
  }
}

async function* limited(chunks: AsyncIterable<Buffer>, limitBytes = Infinity): AsyncGenerator<Buffer> {
  let left = limitBytes;
  for await (const chunk of chunks) {
    yield chunk.length > left ? chunk.subarray(0, left) : chunk;
    left -= chunk.length;
    if (left <= 0) return;
  }
}

function lineBytes({ text, time }: LogLine, timestamps: boolean): Buffer {
  return Buffer.from(`${timestamps ? `${nanoTimestamp(time)} ` : ''}${text}\n`);
}

/** RFC 3339 with nine digits of a second, whatever of them is known. */
function nanoTimestamp(time: number): string {
  const whole = Math.floor(time);
  const nanos = Math.round((time - whole) * 1e6);
  return `${new Date(whole).toISOString().slice(0, -1)}${String(nanos).padStart(6, '0')}Z`;
}
