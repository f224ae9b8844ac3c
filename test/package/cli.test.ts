import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, cpSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { emptyDirectory, inProject } from './support/artefact.ts';

/** What the package ships of the command line, in a directory without node_modules anywhere above it. */
function installed(): string {
  const directory = emptyDirectory();
  copyFileSync(inProject('package.json'), path.join(directory, 'package.json'));
  cpSync(inProject('dist'), path.join(directory, 'dist'), { recursive: true });
  return path.join(directory, 'dist/cli.js');
}

/** Runs it with plain Node. */
async function kubegraph(...args: readonly string[]): Promise<string> {
  const program = installed();
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...args], {
    cwd: path.dirname(program),
    env: {},
  });
  return stdout;
}

test('kubegraph --version prints the version of the package', async () => {
  const { version } = JSON.parse(readFileSync(inProject('package.json'), 'utf8')) as {
    readonly version: string;
  };
  expect(await kubegraph('--version')).toBe(`${version}\n`);
});

test('kubegraph --help names its commands', async () => {
  expect(await kubegraph('--help')).toMatch(/demo [^]*serve /);
});

test('kubegraph demo answers with nothing but Node', async () => {
  const program = installed();
  const child = spawn(process.execPath, [program, 'demo', '--port', '0', '--quiet'], {
    cwd: path.dirname(program),
    env: { TMPDIR: emptyDirectory() },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [greeting] = (await once(child.stdout, 'data')) as [Buffer];
  const response = await fetch(/http:\/\/\S+/.exec(greeting.toString('utf8'))?.[0] ?? '', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      query: '{ node(name: "node-1") { kind status { nodeInfo { kubeletVersion } } } }',
    }),
  });
  expect(await response.json()).toMatchObject({ data: { node: { kind: 'Node' } } });
});

test('the bundle is a program', () => {
  expect(readFileSync(inProject('dist/cli.js'), 'utf8').startsWith('#!/usr/bin/env node\n')).toBe(true);
});
