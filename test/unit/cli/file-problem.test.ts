import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { readProblem, writeProblem } from '../../../src/cli/file-problem.ts';
import { testDirectory } from '../cluster/support/directory.ts';

/** What a call throws. */
function failure(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error('it did not fail');
}

it.each<[string, (file: string) => string]>([
  ['it does not exist', (file) => `${file}-not`],
  ['it is a folder', (file) => path.dirname(file)],
  ['its path goes through a file', (file) => path.join(file, 'more')],
])('a file cannot be read because %s', (words, place) => {
  const file = place(testDirectory().write('file', ''));
  expect(readProblem(failure(() => readFileSync(file)))).toBe(words);
});

it('a file cannot be written because its folder does not exist', () => {
  const file = testDirectory().at('not/there');
  expect(writeProblem(failure(() => writeFileSync(file, '')))).toBe('its folder does not exist');
});

it.each([
  [Object.assign(new Error('EIO: i/o error, open'), { code: 'EIO' }), 'the system says EIO'],
  [new Error('words of others'), 'the system says an unknown error'],
])('what is not foreseen has its code and nobody else’s words', (error, words) => {
  expect([readProblem(error), writeProblem(error)]).toEqual([words, words]);
});
