import { execFile } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { atEnd } from '../../real/support/at-end.ts';

const EXAMPLE = fileURLToPath(new URL('../../../examples/codegen', import.meta.url));
const PACKAGES = path.join(EXAMPLE, 'node_modules');

/** What the example's types are made from: the contract that is reviewed. */
export const SCHEMA = fileURLToPath(new URL('../../../schema/demo.graphql', import.meta.url));

/** Installed, or made: no part of the example. */
const LEFT_BEHIND = new Set([PACKAGES, path.join(EXAMPLE, 'dist'), path.join(EXAMPLE, 'src/graphql')]);

/** A copy of the example in a directory of its own, which goes with the test file. */
export interface CodegenProject {
  /** What one of its package's scripts said. Rejects with an Error that holds all of it when the script fails. */
  run(script: string, ...args: readonly string[]): Promise<string>;
  /** Another copy, what was generated included, in which one piece of one file's text is another. */
  changed(file: string, from: string, to: string): CodegenProject;
  /** The path of a file. */
  at(file: string): string;
  /** The generated files, as one text. */
  generated(): string;
}

/** The example as it is in the repository. `npm run test:examples` has installed its packages. */
export function codegenProject(): CodegenProject {
  if (!existsSync(PACKAGES)) throw new Error('examples/codegen lacks its packages: npm run test:examples');
  return projectIn(copyOf(EXAMPLE, LEFT_BEHIND));
}

function copyOf(source: string, leftBehind: ReadonlySet<string>): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'kubegraph-codegen-'));
  atEnd(() => rmSync(directory, { recursive: true, force: true }));
  cpSync(source, directory, { recursive: true, filter: (file) => !leftBehind.has(file) });
  symlinkSync(PACKAGES, path.join(directory, 'node_modules'));
  return directory;
}

function projectIn(directory: string): CodegenProject {
  return {
    run: (script, ...args) => runScript(directory, script, args),
    changed: (file, from, to) => {
      const copy = copyOf(directory, new Set([path.join(directory, 'node_modules')]));
      replaceIn(path.join(copy, file), from, to);
      return projectIn(copy);
    },
    at: (file) => path.join(directory, file),
    generated: () => {
      const folder = path.join(directory, 'src/graphql');
      return readdirSync(folder)
        .map((file) => readFileSync(path.join(folder, file), 'utf8'))
        .join('');
    },
  };
}

async function runScript(cwd: string, script: string, args: readonly string[]): Promise<string> {
  const env = { PATH: process.env['PATH'], HOME: cwd, KUBEGRAPH_SCHEMA: SCHEMA };
  try {
    const command = ['run', '--silent', script, '--', ...args];
    const { stdout } = await promisify(execFile)('npm', command, { cwd, env });
    return stdout;
  } catch (error) {
    const { stdout, stderr } = error as { readonly stdout?: string; readonly stderr?: string };
    throw new Error(`npm run ${script} failed: ${stdout}${stderr}`, { cause: error });
  }
}

/** Whatever is changed has to be there: a test of a change that does not happen would prove nothing. */
function replaceIn(file: string, from: string, to: string): void {
  const text = readFileSync(file, 'utf8');
  if (!text.includes(from)) throw new Error(`${file} has no ${JSON.stringify(from)}`);
  writeFileSync(file, text.replace(from, to));
}
