import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, cpSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { watch } from 'node:fs/promises';
import path from 'node:path';
import { emptyDirectory, inProject } from './artefact.ts';
import { endsWithTest } from './ends-with-test.ts';

/** What the package ships of the command line, in a directory without node_modules anywhere above it. */
export function installed(): string {
  const directory = emptyDirectory();
  copyFileSync(inProject('package.json'), path.join(directory, 'package.json'));
  cpSync(inProject('dist'), path.join(directory, 'dist'), { recursive: true });
  return path.join(directory, 'dist/cli.js');
}

/** The same for another Node than the one of the build: it has no use for the code that V8 compiled there. */
export function installedForAnotherNode(): string {
  const program = installed();
  const dist = path.dirname(program);
  for (const name of readdirSync(dist).filter(isCompiledCode)) rmSync(path.join(dist, name));
  return program;
}

export function isCompiledCode(name: string): boolean {
  return /^code-.+-[0-9a-f]{8}$/.test(name);
}

/** A cache directory of a user, and what the command line has in it. */
export function userCache() {
  const home = emptyDirectory();
  const directory = path.join(home, 'kubegraph');
  mkdirSync(directory);
  return {
    home,
    directory,
    compiledCode: () => readdirSync(directory).filter(isCompiledCode),
    /** Resolves with the path of the code that is stored next. To be called before that can happen. */
    nextStored: async (): Promise<string> => {
      for await (const { eventType, filename } of watch(directory)) {
        // It is put in place as a whole, under another name before.
        const isNew = eventType === 'rename' && filename !== null && isCompiledCode(filename);
        if (isNew) return path.join(directory, filename);
      }
      throw new Error('the directory is not watched any more');
    },
  };
}

export interface RunningDemo {
  readonly url: string;
  /** Resolves when it has read all files of the program. */
  readonly hasReadAll: Promise<void>;
}

/** Starts `kubegraph demo`, which tells what it reads. It runs until the test ends. */
export async function startDemo(program: string): Promise<RunningDemo> {
  const hook = new URL('tell-read.mjs', import.meta.url).href;
  const child = launchDemo(program, { XDG_CACHE_HOME: emptyDirectory() }, ['--import', hook]);
  const unread = new Set(readdirSync(path.join(path.dirname(program), 'program')));
  const hasReadAll = new Promise<void>((resolve) => {
    child.on('message', (file: string) => {
      unread.delete(path.basename(file));
      if (unread.size === 0) resolve();
    });
  });
  return { url: await greetingUrl(child), hasReadAll };
}

/** Starts `kubegraph demo`, has it answer one query and answers that. It runs until the test ends. */
export async function askDemo(program: string, env: Readonly<Record<string, string>>): Promise<unknown> {
  const response = await fetch(await greetingUrl(launchDemo(program, env)), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      query: '{ node(name: "node-1") { kind status { nodeInfo { kubeletVersion } } } }',
    }),
  });
  return response.json();
}

function launchDemo(
  program: string,
  env: Readonly<Record<string, string>>,
  nodeFlags: readonly string[] = [],
): ChildProcess {
  const args = [...nodeFlags, program, 'demo', '--port', '0', '--quiet'];
  const child = spawn(process.execPath, args, {
    cwd: path.dirname(program),
    env: { TMPDIR: emptyDirectory(), ...env },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  return endsWithTest(child);
}

async function greetingUrl({ stdout }: ChildProcess): Promise<string> {
  if (stdout === null) throw new Error('it has been started with a pipe');
  const [greeting] = (await once(stdout, 'data')) as [Buffer];
  return /http:\/\/\S+/.exec(greeting.toString('utf8'))?.[0] ?? '';
}
