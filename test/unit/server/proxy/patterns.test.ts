import { describe, expect, it } from 'vitest';
import { BadPattern, readPatterns } from '../../../../src/server/proxy/patterns.ts';

describe('a list of regular expressions', () => {
  it.each([
    ['', 'anything', false],
    ['exec', '/api/exec/x', true],
    ['^exec', '/api/exec/x', false],
    ['^/a$,^/b$', '/b', true],
    ['^/a$,^/b$', '/b/', false],
    ['^/a$,', '/anything', true],
    ['^$', 'GET', false],
    ['POST,PUT', 'PUT', true],
  ])('%j finds something in %j: %s', (list, text, isFound) => {
    expect(readPatterns(list)(text)).toBe(isFound);
  });
});

describe('a regular expression is read as Go reads it, where JavaScript', () => {
  it.each([
    ['has no flags inside', '(?i)^/API$', '/api', true],
    ['does not know the class', '^/[[:alpha:]]+$', '/api', true],
    ['takes [] for nothing', '^[]a]$', ']', true],
    ['lets . stop at more line ends', '^/a.b$', '/a\u2028b', true],
    ['counts more characters as white space', '^\\s$', '\u00a0', false],
    ['has no quotation', '^\\Q/a.b\\E$', '/a.b', true],
    ['has no other names for the ends', '\\A/api\\z', '/api', true],
    ['takes a brace alone for a mistake', '^a{$', 'a{', true],
    ['wants braces around classes', '^\\pL$', 'é', true],
    ['names groups differently', '^(?P<kind>pods)$', 'pods', true],
  ])('%s: %s', (_, pattern, text, isFound) => {
    expect(readPatterns(pattern)(text)).toBe(isFound);
  });

  it.each([
    '(?=a)',
    '(?!a)',
    '(?<=a)b',
    '(?<!a)b',
    '(a)\\1',
    '\\u0061',
    '\\cA',
    'a{1001}',
    '[^]',
    '\\k<a>',
    '(',
    '[',
  ])('knows %s, it is refused by its name', (pattern) => {
    expect(() => readPatterns(`^/ok$,${pattern}`)).toThrow(BadPattern);
    expect(() => readPatterns(`^/ok$,${pattern}`)).toThrow(JSON.stringify(pattern));
  });
});

it('matches without being led astray by a pattern that takes JavaScript for ever', () => {
  expect(readPatterns('^(a+)+$')(`${'a'.repeat(5000)}!`)).toBe(false);
});
