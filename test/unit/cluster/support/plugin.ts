import { existsSync, readFileSync } from 'node:fs';
import { testDirectory, type TestDirectory } from './directory.ts';

/** A credential plugin: a Node script that notes each run and prints what the test has put into a file. */
export interface TestPlugin {
  readonly directory: TestDirectory;
  /** The user entry's `exec`. */
  readonly exec: Readonly<Record<string, unknown>>;
  /** What the next runs print. */
  prints(answer: unknown): void;
  /** What each run got, in order. */
  runs(): readonly {
    readonly info: unknown;
    readonly canary: string | undefined;
    readonly args: readonly string[];
  }[];
}

export const API_VERSION = 'client.authentication.k8s.io/v1';

/** @param code further code of the script, run before it prints. */
export function testPlugin(changes: Readonly<Record<string, unknown>> = {}, code = ''): TestPlugin {
  const directory = testDirectory();
  const script = directory.write(
    'plugin.mjs',
    `
import { appendFileSync, readFileSync } from 'node:fs';
const { KUBERNETES_EXEC_INFO, CANARY } = process.env;
const run = { info: JSON.parse(KUBERNETES_EXEC_INFO), canary: CANARY, args: process.argv.slice(2) };
appendFileSync(${JSON.stringify(directory.at('runs'))}, JSON.stringify(run) + '\\n');
${code}
process.stdout.write(readFileSync(${JSON.stringify(directory.at('answer'))}));
`,
  );
  const { args = [], ...rest } = changes;
  return {
    directory,
    exec: {
      apiVersion: API_VERSION,
      command: process.execPath,
      interactiveMode: 'Never',
      args: [script, ...(args as string[])],
      ...rest,
    },
    prints: (answer) =>
      void directory.write('answer', typeof answer === 'string' ? answer : JSON.stringify(answer)),
    runs: () =>
      existsSync(directory.at('runs'))
        ? readFileSync(directory.at('runs'), 'utf8')
            .trim()
            .split('\n')
            .map((line): ReturnType<TestPlugin['runs']>[number] => JSON.parse(line))
        : [],
  };
}

/** An ExecCredential as plugins print it. */
export function execCredential(status: Readonly<Record<string, unknown>>, apiVersion = API_VERSION): unknown {
  return { kind: 'ExecCredential', apiVersion, status };
}
