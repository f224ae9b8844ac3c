import type { Identity } from '../cluster/identity.ts';
import type { RawUpgrader } from '../cluster/raw.ts';
import { KubegraphError } from '../errors/kubegraph-error.ts';
import { type ExecSession, startSession } from './session.ts';

/** What is kept of each of stdout and stderr, in bytes. */
export const MAX_OUTPUT_BYTES = 1024 * 1024;

export interface Command {
  readonly identity: Identity;
  readonly namespace: string;
  readonly pod: string;
  /** Undefined: the pod's only one. */
  readonly container: string | undefined;
  /** Program and arguments. */
  readonly words: readonly string[];
  /** Undefined: the program has nothing to read. */
  readonly stdin: Uint8Array | undefined;
  /** For all of it, in milliseconds. */
  readonly timeLimitMs: number;
  readonly signal: AbortSignal;
}

export interface CommandResult {
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  readonly exitCode: number;
  /** Whether more was written to one of them than is kept. */
  readonly isTruncated: boolean;
}

/**
 * Runs a program in a container to its end.
 *
 * Rejects with the API server's refusal; with OUTCOME_UNKNOWN where the time is over or the connection lost, while the program
 * may go on; with CANCELLED when the signal aborts; with UPSTREAM_ERROR where there is stdin and the API server cannot end it.
 */
export async function runCommand(upstream: RawUpgrader, command: Command): Promise<CommandResult> {
  const { identity, namespace, pod, container, words, stdin, timeLimitMs, signal } = command;
  const output = { stdout: new BoundedOutput(), stderr: new BoundedOutput() };
  const streams = { stdin: stdin !== undefined, stdout: true, stderr: true, tty: false };
  const late = AbortSignal.timeout(timeLimitMs);
  const session = await startSession(upstream, {
    identity,
    target: { namespace, pod, container, command: words, ...streams },
    onOutput: (stream, data) => output[stream].add(data),
    signal: AbortSignal.any([signal, late]),
  }).catch((error: unknown) => {
    throw late.aborted && !signal.aborted ? tooLate(timeLimitMs) : error;
  });
  const end = (): void => session.end();
  for (const each of [signal, late]) each.addEventListener('abort', end, { once: true });
  try {
    if (stdin !== undefined) await feed(session, stdin);
    const exitCode = await session.exitCode;
    const isTruncated = output.stdout.isTruncated || output.stderr.isTruncated;
    return { stdout: output.stdout.bytes, stderr: output.stderr.bytes, exitCode, isTruncated };
  } catch (error) {
    if (signal.aborted) throw new KubegraphError('CANCELLED', 'the client went away', { cause: error });
    throw late.aborted ? tooLate(timeLimitMs) : error;
  } finally {
    signal.removeEventListener('abort', end);
    session.end();
  }
}

async function feed(session: ExecSession, stdin: Uint8Array): Promise<void> {
  if (!session.canCloseStdin) {
    const message =
      'the API server cannot end stdin, so that no command would know when it has read all of it: that takes Kubernetes 1.30';
    throw new KubegraphError('UPSTREAM_ERROR', message);
  }
  for (let start = 0; start < stdin.length; start += STDIN_CHUNK_BYTES) {
    await session.write(stdin.subarray(start, start + STDIN_CHUNK_BYTES));
  }
  session.closeStdin();
}

/** The API server reads messages into buffers of this size. */
const STDIN_CHUNK_BYTES = 32 * 1024;

function tooLate(timeLimitMs: number): KubegraphError {
  return new KubegraphError(
    'OUTCOME_UNKNOWN',
    `the command has not ended within ${timeLimitMs / 1_000} s; nothing has ended it, and it may go on`,
  );
}

/** Keeps the beginning of what comes. */
class BoundedOutput {
  isTruncated = false;
  #chunks: Buffer[] = [];
  #left = MAX_OUTPUT_BYTES;

  add(data: Buffer): void {
    const kept = data.subarray(0, this.#left);
    this.isTruncated ||= kept.length < data.length;
    this.#left -= kept.length;
    if (kept.length > 0) this.#chunks.push(kept);
    // Each is a part of one of the connection's buffers, and a program can write byte by byte.
    if (this.#chunks.length >= MAX_CHUNKS) this.#chunks = [this.bytes];
  }

  get bytes(): Buffer {
    return Buffer.concat(this.#chunks);
  }
}

const MAX_CHUNKS = 1_024;
