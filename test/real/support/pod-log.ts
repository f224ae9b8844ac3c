import { appendFile, readFile, truncate } from 'node:fs/promises';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { atEnd } from './at-end.ts';

/** The file that the simulated nodes read every container's log from. */
export interface PodLog {
  /** Appends lines, of which each third has the moment of the one before, as of a container that writes fast. */
  append(...texts: readonly string[]): Promise<void>;
  /** Waits for a second that has no line yet, and answers when it begins: the API server cuts times to seconds. */
  newSecond(): Promise<string>;
  /** The texts of all lines that have been appended since it was opened. */
  texts(): Promise<readonly string[]>;
}

/** It is cut back to what it is now after the file's last test. */
export async function openPodLog(path: string): Promise<PodLog> {
  const before = (await readFile(path)).length;
  atEnd(() => truncate(path, before));
  let written = 0;
  let stamp = '';
  return {
    append: async (...texts) => {
      const lines = texts.map((text) => {
        written += 1;
        if (written % 3 !== 0)
          stamp = new Date().toISOString().replace('Z', `${String(written % 1e6).padStart(6, '0')}Z`);
        return `${stamp} stdout F ${text}\n`;
      });
      await appendFile(path, lines.join(''));
      await setImmediate();
    },
    newSecond: async () => {
      const begin = Math.floor(Date.now() / 1_000) * 1_000 + 1_000;
      // Timers may be early.
      while (Date.now() < begin) await sleep(begin - Date.now());
      return new Date(begin).toISOString();
    },
    texts: async () => {
      const lines = (await readFile(path, 'utf8')).slice(before).split('\n').slice(0, -1);
      return lines.map((line) => line.split(' ').slice(3).join(' '));
    },
  };
}
