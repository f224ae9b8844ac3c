import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from '../bundle.ts';
import { end, endWithUs, environment } from '../children.ts';

/** A program of this folder in a process of its own. */
export interface Program {
  readonly pid: number;
  /** Its next message. Rejects when it ends instead. */
  next<Message>(): Promise<Message>;
  send(message: object): void;
  stop(): Promise<void>;
}

/**
 * Starts a program that is bundled as the gateway is, once for each `directory`.
 *
 * @param url where its source is.
 * @param nodeArgs what Node itself is started with. Default nothing.
 */
export async function startBundled(
  url: string,
  directory: string,
  args: readonly string[],
  nodeArgs: readonly string[] = [],
): Promise<Program> {
  const source = fileURLToPath(url);
  const outfile = path.join(directory, `${path.basename(source, '.ts')}.cjs`);
  if (!existsSync(outfile)) await bundle({ entryPoints: [source] }, outfile);
  return started(source, fork(outfile, args, { env: environment(), execArgv: [...nodeArgs] }));
}

/** Starts a program from its source, by the loader that this process has. */
export function startFromSource(url: string): Program {
  const source = fileURLToPath(url);
  return started(source, fork(source, { env: environment() }));
}

function started(source: string, child: ChildProcess): Program {
  endWithUs(child);
  return {
    pid: child.pid as number,
    next: async <Message>(): Promise<Message> => {
      const settled = new AbortController();
      const { signal } = settled;
      const ended = once(child, 'exit', { signal }).then(() => {
        throw new Error(`${path.basename(source)} ended before it answered`);
      });
      try {
        // What a program sends is its own source's word.
        const [message] = (await Promise.race([once(child, 'message', { signal }), ended])) as [Message];
        return message;
      } finally {
        ended.catch(() => undefined);
        settled.abort();
      }
    },
    send: (message) => child.send(message),
    stop: () => end(child),
  };
}
