import { execFile } from 'node:child_process';
import { copyFileSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { emptyDirectory, inProject } from './support/artefact.ts';

/** Runs the bundle with plain Node, in an empty directory without node_modules anywhere above it. */
async function kubegraph(...args: readonly string[]): Promise<string> {
  const directory = emptyDirectory();
  const bundle = path.join(directory, 'kubegraph.mjs');
  copyFileSync(inProject('dist/cli.js'), bundle);
  const { stdout } = await promisify(execFile)(process.execPath, [bundle, ...args], {
    cwd: directory,
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
  expect(await kubegraph('--help')).toContain('serve ');
});

test('the bundle is a program', () => {
  expect(readFileSync(inProject('dist/cli.js'), 'utf8').startsWith('#!/usr/bin/env node\n')).toBe(true);
});
