import { chmodSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { defaultCacheDirectory, diskCache, type DocumentCache } from '../../../src/catalog/document-cache.ts';
import { testDirectory } from '../cluster/support/directory.ts';

const SERVER = 'https://127.0.0.1:6443';

interface Disk {
  readonly cache: DocumentCache;
  readonly directory: string;
  /** Every file below the cache's directory. */
  readonly files: () => readonly string[];
}

function disk(): Disk {
  const directory = testDirectory().path;
  return {
    directory,
    cache: diskCache(directory, SERVER),
    files: () =>
      readdirSync(directory, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => path.join(entry.parentPath, entry.name)),
  };
}

it('gives back what was stored under a hash, part by part', async () => {
  const { cache } = disk();
  await cache.write('H', 'shapes', '{"objects":{}}');
  await cache.write('H', 'texts', '{"ä":1}');
  expect(await cache.read('H', 'shapes')).toBe('{"objects":{}}');
  expect(await cache.read('H', 'texts')).toBe('{"ä":1}');
  expect(await cache.read('other', 'shapes')).toBeUndefined();
});

it.each<[string, (content: string) => string]>([
  ['cut', (content) => content.slice(0, -3)],
  ['empty', () => ''],
  ['without its seal', (content) => content.slice(content.indexOf('\n') + 1)],
  ['changed in one character', (content) => content.replace('objects', 'objectz')],
])('takes a file that is %s for a miss', async (_, damage) => {
  const { cache, files } = disk();
  await cache.write('H', 'shapes', '{"objects":{}}');
  const file = files()[0] as string;
  writeFileSync(file, damage(readFileSync(file, 'utf8')));
  expect(await cache.read('H', 'shapes')).toBeUndefined();
});

it('never shows half a file: a text is written beside its place and moved there', async () => {
  const { cache, files } = disk();
  const writes = Array.from({ length: 20 }, (_, index) =>
    cache.write('H', 'shapes', `{"n":"${'x'.repeat(index * 999)}"}`),
  );
  const reads = Array.from({ length: 20 }, () => cache.read('H', 'shapes'));
  const seen = (await Promise.all(reads)).filter((text) => text !== undefined);
  await Promise.all(writes);
  for (const text of [...seen, await cache.read('H', 'shapes')])
    expect(() => JSON.parse(text ?? '')).not.toThrow();
  expect(files()).toHaveLength(1);
});

it('keeps servers apart, so that none can plant a document for another', async () => {
  const { cache, directory } = disk();
  await cache.write('H', 'shapes', '{}');
  expect(await diskCache(directory, 'https://elsewhere:6443').read('H', 'shapes')).toBeUndefined();
});

it('keeps a hash that looks like a path inside its directory', async () => {
  const { cache, files, directory } = disk();
  await cache.write('../../../outside', 'shapes', '{}');
  expect(await cache.read('../../../outside', 'shapes')).toBe('{}');
  expect(files().every((file) => file.startsWith(directory))).toBe(true);
});

it('lets nobody else read it', async () => {
  const { cache, files } = disk();
  await cache.write('H', 'shapes', '{}');
  const file = files()[0] as string;
  expect([statSync(file).mode & 0o777, statSync(path.dirname(file)).mode & 0o777]).toEqual([0o600, 0o700]);
});

it('does without a place that cannot be written', async () => {
  const { directory } = disk();
  const notADirectory = path.join(directory, 'file');
  writeFileSync(notADirectory, '');
  chmodSync(notADirectory, 0o400);
  const cache = diskCache(notADirectory, SERVER);
  expect(await cache.write('H', 'shapes', '{}')).toBe(false);
  expect(await cache.read('H', 'shapes')).toBeUndefined();
});

it.each([
  ['$XDG_CACHE_HOME', { XDG_CACHE_HOME: '/var/cache' }, '/home/me', '/var/cache/kubegraph'],
  ['~/.cache', {}, '/home/me', '/home/me/.cache/kubegraph'],
  [
    '~/.cache where $XDG_CACHE_HOME is not absolute',
    { XDG_CACHE_HOME: 'cache' },
    '/home/me',
    '/home/me/.cache/kubegraph',
  ],
  ['nowhere without a home', {}, '', undefined],
])('is kept in %s', (_, env, home, directory) => {
  expect(defaultCacheDirectory(env, home)).toBe(directory);
});

it.each([
  ['another user', 'bob'],
  ['nobody in particular', undefined],
])("keeps a user's readings away from %s", async (_, other) => {
  const { directory } = disk();
  expect(await diskCache(directory, SERVER, 'alice').write('me', 'reading', '{}')).toBe(true);
  expect(await diskCache(directory, SERVER, 'alice').read('me', 'reading')).toBe('{}');
  expect(await diskCache(directory, SERVER, other).read('me', 'reading')).toBeUndefined();
});

it('notes on a file that it is still used, at most once a day', async () => {
  const { cache, files } = disk();
  const ageOf = (part: string): number =>
    Date.now() - statSync(files().find((file) => file.endsWith(part)) as string).mtimeMs;
  const hour = 3_600_000;
  for (const [part, hours] of [
    ['shapes', 23],
    ['texts', 25],
  ] as const) {
    await cache.write('H', part, '{}');
    const usedAt = (Date.now() - hours * hour) / 1_000;
    utimesSync(files().find((file) => file.endsWith(part)) as string, usedAt, usedAt);
    await cache.read('H', part);
  }
  await expect.poll(() => ageOf('texts')).toBeLessThan(hour);
  expect(ageOf('shapes')).toBeGreaterThan(22 * hour);
});
