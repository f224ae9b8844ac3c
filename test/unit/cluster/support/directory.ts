import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A directory for one test. */
export interface TestDirectory {
  readonly path: string;
  /** The absolute path of a file in it. */
  at(name: string): string;
  /** Writes a file, or replaces it. Returns its path. */
  write(name: string, text: string, mode?: number): string;
}

export function testDirectory(): TestDirectory {
  const path = mkdtempSync(join(tmpdir(), 'kubegraph-'));
  // What a command under test does in the background may still be writing.
  onTestFinished(() => rmSync(path, { recursive: true, force: true, maxRetries: 5 }));
  return {
    path,
    at: (name) => join(path, name),
    write: (name, text, mode = 0o600) => {
      const file = join(path, name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text, { mode });
      return file;
    },
  };
}
