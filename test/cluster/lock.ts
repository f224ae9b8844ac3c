import { link, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { dirname } from 'node:path';
import { systemErrorCode } from './errors.ts';
import { identify, isAlive } from './process-identity.ts';
import type { ProcessIdentity } from './process-identity.ts';
import { waitUntil } from './wait.ts';

export interface LockOptions {
  /** How long to wait for the current holder, in milliseconds. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Called once when the lock is held by another process. */
  readonly onWait?: (holder: ProcessIdentity) => void;
}

/**
 * Runs `work` while holding the lock file at `path`; at most one process on this machine does so at a time. A lock
 * whose holder has ended without giving it back is taken over.
 */
export async function withLock<T>(path: string, options: LockOptions, work: () => Promise<T>): Promise<T> {
  await mkdir(dirname(path), { recursive: true });
  let announced = false;
  const attempt = async () => {
    if (await tryCreate(path)) return undefined;
    const holder = await readHolder(path);
    if (holder === undefined) return 'it was just given back';
    if (!isAlive(holder)) await removeStale(path);
    else if (!announced) {
      announced = true;
      options.onWait?.(holder);
    }
    return `held by process ${holder.pid}`;
  };
  await waitUntil(`lock ${path}`, attempt, { ...options, intervalMs: 200 });
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

/** Creates the lock file with us as its holder. False when it exists. */
async function tryCreate(path: string): Promise<boolean> {
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, JSON.stringify(identify(process.pid)));
  try {
    // A hard link appears with its content or not at all, so nobody ever reads a half-written holder.
    await link(draft, path);
    return true;
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

async function readHolder(path: string): Promise<ProcessIdentity | undefined> {
  try {
    // We wrote it whole (see tryCreate), so its shape needs no check.
    return JSON.parse(await readFile(path, 'utf8')) as ProcessIdentity;
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Longest time a take-over can need, in milliseconds; an older mark was left by a process that died in it. */
const TAKE_OVER_MS = 10_000;

/** Removes a lock whose holder is gone. The mark keeps a second waiter from removing the first one's new lock. */
async function removeStale(path: string): Promise<void> {
  const mark = `${path}.takeover`;
  if (!(await tryCreate(mark))) {
    const age = await stat(mark).then(
      (file) => Date.now() - file.mtimeMs,
      () => 0,
    );
    if (age > TAKE_OVER_MS) await rm(mark, { force: true });
    return;
  }
  try {
    const holder = await readHolder(path);
    if (holder !== undefined && !isAlive(holder)) await rm(path, { force: true });
  } finally {
    await rm(mark, { force: true });
  }
}
