import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { inProject } from './support/artefact.ts';
import { askDemo, installed } from './support/command-line.ts';

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
  expect(await askDemo(installed(), {})).toMatchObject({ data: { node: { kind: 'Node' } } });
});

test('the bundle is a program', () => {
  expect(readFileSync(inProject('dist/cli.js'), 'utf8').startsWith('#!/usr/bin/env node\n')).toBe(true);
});
