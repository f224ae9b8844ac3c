import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';

/**
 * What is kept from one start to the next.
 *
 * `shapes` and `texts` are compiled documents, by the hash that the API server gives them: a hash names one content for
 * ever, so nothing of them goes stale, and whoever can name a hash has been shown it by the API server. `introspection` is
 * what has been written from them, by a digest of all that it was written from. A `reading` is what
 * one identity was shown, by the identity's key; whoever takes it must ask whether it still holds.
 */
export interface DocumentCache {
  /** The text stored under a key, or undefined. A missing or damaged file is a miss, never an error. */
  read(key: string, part: CachePart): Promise<string | undefined>;
  /**
   * Stores a text, and answers whether it is there now. A disk that is full or read-only is no error: the next start is
   * slower, that is all.
   */
  write(key: string, part: CachePart, text: string): Promise<boolean>;
}

export type DocumentPart = 'shapes' | 'texts';
export type CachePart = DocumentPart | 'introspection' | 'reading';

/** Raise a number when the form changes: older files are then misses, and `pruneDiskCache` removes them. */
export const CACHE_FOLDERS = {
  shapes: 'openapi-v2',
  texts: 'openapi-v2',
  introspection: 'introspection-v1',
  reading: 'readings-v1',
} as const;

/** When a file was last read shows to the day, in milliseconds: a note for every read would write at every start. */
const NOTE_USE_AFTER_MS = 24 * 3_600_000;

/** `$XDG_CACHE_HOME/kubegraph`, by default `~/.cache/kubegraph`; undefined where there is no home at all. */
export function defaultCacheDirectory(env: NodeJS.ProcessEnv, home: string): string | undefined {
  const base = env['XDG_CACHE_HOME'];
  if (base !== undefined && path.isAbsolute(base)) return path.join(base, 'kubegraph');
  return home === '' ? undefined : path.join(home, '.cache', 'kubegraph');
}

/**
 * @param server the API server's address. It is part of every key, so that no server can plant a document for another.
 * @param user who the kubeconfig's identity is, the same at every start and different for every user (`userKeyOf`).
 *   Without it no readings are kept.
 */
export function diskCache(directory: string, server: string, user?: string): DocumentCache {
  const fileOf = (key: string, part: CachePart): string | undefined => {
    if (part === 'reading' && user === undefined) return undefined;
    const owner = part === 'reading' ? `${server}\n${user}` : server;
    return path.join(directory, CACHE_FOLDERS[part], `${digest(`${owner}\n${key}`).slice(0, 40)}.${part}`);
  };
  return {
    async read(key, part) {
      const file = fileOf(key, part);
      const content = file === undefined ? undefined : await readFile(file, 'utf8').catch(() => undefined);
      const text = content === undefined ? undefined : unsealed(content);
      // Whoever waits for the text does not wait for this.
      if (file !== undefined && text !== undefined) void noteUse(file);
      return text;
    },
    async write(key, part, text) {
      const file = fileOf(key, part);
      return file !== undefined && writeSealed(file, text);
    },
  };
}

/** For tests and read-only places: keeps nothing. */
export const noCache: DocumentCache = {
  read: () => Promise.resolve(undefined),
  write: () => Promise.resolve(false),
};

/** Written beside its place and moved there: nobody ever sees half of it. */
async function writeSealed(file: string, text: string): Promise<boolean> {
  const temporary = `${file}.${process.pid}.${randomUUID()}`;
  try {
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(temporary, sealed(text), { mode: 0o600 });
    await rename(temporary, file);
    return true;
  } catch {
    await rm(temporary, { force: true }).catch(() => undefined);
    return false;
  }
}

/** The time of change says when a file was last used: that of access is kept coarsely on most disks, on some not at all. */
async function noteUse(file: string): Promise<void> {
  try {
    const now = Date.now();
    const { mtimeMs } = await stat(file);
    if (now - mtimeMs > NOTE_USE_AFTER_MS) await utimes(file, now / 1_000, now / 1_000);
  } catch {
    // Removed meanwhile, or not ours to write: at worst it counts as unused, and is fetched again.
  }
}

/** A digest in front of the text shows a file that was cut or damaged. */
function sealed(text: string): string {
  return `${digest(text)}\n${text}`;
}

function unsealed(content: string): string | undefined {
  const end = content.indexOf('\n');
  const text = content.slice(end + 1);
  return end > 0 && content.slice(0, end) === digest(text) ? text : undefined;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
