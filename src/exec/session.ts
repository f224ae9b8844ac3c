import { type ChannelSocket } from '../channels/channel-socket.ts';
import { openChannels } from '../channels/open-channels.ts';
import type { Identity } from '../cluster/identity.ts';
import type { RawUpgrader } from '../cluster/raw.ts';
import { KubegraphError } from '../errors/kubegraph-error.ts';
import { execPath, type ExecTarget } from './exec-target.ts';
import { exitCodeOf } from './exit-status.ts';

/** Best first. With the older one nobody can end stdin but by ending all of it. */
export const EXEC_PROTOCOLS = ['v5.channel.k8s.io', 'v4.channel.k8s.io'] as const;

const CHANNEL = { stdin: 0, stdout: 1, stderr: 2, status: 3, resize: 4, close: 255 } as const;

export interface SessionOptions {
  readonly identity: Identity;
  readonly target: ExecTarget;
  /** Gets what the program writes, in order for each stream. */
  readonly onOutput: (stream: 'stdout' | 'stderr', data: Buffer) => void;
  /** Aborting it ends the connection; the program may go on. */
  readonly signal?: AbortSignal;
}

/** A program in a container, as seen from outside. */
export class ExecSession {
  /**
   * The program's exit code. Rejects with the error that the API server gives instead, and with OUTCOME_UNKNOWN where the
   * connection ends without a word.
   */
  readonly exitCode: Promise<number>;
  readonly #channels: ChannelSocket;

  constructor(channels: ChannelSocket, status: () => Buffer | undefined) {
    this.#channels = channels;
    this.exitCode = channels.ended.then(() => {
      const message = status();
      if (message !== undefined) return exitCodeOf(message);
      throw new KubegraphError(
        'OUTCOME_UNKNOWN',
        'the connection to the pod ended before the command did: it may go on, or have ended in any way',
      );
    });
    // Whoever ends the session does not have to look at it.
    this.exitCode.catch(() => undefined);
  }

  /** Whether the program can be told that there is no more to read. */
  get canCloseStdin(): boolean {
    return this.#channels.protocol === EXEC_PROTOCOLS[0];
  }

  /** Resolves when the next may be written. */
  write(data: Uint8Array): Promise<void> {
    return this.#channels.send(CHANNEL.stdin, data);
  }

  /** The program's end of input. Throws where the server cannot pass it on. */
  closeStdin(): void {
    if (!this.canCloseStdin) throw new Error('the protocol has no end of stdin');
    void this.#channels.send(CHANNEL.close, Buffer.of(CHANNEL.stdin));
  }

  /** Tells the terminal its size, in characters. */
  resize(width: number, height: number): void {
    const size = Buffer.from(JSON.stringify({ Width: width, Height: height }));
    void this.#channels.send(CHANNEL.resize, size);
  }

  /** Ends the connection. The program may go on. */
  end(): void {
    this.#channels.terminate();
  }
}

/** Starts a program, or attaches to the one that runs. Rejects as `openChannels` does. */
export async function startSession(
  upstream: RawUpgrader,
  { identity, target, onOutput, signal }: SessionOptions,
): Promise<ExecSession> {
  let status: Buffer | undefined;
  const receive = (channel: number, data: Buffer): void => {
    if (channel === CHANNEL.stdout) onOutput('stdout', data);
    else if (channel === CHANNEL.stderr) onOutput('stderr', data);
    else if (channel === CHANNEL.status && data.length > 0) status = data;
  };
  const request = {
    identity,
    target: execPath(target),
    tunnel: target.command === undefined ? 'attach' : 'exec',
    protocols: EXEC_PROTOCOLS,
    signal,
  } as const;
  const channels = await openChannels(upstream, request, receive);
  return new ExecSession(channels, () => status);
}
