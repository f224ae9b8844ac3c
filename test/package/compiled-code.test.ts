import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { inProject } from './support/artefact.ts';
import { askDemo, installedForAnotherNode, isCompiledCode, userCache } from './support/command-line.ts';

const ANSWER = { data: { node: { kind: 'Node' } } };

test('the build keeps the code that V8 compiled for one answer beside the program', () => {
  expect(readdirSync(inProject('dist')).filter(isCompiledCode)).toHaveLength(1);
});

test('another Node keeps its own in the cache directory of the user', async () => {
  const cache = userCache();
  const stored = cache.nextStored();
  expect(await askDemo(installedForAnotherNode(), { XDG_CACHE_HOME: cache.home })).toMatchObject(ANSWER);
  expect(readFileSync(await stored).length).toBeGreaterThan(100_000);
  expect(cache.compiledCode()).toHaveLength(1);
});

test('damaged code is not run, and other takes its place', async () => {
  const program = installedForAnotherNode();
  const cache = userCache();
  const first = cache.nextStored();
  await askDemo(program, { XDG_CACHE_HOME: cache.home });
  const file = await first;
  const damaged = readFileSync(file).map((byte, at) => (at % 1000 === 999 ? 255 - byte : byte));
  writeFileSync(file, damaged);
  const second = cache.nextStored();
  expect(await askDemo(program, { XDG_CACHE_HOME: cache.home })).toMatchObject(ANSWER);
  expect(readFileSync(await second).equals(damaged)).toBe(false);
});

test('where nothing can be written the command line answers all the same', async () => {
  const nowhere = path.join(userCache().home, 'file');
  writeFileSync(nowhere, '');
  expect(await askDemo(installedForAnotherNode(), { XDG_CACHE_HOME: nowhere })).toMatchObject(ANSWER);
});
