import { describe, expect, it } from 'vitest';
import { wrapText } from '../../../../src/catalog/explain/wrap.ts';

// Those of go-wordwrap, which kubectl breaks lines with.
describe('lines are broken as kubectl breaks them', () => {
  it.each([
    ['foo', 4, 'foo'],
    ['foobarbaz', 4, 'foobarbaz'],
    ['foo bar baz', 4, 'foo\nbar\nbaz'],
    ['foo bar baz', 7, 'foo bar\nbaz'],
    ['foo    bar   baz', 4, 'foo\nbar\nbaz'],
    ['  foo bar', 20, '  foo bar'],
    ['foo bar\n  baz', 20, 'foo bar\n  baz'],
    ['foo\n\nbar', 4, 'foo\n\nbar'],
    ['foo ', 4, 'foo '],
    ['foo  ', 4, 'foo'],
    ['a b c d e f', 1, 'a b c d e f'],
    ['foo foobarbaz foo', 5, 'foo\nfoobarbaz\nfoo'],
    ['äöü äöü', 4, 'äöü\näöü'],
    ['a\u00a0b cd', 4, 'a\u00a0b\ncd'],
    ['𝒳𝒳 𝒳𝒳', 5, '𝒳𝒳 𝒳𝒳'],
  ])('%j to %d characters', (text, limit, wrapped) => {
    expect(wrapText(text, limit)).toBe(wrapped);
  });
});
