import { afterAll } from 'vitest';

const works: (() => unknown)[] = [];

// Registered when a test file imports this: inside of a running test it would be too late.
afterAll(async () => {
  for (const work of works.toReversed()) await work();
});

/** Has something cleaned up after the file's last test, newest first. May be called at any time, also inside a test. */
export function atEnd(work: () => unknown): void {
  works.push(work);
}
