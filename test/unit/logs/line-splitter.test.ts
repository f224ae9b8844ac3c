import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { LineSplitter, MAX_LINE_BYTES } from '../../../src/logs/line-splitter.ts';
import { parseLine } from '../../../src/logs/log-line.ts';

const PLACE = { namespace: 'a', pod: 'p', container: 'c' };

it('finds the same lines wherever the bytes are cut', () => {
  const bytes = fc.uint8Array({ maxLength: 60 }).map((array) => Buffer.from(array.map((byte) => byte % 12)));
  fc.assert(
    fc.property(fc.array(bytes), (chunks) => {
      const splitter = new LineSplitter();
      const lines = chunks
        .flatMap((chunk) => splitter.push(chunk))
        .map((line) => line.bytes.toString('latin1'));
      const rest = splitter.rest()?.bytes.toString('latin1') ?? '';
      expect([...lines, rest]).toEqual(Buffer.concat(chunks).toString('latin1').split('\n'));
    }),
  );
});

it('keeps the first MiB of a line, says so, and goes on with the next', () => {
  const splitter = new LineSplitter();
  const lines = [Buffer.alloc(MAX_LINE_BYTES - 1, 'a'), Buffer.from('bcd'), Buffer.from('e\nnext\n')].flatMap(
    (chunk) => splitter.push(chunk),
  );
  expect(lines.map(({ bytes, isTruncated }) => [bytes.length, isTruncated])).toEqual([
    [MAX_LINE_BYTES, true],
    [4, false],
  ]);
  expect(lines[0]?.bytes.at(-1)).toBe('b'.charCodeAt(0));
});

it.each([
  ['2026-01-01T00:00:01.5Z text of it', '2026-01-01T00:00:01.5Z', 'text of it'],
  ['2026-01-01T00:00:01.5Z ', '2026-01-01T00:00:01.5Z', ''],
  ['2026-01-01T00:00:01.5Z', '2026-01-01T00:00:01.5Z', ''],
  ['2026-01-01T00:00:01.5Z  indented', '2026-01-01T00:00:01.5Z', ' indented'],
  ['unable to retrieve container logs', undefined, 'unable to retrieve container logs'],
  ['', undefined, ''],
])('%j is a timestamp and a text', (line, timestamp, text) => {
  const parsed = parseLine(PLACE, Buffer.from(line), false);
  expect([parsed.timestamp, parsed.text.toString()]).toEqual([timestamp, text]);
});
