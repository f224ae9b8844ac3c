import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { codeCache } from '../../../src/cli/code-cache.ts';
import { testDirectory } from '../cluster/support/directory.ts';

const TEXTS = 'a'.repeat(64);
const OTHER_TEXTS = 'b'.repeat(64);
const CODE = new Map([
  ['./main.js', Buffer.from('compiled\nmain')],
  ['./späte-teile.js', Buffer.from([0, 255, 10, 128])],
]);

/** A cache with CODE in it, and the path of its file. */
function filled() {
  const directory = path.join(testDirectory().path, 'not', 'there', 'yet');
  const cache = codeCache(directory);
  cache.write(TEXTS, CODE);
  const [name, ...others] = readdirSync(directory);
  expect(others).toEqual([]);
  return { cache, directory, file: path.join(directory, String(name)) };
}

describe('compiled code on disk', () => {
  it('is there at the next start, piece by piece', () => {
    const { directory } = filled();
    expect(codeCache(directory).read(TEXTS)).toEqual(CODE);
  });

  it('is not used for other texts', () => {
    expect(filled().cache.read(OTHER_TEXTS)).toBeUndefined();
  });

  it('makes place for what is compiled of other texts', () => {
    const { cache, directory } = filled();
    cache.write(OTHER_TEXTS, CODE);
    expect(cache.read(TEXTS)).toBeUndefined();
    expect(cache.read(OTHER_TEXTS)).toEqual(CODE);
    expect(readdirSync(directory)).toHaveLength(1);
  });

  it('has what each command runs, and the newest of what several do', () => {
    const { cache, directory, file } = filled();
    const newMain = Buffer.from('compiled\nmain, with more in it');
    const other = Buffer.from('compiled\nschema');
    codeCache(directory).write(
      TEXTS,
      new Map([
        ['./main.js', newMain],
        ['./schema.js', other],
      ]),
    );
    const all = new Map([...CODE, ['./main.js', newMain], ['./schema.js', other]]);
    expect(cache.read(TEXTS)).toEqual(all);
    const { size } = statSync(file);
    for (let starts = 0; starts < 3; starts++) codeCache(directory).write(TEXTS, CODE);
    codeCache(directory).write(TEXTS, all);
    expect(statSync(file).size).toBe(size);
  });

  it('keeps nothing of a damaged file when it stores new code', () => {
    const { cache, file } = filled();
    writeFileSync(file, readFileSync(file).subarray(0, -1));
    const main = new Map([['./main.js', Buffer.from('new')]]);
    cache.write(TEXTS, main);
    expect(cache.read(TEXTS)).toEqual(main);
  });

  it('is never written through a link that somebody has put in its way', () => {
    const { cache, directory, file } = filled();
    const victim = testDirectory().write('victim', 'untouched');
    rmSync(file);
    for (const name of [file, `${file}.${process.pid}`, `${file}.tmp`]) symlinkSync(victim, name);
    cache.write(TEXTS, CODE);
    expect(readFileSync(victim, 'utf8')).toBe('untouched');
    expect(lstatSync(file).isFile()).toBe(true);
    expect(readdirSync(directory)).toHaveLength(3);
  });

  it.each([
    ['damaged', (content: Buffer) => Buffer.from(content.map((byte, at) => (at === 180 ? byte ^ 1 : byte)))],
    ['cut', (content: Buffer) => content.subarray(0, content.length - 1)],
    ['empty', () => Buffer.alloc(0)],
  ])('is not used when the file is %s', (_, spoil) => {
    const { cache, file } = filled();
    writeFileSync(file, spoil(readFileSync(file)));
    expect(cache.read(TEXTS)).toBeUndefined();
  });

  it.skipIf(process.platform === 'win32').each([0o620, 0o602])(
    'is not used when others may write the file: mode %o',
    (mode) => {
      const { cache, file } = filled();
      chmodSync(file, mode);
      expect(cache.read(TEXTS)).toBeUndefined();
      chmodSync(file, 0o600);
      expect(cache.read(TEXTS)).toEqual(CODE);
    },
  );

  it('is not there where nothing was ever stored', () => {
    expect(codeCache(testDirectory().path).read(TEXTS)).toBeUndefined();
  });

  it('cannot be stored where a file is in the way, and nobody minds', () => {
    const directory = path.join(testDirectory().path, 'file');
    writeFileSync(directory, '');
    const cache = codeCache(directory);
    expect(() => cache.write(TEXTS, CODE)).not.toThrow();
    expect(cache.read(TEXTS)).toBeUndefined();
  });

  it('leaves no file behind that it could not put in place', () => {
    const { cache, directory, file } = filled();
    const blocked = path.join(directory, 'blocked');
    mkdirSync(path.join(blocked, path.basename(file), 'in the way'), { recursive: true });
    codeCache(blocked).write(TEXTS, CODE);
    expect(readdirSync(blocked)).toEqual([path.basename(file)]);
    expect(cache.read(TEXTS)).toEqual(CODE);
  });
});
