import { RE2JS } from 're2js';
import { expect, it, onTestFinished, vi } from 'vitest';
import { linePattern } from '../../../src/logs/pattern.ts';

it.each([
  ['error', 'an error occurred', true],
  ['error', 'all is well', false],
  ['(?i)ERROR|warn', 'a Warning', true],
  ['^GET /\\S+ 5\\d\\d$', 'GET /x 503', true],
  ['^$', '', true],
  ['Grüße', 'viele Grüße', true],
  // Nothing is repeated so often.
  ['\\x{263a}\\p{Greek}\\{999}', '☺α{999}', true],
])('%s in %j: %s', async (pattern, line, isFound) => {
  const compiled = await linePattern(pattern);
  expect(compiled.matches(line)).toBe(isFound);
});

it.each([
  ['no expression', '('],
  ['looking ahead', 'a(?=b)'],
  ['a back-reference', '(a)\\1'],
  ['one that is too long', 'a'.repeat(1_001)],
  ['one that repeats too much', '(a{1,100}){1,10}b'],
])('refuses %s', async (_, pattern) => {
  await expect(linePattern(pattern)).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
});

it.each(['(a?){301}', 'a{1000}'.repeat(100), 'a{150}b{0,151}', 'a{301,}'])(
  'does not even compile what repeats too much: %s',
  async (pattern) => {
    const compile = vi.spyOn(RE2JS, 'compile');
    onTestFinished(() => compile.mockRestore());
    await expect(linePattern(pattern)).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    expect(compile).not.toHaveBeenCalled();
  },
);

it('looks at each character of a line a bounded number of times', async () => {
  // A backtracking engine would need 2^50 steps for the first of them.
  for (const pattern of ['^(a+)+$', '(a|aa)+$', '(a*)*b', '([a-z]+)*=']) {
    const compiled = await linePattern(pattern);
    expect(compiled.matches(`${'a'.repeat(10_000)}!`)).toBe(false);
  }
});

it('looks at the beginning of a line only, and at less in one go the larger the pattern is', async () => {
  const small = await linePattern('end');
  expect(small.matches(`${'a'.repeat(16_000)}end`)).toBe(true);
  expect(small.matches(`${'a'.repeat(17_000)}end`)).toBe(false);
  const large = await linePattern('a[ab]{200}[ef]');
  expect(large.bytesPerTurn).toBeLessThan(small.bytesPerTurn / 10);
});
