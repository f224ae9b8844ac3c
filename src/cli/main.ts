import { isKubegraphError } from '../errors/kubegraph-error.ts';
import { version } from '../util/version.ts';
import { type Command, CommandFailure, helpFor, readArguments, UsageError } from './command.ts';
import { demo } from './demo.ts';
import { portForward } from './port-forward.ts';
import { proxy } from './proxy.ts';
import { schema } from './schema.ts';
import { serve } from './serve.ts';

const COMMANDS: readonly Command[] = [demo, portForward, proxy, schema, serve];

function help(): string {
  const width = Math.max(...COMMANDS.map((command) => command.name.length));
  return [
    'kubegraph: one typed, live GraphQL endpoint over a Kubernetes API server.',
    '',
    'Usage: kubegraph COMMAND [flags]',
    '',
    ...COMMANDS.map((command) => `  ${command.name.padEnd(width)}  ${command.summary}`),
    '',
    'kubegraph help COMMAND shows its flags; kubegraph version the version.',
    '',
  ].join('\n');
}

async function main(args: readonly string[]): Promise<number> {
  const [name = 'help', ...rest] = args;
  if (HELP.has(name)) return sayHelp(rest.filter((word) => !HELP.has(word)));
  if (VERSION.has(name)) return say(`${version}\n`);
  const command = commandCalled(name);
  if (rest.includes('--help') || rest.includes('-h')) return say(helpFor(command));
  try {
    const { flags, words } = readArguments(command, rest);
    return await command.run(flags, words);
  } catch (error) {
    if (error instanceof UsageError) error.message += ` (kubegraph ${command.name} --help)`;
    return complain(error, command.failureCode);
  }
}

const HELP: ReadonlySet<string> = new Set(['help', '--help', '-h']);
const VERSION: ReadonlySet<string> = new Set(['version', '--version', '-v']);

function sayHelp(topic: readonly string[]): number {
  return say(topic.length === 0 ? help() : helpFor(commandCalled(topic.join(' '))));
}

function commandCalled(name: string): Command {
  const command = COMMANDS.find((each) => each.name === name);
  if (command !== undefined) return command;
  throw new UsageError(`there is no command ${JSON.stringify(name)}: see kubegraph --help`);
}

function say(text: string): number {
  process.stdout.write(text);
  return 0;
}

/** Of a command line that cannot be meant, whatever the command. */
const USAGE_CODE = 2;

/** What was foreseen is one line that says what to do. Everything else is a defect and keeps its stack. */
function complain(error: unknown, failureCode = 1): number {
  process.stderr.write(`kubegraph: ${textOf(error)}\n`);
  return error instanceof UsageError ? USAGE_CODE : failureCode;
}

function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const isForeseen =
    error instanceof UsageError || error instanceof CommandFailure || isKubegraphError(error);
  return isForeseen ? error.message : (error.stack ?? error.message);
}

async function run(): Promise<void> {
  process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => complain(error));
}

/** Resolves when the command has ended. Exported, because the bundle is CommonJS, whose top level cannot wait for it. */
export const ended: Promise<void> = run();
