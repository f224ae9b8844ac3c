import { type ChildProcess, spawn } from 'node:child_process';
import { printable } from '../../printable.ts';

/** A credential is a few kilobytes; whatever prints more is not printing one. */
const MAX_STDOUT_BYTES = 1024 * 1024;
const MAX_STDERR_BYTES = 8 * 1024;

export interface RunOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether the plugin gets our terminal: it may ask questions there. */
  readonly isInteractive: boolean;
  readonly timeLimitMs: number;
  /** Ends the plugin. */
  readonly signal: AbortSignal;
}

/** How a plugin ended. `stderr` is its last 8 KB without control characters, for the log only. */
export type RunOutcome =
  | { readonly kind: 'ok'; readonly stdout: string }
  | {
      readonly kind: 'not-found' | 'not-started' | 'too-slow' | 'too-much';
      readonly detail: string;
      readonly stderr: string;
    }
  | { readonly kind: 'failed'; readonly detail: string; readonly stderr: string };

/** Runs a program without a shell and collects what it prints. Never rejects. */
export function runPlugin(
  command: string,
  args: readonly string[],
  options: RunOptions,
): Promise<RunOutcome> {
  let child: ChildProcess;
  try {
    child = start(command, args, options);
  } catch (error) {
    // For example a zero byte in an argument.
    const detail = error instanceof Error ? error.message : String(error);
    return Promise.resolve({ kind: 'not-started', detail, stderr: '' });
  }
  return outcomeOf(child, options);
}

function start(command: string, args: readonly string[], { env, isInteractive }: RunOptions): ChildProcess {
  // Prompts come on stderr as a rule, so an interactive plugin has the real one.
  const stdio = isInteractive
    ? (['inherit', 'pipe', 'inherit'] as const)
    : (['ignore', 'pipe', 'pipe'] as const);
  return spawn(command, args, { env, shell: false, windowsHide: true, stdio: [...stdio] });
}

function outcomeOf(child: ChildProcess, options: RunOptions): Promise<RunOutcome> {
  return new Promise((resolve) => {
    const stdout = new Tail(MAX_STDOUT_BYTES);
    const stderr = new Tail(MAX_STDERR_BYTES);
    const finish = (outcome: RunOutcome): void => {
      clearTimeout(timer);
      options.signal.removeEventListener('abort', stop);
      // A grandchild may hold the pipes open for ever; they are nobody's business any more.
      child.stdout?.destroy();
      child.stderr?.destroy();
      child.kill('SIGKILL');
      resolve(outcome);
    };
    const fail = (kind: Exclude<RunOutcome['kind'], 'ok'>, detail: string): void =>
      finish({ kind, detail, stderr: printable(stderr.text()) });
    const stop = (): void => fail('failed', 'was stopped');
    const timer = setTimeout(
      () => fail('too-slow', `did not end within ${options.timeLimitMs} ms`),
      options.timeLimitMs,
    );
    options.signal.addEventListener('abort', stop);
    child.stdout?.on('data', (chunk: Buffer) => {
      stdout.push(chunk);
      if (stdout.isOver) fail('too-much', `printed more than ${MAX_STDOUT_BYTES} bytes`);
    });
    child.stderr?.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.on('error', (error) =>
      fail('code' in error && error.code === 'ENOENT' ? 'not-found' : 'not-started', error.message),
    );
    child.on('close', (code, signal) => {
      if (code === 0) finish({ kind: 'ok', stdout: stdout.text() });
      else
        fail(
          'failed',
          code === null ? `was ended by ${signal ?? 'a signal'}` : `failed with exit code ${code}`,
        );
    });
  });
}

/** The last bytes of a stream. */
class Tail {
  isOver = false;
  readonly #limit: number;
  #chunks: Buffer[] = [];
  #length = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    if (this.#length <= this.#limit) return;
    this.isOver = true;
    const kept = Buffer.concat(this.#chunks).subarray(-this.#limit);
    this.#chunks = [kept];
    this.#length = kept.length;
  }

  text(): string {
    return Buffer.concat(this.#chunks).toString('utf8');
  }
}
