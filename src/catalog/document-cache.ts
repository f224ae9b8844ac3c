import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

/**
 * Compiled documents on disk, by the hash that the API server gives them. A hash names one content for ever, so nothing
 * in here goes stale; and whoever can name a hash has been shown it by the API server.
 */
export interface DocumentCache {
  /** The text stored under a hash, or undefined. A missing or damaged file is a miss, never an error. */
  read(hash: string, part: DocumentPart): Promise<string | undefined>;
  /** Stores a text. A disk that is full or read-only is no error: the next start is slower, that is all. */
  write(hash: string, part: DocumentPart, text: string): Promise<void>;
}

export type DocumentPart = 'shapes' | 'texts';

/** Raise it when the compiled form changes: older files are then misses. */
const FORMAT = 'v1';

/** `$XDG_CACHE_HOME/kubegraph`, by default `~/.cache/kubegraph`; undefined where there is no home at all. */
export function defaultCacheDirectory(env: NodeJS.ProcessEnv, home: string): string | undefined {
  const base = env['XDG_CACHE_HOME'];
  if (base !== undefined && path.isAbsolute(base)) return path.join(base, 'kubegraph');
  return home === '' ? undefined : path.join(home, '.cache', 'kubegraph');
}

/**
 * @param server the API server's address. It is part of every key, so that no server can plant a document for another.
 */
export function diskCache(directory: string, server: string): DocumentCache {
  const fileOf = (hash: string, part: DocumentPart): string =>
    path.join(directory, `openapi-${FORMAT}`, `${digest(`${server}\n${hash}`).slice(0, 40)}.${part}`);
  return {
    async read(hash, part) {
      const content = await readFile(fileOf(hash, part), 'utf8').catch(() => undefined);
      return content === undefined ? undefined : unsealed(content);
    },
    async write(hash, part, text) {
      const file = fileOf(hash, part);
      const temporary = `${file}.${process.pid}.${randomUUID()}`;
      try {
        await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
        await writeFile(temporary, sealed(text), { mode: 0o600 });
        await rename(temporary, file);
      } catch {
        await rm(temporary, { force: true }).catch(() => undefined);
      }
    },
  };
}

/** For tests and read-only places: keeps nothing. */
export const noCache: DocumentCache = {
  read: () => Promise.resolve(undefined),
  write: () => Promise.resolve(),
};

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
