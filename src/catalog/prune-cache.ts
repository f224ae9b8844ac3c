import { lstat, readdir, rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import { CACHE_FOLDERS } from './document-cache.ts';

const DAY_MS = 24 * 3_600_000;

/** What nobody has used for so long is removed, in milliseconds: a cluster that is gone, a CRD of last month. */
const MAX_UNUSED_MS = 30 * DAY_MS;

/** What was being written so long ago was left by a process that broke off, in milliseconds. */
const MAX_UNFINISHED_MS = DAY_MS;

/** The file names that `diskCache` gives, and behind a dot those that it gives while it writes. */
const FILE_NAME = /^[0-9a-f]{40}\.[a-z]+(?<unfinished>\.\d+\.[0-9a-f-]{36})?$/;

const FOLDER_NAME = /^(?<name>[a-z]+)-v(?<version>\d+)$/;

/** The version of the form that this program writes, by folder name without it: `openapi` is 2. */
const VERSIONS: ReadonlyMap<string, number> = new Map(
  Object.values(CACHE_FOLDERS).flatMap((folder) => {
    const { name, version } = folderOf(folder);
    return name === undefined ? [] : [[name, version]];
  }),
);

/**
 * Removes from the directory of a `diskCache` what older programs wrote in another form, and what has not been used for
 * 30 days, whichever server and user it belongs to. Files and folders of other names stay; so does what a newer program
 * keeps beside this one, while it is used. Never rejects: what cannot be removed stays.
 *
 * @param now milliseconds since the epoch.
 */
export async function pruneDiskCache(directory: string, now: number = Date.now()): Promise<void> {
  for (const entry of await entriesOf(directory)) {
    const { name, version } = folderOf(entry.name);
    const current = VERSIONS.get(name ?? '');
    // A link to a folder is none: what it leads to is somebody else's.
    if (current === undefined || !entry.isDirectory()) continue;
    const folder = path.join(directory, entry.name);
    const isOutdated = version < current;
    await pruneFolder(folder, isOutdated ? () => true : (file, usedAt) => isLeft(file, now - usedAt));
    // Not the current one: somebody may be about to write there. One that still holds something stays.
    if (isOutdated) await rmdir(folder).catch(() => undefined);
  }
}

/** One file after the other: nobody waits for it, and the disk has others to serve. */
async function pruneFolder(
  folder: string,
  isUseless: (name: string, usedAtMs: number) => boolean,
): Promise<void> {
  for (const entry of await entriesOf(folder)) {
    if (!entry.isFile() || !FILE_NAME.test(entry.name)) continue;
    const file = path.join(folder, entry.name);
    const stats = await lstat(file).catch(() => undefined);
    if (stats === undefined || !isUseless(entry.name, stats.mtimeMs)) continue;
    await rm(file, { force: true }).catch(() => undefined);
  }
}

function isLeft(file: string, unusedMs: number): boolean {
  const isUnfinished = FILE_NAME.exec(file)?.groups?.['unfinished'] !== undefined;
  return unusedMs > (isUnfinished ? MAX_UNFINISHED_MS : MAX_UNUSED_MS);
}

function folderOf(entry: string): { readonly name: string | undefined; readonly version: number } {
  const groups = FOLDER_NAME.exec(entry)?.groups;
  return { name: groups?.['name'], version: Number(groups?.['version']) };
}

function entriesOf(directory: string) {
  return readdir(directory, { withFileTypes: true }).catch(() => []);
}
