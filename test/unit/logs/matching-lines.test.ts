import { describe, expect, it } from 'vitest';
import { matchingLines } from '../../../src/logs/matching-lines.ts';
import { linePattern } from '../../../src/logs/pattern.ts';

const MIB = 1024 * 1024;

/** What is left of a log that comes in these parts, in the parts in which it leaves. */
async function grepped(grep: string, parts: Iterable<Buffer | string>): Promise<readonly Buffer[]> {
  const pattern = await linePattern(grep);
  async function* body(): AsyncGenerator<Buffer> {
    for (const part of parts) yield await Promise.resolve(Buffer.from(part));
  }
  const left: Buffer[] = [];
  for await (const part of matchingLines(body(), pattern)) left.push(part);
  return left;
}

/** A text in parts of so many bytes. */
function cut(text: Buffer, bytes: number): readonly Buffer[] {
  return Array.from({ length: Math.ceil(text.length / bytes) }, (_, nth) =>
    text.subarray(nth * bytes, (nth + 1) * bytes),
  );
}

const LOG = Buffer.concat([
  Buffer.from('\nan error\r\n\n\nwell\nüber error '),
  Buffer.from([0xff, 0xc3]),
  Buffer.from('\nno\nerror'),
]);
const ERRORS = Buffer.concat([
  Buffer.from('an error\r\nüber error '),
  Buffer.from([0xff, 0xc3]),
  Buffer.from('\nerror'),
]);

describe('the lines in which a pattern finds something', () => {
  it.each([1, 2, 3, 7, 1_000])('are left byte for byte, in parts of %i bytes', async (bytes) => {
    expect(Buffer.concat(await grepped('error', cut(LOG, bytes)))).toEqual(ERRORS);
  });

  it.each([
    ['^$', '\n\n\n'],
    ['^no$', 'no\n'],
    ['', LOG],
    ['none', ''],
  ])('of "%s" are the right ones', async (grep, expected) => {
    expect(Buffer.concat(await grepped(grep, [LOG]))).toEqual(Buffer.from(expected));
  });

  it('are none of nothing', async () => {
    expect(await grepped('', [])).toEqual([]);
    expect(await grepped('', [''])).toEqual([]);
  });

  it('are left as a whole however long they are, and as they come', async () => {
    const rest = Array.from({ length: 64 }, () => Buffer.alloc(MIB / 16, 'x'));
    const left = await grepped('^begin', [Buffer.from('no\nbegin'), ...rest, Buffer.from('end\nno\n')]);
    const line = Buffer.concat([Buffer.from('begin'), ...rest, Buffer.from('end\n')]);
    // Comparing megabytes byte by byte takes vitest many seconds.
    expect(Buffer.concat(left).equals(line)).toBe(true);
    expect(Math.max(...left.map(({ length }) => length))).toBeLessThan(MIB / 4);
  });

  it('are left out as a whole however long they are', async () => {
    const rest = Array.from({ length: 64 }, () => Buffer.alloc(MIB / 16, 'x'));
    const left = await grepped('^begin', ['no', ...rest, 'begin', ...rest, '\nbegin\n']);
    expect(Buffer.concat(left).toString()).toBe('begin\n');
  });

  it.each(['ü', '€', '😀'])('are found in all that is looked at of long ones of %s', async (character) => {
    const before = character.repeat((16 * 1024 - 3) / character.length);
    const lines = [`${before}end${character.repeat(100_000)}\n`, `${before}${character}end\n`];
    expect(Buffer.concat(await grepped('end', lines)).toString()).toBe(lines[0]);
  });
});

it('long logs and slow patterns let others have their turn', async () => {
  const pattern = await linePattern('(a|b|c|d){60}$');
  const line = Buffer.from(`${'abcd'.repeat(500)}\n`);
  let turns = 0;
  let isOver = false;
  const count = (): void => {
    turns += 1;
    if (!isOver) setImmediate(count);
  };
  setImmediate(count);
  async function* body(): AsyncGenerator<Buffer> {
    yield await Promise.resolve(Buffer.concat(Array.from({ length: 100 }, () => line)));
  }
  for await (const _ of matchingLines(body(), pattern));
  isOver = true;
  expect(turns).toBeGreaterThan((100 * line.length) / pattern.bytesPerTurn / 2);
});
