import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { CODES } from '../../../src/errors/codes.ts';

const REFERENCE = new URL('../../../docs/reference/errors.md', import.meta.url);

/** The rows of the table of codes, in order. */
function documentedCodes(): readonly unknown[] {
  const rows = readFileSync(REFERENCE, 'utf8').matchAll(/^\| `([A-Z_]+)` \| (.+) \| (\w+) \| (yes|no) \|$/gm);
  return [...rows].map(([, code, meaning, responsible, retryable]) => ({
    code,
    meaning,
    responsible,
    retryable: retryable === 'yes',
  }));
}

it('documents every code, its meaning, who must act and whether to retry', () => {
  expect(documentedCodes()).toEqual(Object.entries(CODES).map(([code, entry]) => ({ code, ...entry })));
});
