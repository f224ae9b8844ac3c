import { isKubegraphError } from '../errors/kubegraph-error.ts';
import { version } from '../util/version.ts';
import { type Command, helpFor, readFlags, UsageError } from './command.ts';
import { demo } from './demo.ts';
import { schema } from './schema.ts';
import { serve } from './serve.ts';

const COMMANDS: readonly Command[] = [demo, schema, serve];

function help(): string {
  const width = Math.max(...COMMANDS.map((command) => command.name.length));
  return [
    'kubegraph: one typed, live GraphQL endpoint over a Kubernetes API server.',
    '',
    'Usage: kubegraph COMMAND [flags]',
    '',
    ...COMMANDS.map((command) => `  ${command.name.padEnd(width)}  ${command.summary}`),
    '',
    'kubegraph COMMAND --help shows its flags; kubegraph --version the version.',
    '',
  ].join('\n');
}

async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === '--version' || name === '-v') return say(`${version}\n`);
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') return say(help());
  const command = COMMANDS.find((each) => each.name === name);
  if (command === undefined)
    throw new UsageError(`there is no command ${JSON.stringify(name)}: see kubegraph --help`);
  if (rest.includes('--help') || rest.includes('-h')) return say(helpFor(command));
  try {
    return await command.run(readFlags(command, rest));
  } catch (error) {
    if (error instanceof UsageError) error.message += ` (kubegraph ${command.name} --help)`;
    return complain(error, command.failureCode);
  }
}

function say(text: string): number {
  process.stdout.write(text);
  return 0;
}

/** What was foreseen is one line that says what to do. Everything else is a defect and keeps its stack. */
function complain(error: unknown, exitCode = 1): number {
  const isForeseen = error instanceof UsageError || isKubegraphError(error);
  const text = isForeseen
    ? error.message
    : error instanceof Error
      ? (error.stack ?? error.message)
      : String(error);
  process.stderr.write(`kubegraph: ${text}\n`);
  return exitCode;
}

async function run(): Promise<void> {
  process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => complain(error));
}

/** Resolves when the command has ended. Exported, because the bundle is CommonJS, whose top level cannot wait for it. */
export const ended: Promise<void> = run();
