import { inspect } from 'node:util';
import { HELP, parseCommand } from './arguments.ts';
import type { Command } from './arguments.ts';
import { openCluster } from './cluster.ts';
import { down } from './down.ts';
import { HarnessError } from './errors.ts';
import { up } from './up.ts';

/** The conventional exit code of a program that ended because of this signal. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

async function run(command: Command): Promise<void> {
  switch (command.kind) {
    case 'help':
      process.stdout.write(HELP);
      return;
    case 'up':
      await runUp(command);
      return;
    case 'restart-apiserver':
      await (await openCluster(command.dir)).restartApiServer();
      return;
    case 'down':
      await down(command.dir);
      return;
  }
}

async function runUp(command: Extract<Command, { kind: 'up' }>): Promise<void> {
  const begin = Date.now();
  const onProgress = (message: string) => {
    const seconds = ((Date.now() - begin) / 1000).toFixed(1).padStart(6);
    process.stderr.write(`${seconds} s  ${message}\n`);
  };
  const state = await up({ ...command, signal: abortOnInterrupt(), onProgress });
  onProgress(`ready: ${state.server}`);
  process.stdout.write(`export KUBECONFIG=${state.kubeconfig}\n`);
}

function abortOnInterrupt(): AbortSignal {
  const controller = new AbortController();
  for (const [name, exitCode] of Object.entries(EXIT_CODES)) {
    // Not `once`: npm and the terminal may both send it, and a second one must not cut the clean-up short.
    process.on(name, () => {
      process.exitCode = exitCode;
      controller.abort(new HarnessError(`interrupted by ${name}`));
    });
  }
  return controller.signal;
}

async function main(): Promise<void> {
  try {
    await run(parseCommand(process.argv.slice(2)));
  } catch (error) {
    process.exitCode ??= 1;
    const isExpected = error instanceof HarnessError;
    process.stderr.write(`cluster: ${isExpected ? error.message : inspect(error)}\n`);
  }
}

await main();
