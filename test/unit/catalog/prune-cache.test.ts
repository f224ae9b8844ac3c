import { existsSync, readdirSync, symlinkSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { CACHE_FOLDERS, diskCache } from '../../../src/catalog/document-cache.ts';
import { pruneDiskCache } from '../../../src/catalog/prune-cache.ts';
import { testDirectory } from '../cluster/support/directory.ts';

const CURRENT = CACHE_FOLDERS.shapes;
const OURS = `${'0123456789'.repeat(4)}.shapes`;
const UNFINISHED = `${OURS}.4711.00000000-0000-4000-8000-000000000000`;
const NOW = Date.now();

interface Disk {
  readonly directory: string;
  /** Puts a file there that was last used so many days ago. */
  readonly file: (name: string, days: number) => void;
  /** The files that are left after pruning. */
  readonly left: () => Promise<readonly string[]>;
}

function disk(): Disk {
  const home = testDirectory();
  const directory = home.path;
  return {
    directory,
    file: (name, days) => {
      const usedAt = NOW / 1_000 - days * 86_400;
      utimesSync(home.write(name, 'x'), usedAt, usedAt);
    },
    left: async () => {
      await pruneDiskCache(directory, NOW);
      return readdirSync(directory, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => path.relative(directory, path.join(entry.parentPath, entry.name)));
    },
  };
}

it('removes what has not been used for 30 days, and nothing younger', async () => {
  const { file, left } = disk();
  const young = OURS.replace('0', 'f');
  file(`${CURRENT}/${OURS}`, 31);
  file(`${CURRENT}/${young}`, 29);
  expect(await left()).toEqual([`${CURRENT}/${young}`]);
});

it('knows by their names the files that the cache writes, of every part', async () => {
  const { directory, left } = disk();
  const cache = diskCache(directory, 'https://127.0.0.1:6443', 'alice');
  const parts = ['shapes', 'texts', 'introspection', 'reading'] as const;
  for (const part of parts) await cache.write('H', part, '{}');
  expect(await left()).toHaveLength(parts.length);
  await pruneDiskCache(directory, NOW + 31 * 86_400_000);
  expect(await left()).toEqual([]);
});

it('removes what older programs wrote in another form at once, and its folder', async () => {
  const { directory, file, left } = disk();
  file(`openapi-v1/${OURS}`, 0);
  expect(await left()).toEqual([]);
  expect(existsSync(path.join(directory, 'openapi-v1'))).toBe(false);
});

it('leaves to a newer program what it uses', async () => {
  const { file, left } = disk();
  file(`openapi-v999/${OURS}`, 1);
  expect(await left()).toEqual([`openapi-v999/${OURS}`]);
});

it('removes what broke off while it was written, but not what is being written', async () => {
  const { file, left } = disk();
  const fresh = UNFINISHED.replace('4711', '4712');
  file(`${CURRENT}/${UNFINISHED}`, 2);
  file(`${CURRENT}/${fresh}`, 0);
  expect(await left()).toEqual([`${CURRENT}/${fresh}`]);
});

it.each([
  ['a file of another name', `${CURRENT}/notes.txt`],
  ['a file of another name in a folder of an older form', 'openapi-v1/notes.txt'],
  ['a folder of another name', `pictures-v1/${OURS}`],
  ['a folder without a version', `openapi/${OURS}`],
  ['a file beside the folders', OURS],
  ['a folder inside a folder', `openapi-v1/inner/${OURS}`],
])('never touches %s', async (_, name) => {
  const { file, left } = disk();
  file(name, 400);
  expect(await left()).toEqual([name]);
});

it('does not follow a link to somewhere else', async () => {
  const { directory } = disk();
  const elsewhere = testDirectory();
  const foreign = elsewhere.write(OURS, 'x');
  symlinkSync(elsewhere.path, path.join(directory, 'openapi-v1'));
  await pruneDiskCache(directory, NOW);
  expect(existsSync(foreign)).toBe(true);
});

it('does without a directory', async () => {
  const missing = path.join(testDirectory().path, 'missing');
  await expect(pruneDiskCache(missing)).resolves.toBeUndefined();
});
