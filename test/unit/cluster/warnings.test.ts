import { expect, test } from 'vitest';
import { parseWarnings } from '../../../src/cluster/transport/warnings.ts';

test.each<[string, string | readonly string[] | undefined, readonly string[]]>([
  ['none', undefined, []],
  ['one', '299 - "policy/v1beta1 is deprecated"', ['policy/v1beta1 is deprecated']],
  ['several headers', ['299 - "a"', '299 - "b"'], ['a', 'b']],
  ['several in one header', '299 - "a", 299 - "b",299 - "c"', ['a', 'b', 'c']],
  [
    'commas and escaped quotes in the text',
    '299 - "say \\"a, b\\" \\\\ c", 299 - "d"',
    ['say "a, b" \\ c', 'd'],
  ],
  ['a date behind the text', '299 - "a" "Wed, 21 Oct 2015 07:28:00 GMT", 299 - "b"', ['a', 'b']],
  ['an agent', '299 kube-apiserver "a"', ['a']],
  ['other codes', '199 - "misc", 299 - "a"', ['a']],
  ['an empty text', '299 - ""', ['']],
  ['no quotes', '299 - text', []],
  ['an open quote', '299 - "a", 299 - "b', ['a']],
  ['rubbish behind a warning', '299 - "a" x', []],
  ['nothing', '', []],
  ['control characters', '299 - "a\u001b[2J", 299 - "b"', ['b']],
  ['UTF-8 that was read as Latin-1', Buffer.from('299 - "für"', 'utf8').toString('latin1'), ['für']],
])('reads %s', (_, header, texts) => {
  expect(parseWarnings(header)).toEqual(texts);
});

test('takes time in proportion to a hostile header', () => {
  const hostile = `299 - "${'\\"'.repeat(100_000)}`;
  expect(parseWarnings([hostile, '299 - "a"'])).toEqual(['a']);
});
