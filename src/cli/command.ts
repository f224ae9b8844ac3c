import { parseArgs, type ParseArgsConfig } from 'node:util';

/** What a command line cannot mean. Printed as one line, with the way to the help; the exit code is 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What a command cannot do as things are. Printed as one line that says what to do; the exit code is the command's. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';
}

export interface FlagSpec {
  readonly type: 'string' | 'boolean';
  /** Whether it may be given several times; its value is then a list. */
  readonly multiple?: boolean;
  /** One letter that stands for it. */
  readonly short?: string;
  /** What the value is, for the help: `FILE`, `PORT`. */
  readonly value?: string;
  readonly description: string;
}

export interface Command {
  readonly name: string;
  readonly summary: string;
  readonly flags: Readonly<Record<string, FlagSpec>>;
  /** What comes beside the flags, for the help: `POD PORT...`. Default: nothing may. */
  readonly words?: string;
  /** The process' exit code when it cannot do what it has understood. Default 1. */
  readonly failureCode?: number;
  /** The process' exit code. */
  readonly run: (flags: Flags, words: readonly string[]) => Promise<number>;
}

export type Flags = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

/** The value of a flag that has one; undefined where it is not given. */
export function textOf(flags: Flags, name: string): string | undefined {
  const value = flags[name];
  return typeof value === 'string' ? value : undefined;
}

/** Reads a command's flags, and the words beside them. Throws UsageError for an unknown flag, a missing value or a stray word. */
export function readArguments(
  command: Command,
  args: readonly string[],
): { readonly flags: Flags; readonly words: readonly string[] } {
  const options: NonNullable<ParseArgsConfig['options']> = { help: { type: 'boolean', short: 'h' } };
  for (const [name, flag] of Object.entries(command.flags)) {
    const short = flag.short === undefined ? {} : { short: flag.short };
    options[name] = { type: flag.type, multiple: flag.multiple === true, ...short };
  }
  try {
    const allowPositionals = command.words !== undefined;
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals, strict: true });
    // Only texts are `multiple`, so no value is a list of booleans.
    return { flags: values as Flags, words: positionals };
  } catch (error) {
    throw new UsageError(
      error instanceof Error ? (error.message.split('. ')[0] ?? error.message) : 'unreadable',
    );
  }
}

export function helpFor(command: Command): string {
  const rows = Object.entries<FlagSpec>({
    ...command.flags,
    help: { type: 'boolean', description: 'Show this.' },
  });
  const label = ([name, flag]: [string, FlagSpec]): string =>
    `--${name}${flag.short === undefined ? '' : `, -${flag.short}`}${flag.value === undefined ? '' : ` ${flag.value}`}`;
  const width = Math.max(...rows.map((row) => label(row).length));
  const lines = rows.map((row) => `  ${label(row).padEnd(width)}  ${row[1].description}`);
  const words = command.words === undefined ? '' : ` ${command.words}`;
  return [`Usage: kubegraph ${command.name}${words} [flags]`, '', command.summary, '', ...lines, ''].join(
    '\n',
  );
}
