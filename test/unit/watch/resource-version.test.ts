import { describe, expect, it } from 'vitest';
import { compareVersions, isOlder, laterVersion } from '../../../src/watch/wire/resource-version.ts';

describe('resourceVersions', () => {
  it.each([
    ['9', '10', -1],
    ['10', '9', 1],
    ['10', '10', 0],
    ['9007199254740993', '9007199254740992', 1],
    ['opaque', 'opaque', 0],
  ])('compares %s and %s', (a, b, expected) => {
    expect(Math.sign(compareVersions(a, b) ?? Number.NaN)).toBe(expected);
  });

  it.each([
    ['a', 'b'],
    ['5', 'b'],
    ['05', '6'],
    ['0', '6'],
    ['', '6'],
  ])('does not compare %s and %s', (a, b) => {
    expect(compareVersions(a, b)).toBeUndefined();
    expect(isOlder(a, b)).toBe(false);
  });

  it('goes to the later of two, and to the next one when they do not compare', () => {
    expect(laterVersion('10', '9')).toBe('10');
    expect(laterVersion('9', '10')).toBe('10');
    expect(laterVersion('b', 'a')).toBe('a');
  });
});
