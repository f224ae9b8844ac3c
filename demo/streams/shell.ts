/** What a command has to work with. */
export interface ShellContext {
  readonly pod: string;
  readonly container: string;
  /** The container's variables. */
  readonly env: Readonly<Record<string, string>>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly stdin: AsyncIterable<Buffer>;
  readonly stdout: (text: string | Buffer) => void;
  readonly stderr: (text: string) => void;
}

/** How a command ended: with an exit code, or not even started. */
export type Outcome =
  | { readonly kind: 'exit'; readonly code: number }
  | { readonly kind: 'notFound'; readonly name: string };

/**
 * Runs a command of the few that a demo container knows: `echo`, `cat` of stdin, `env`, `date`, `hostname`, `true`,
 * `false`, `exit N`, and `sh` with `-c` or reading lines from stdin.
 */
export async function run(command: readonly string[], context: ShellContext): Promise<Outcome> {
  const [name = '', ...rest] = command;
  if (SHELLS.has(name)) return runShell(rest, context);
  const builtIn = COMMANDS[name];
  if (builtIn === undefined) return { kind: 'notFound', name };
  return { kind: 'exit', code: await builtIn(rest, context) };
}

const SHELLS = new Set(['sh', 'bash', '/bin/sh', '/bin/bash']);

type Command = (parameters: readonly string[], context: ShellContext) => number | Promise<number>;

const COMMANDS: Readonly<Record<string, Command | undefined>> = {
  echo: (words, { stdout }) => {
    const isOpen = words[0] === '-n';
    stdout(`${(isOpen ? words.slice(1) : words).join(' ')}${isOpen ? '' : '\n'}`);
    return 0;
  },
  cat: async (_, { stdin, stdout }) => {
    for await (const chunk of stdin) stdout(chunk);
    return 0;
  },
  env: (_, context) => {
    const variables = { HOSTNAME: context.pod, ...context.env };
    context.stdout(
      Object.entries(variables)
        .map(([name, value]) => `${name}=${value}\n`)
        .join(''),
    );
    return 0;
  },
  date: (_, { now, stdout }) => {
    stdout(`${new Date(now()).toUTCString()}\n`);
    return 0;
  },
  hostname: (_, { pod, stdout }) => {
    stdout(`${pod}\n`);
    return 0;
  },
  true: () => 0,
  false: () => 1,
};

async function runShell(parameters: readonly string[], context: ShellContext): Promise<Outcome> {
  if (parameters[0] === '-c') return script(parameters[1] ?? '', context);
  let code = 0;
  for await (const line of linesOf(context.stdin)) {
    const outcome = await script(line, context);
    if (outcome.kind !== 'exit') continue;
    if (EXIT.test(line.trim())) return outcome;
    code = outcome.code;
  }
  return { kind: 'exit', code };
}

const EXIT = /^exit(?:\s+(\d+))?$/;

/** Commands one after the other; inside a shell an unknown one is no more than exit code 127. */
async function script(text: string, context: ShellContext): Promise<Outcome> {
  let code = 0;
  for (const statement of text
    .split(/;|\n/)
    .map((each) => each.trim())
    .filter((each) => each !== '')) {
    const exit = EXIT.exec(statement);
    if (exit !== null) return { kind: 'exit', code: Number(exit[1] ?? code) % 256 };
    const isToStderr = / ?1?>&2$/.test(statement);
    const own = isToStderr
      ? { ...context, stdout: (out: string | Buffer) => context.stderr(out.toString()) }
      : context;
    const outcome = await run(wordsOf(statement.replace(/ ?1?>&2$/, ''), context), own);
    if (outcome.kind === 'notFound') context.stderr(`sh: ${outcome.name}: not found\n`);
    code = outcome.kind === 'notFound' ? 127 : outcome.code;
  }
  return { kind: 'exit', code };
}

/** Splits at spaces outside of quotes, and fills in `$NAME` outside of single ones. */
function wordsOf(statement: string, { env, pod }: ShellContext): readonly string[] {
  const words = statement.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? [];
  const variable = (_: string, name: string): string => (name === 'HOSTNAME' ? pod : (env[name] ?? ''));
  return words.map((word) =>
    word.replace(
      /'([^']*)'|"([^"]*)"|([^"']+)/g,
      (_, single: string | undefined, double: string | undefined, bare: string | undefined) =>
        single ?? (double ?? bare ?? '').replace(/\$\{?(\w+)\}?/g, variable),
    ),
  );
}

async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of chunks) {
    const parts = (rest + chunk.toString()).split(/\r\n|\r|\n/);
    rest = parts.pop() ?? '';
    yield* parts;
  }
  if (rest !== '') yield rest;
}
