import { rmSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { Loader } from '../../../src/cli/loader.ts';
import { testDirectory } from '../cluster/support/directory.ts';

declare global {
  /** What the modules of these tests look at and change: they have nothing else in common with a test. */
  var loaderTest: { isBroken: boolean; runs: number };
}

beforeEach(() => {
  globalThis.loaderTest = { isBroken: false, runs: 0 };
});

/** A loader of a program with these bodies, as the bundler writes them. */
function loaderOf(bodies: Readonly<Record<string, string>>) {
  const directory = testDirectory();
  const write = (name: string, body: string): void => {
    directory.write(name, `(function(exports,require,module,__filename,__dirname){${body}})`);
  };
  for (const [name, body] of Object.entries(bodies)) write(name, body);
  const loader = new Loader({ directory: directory.path, code: undefined, require: (id) => `the ${id}` });
  const remove = (name: string): void => rmSync(directory.at(name));
  return { loader, write, remove };
}

const BREAKS = 'loaderTest.runs++; exports.half = true; if (loaderTest.isBroken) throw new Error("broken");';

describe('the loader of the program', () => {
  it('runs a module once, whoever needs it', () => {
    const { loader } = loaderOf({
      'a.js': 'exports.b = require("./b.js"); exports.fs = require("node:fs");',
      'b.js': 'loaderTest.runs++;',
    });
    expect(loader.load('./a.js')).toEqual({ b: {}, fs: 'the node:fs' });
    expect(loader.load('./b.js')).toBe((loader.load('./a.js') as { readonly b: unknown }).b);
    expect(globalThis.loaderTest.runs).toBe(1);
  });

  it('lets modules need each other', () => {
    const { loader } = loaderOf({
      'a.js': 'exports.early = 1; exports.b = require("./b.js").seen;',
      'b.js': 'exports.seen = require("./a.js").early;',
    });
    expect(loader.load('./a.js')).toEqual({ early: 1, b: 1 });
  });

  it.each(['./breaks.js', './needs.js'])('runs %s again after it has thrown', (name) => {
    const { loader } = loaderOf({ 'breaks.js': BREAKS, 'needs.js': 'exports.got = require("./breaks.js");' });
    globalThis.loaderTest.isBroken = true;
    expect(() => loader.load(name)).toThrow('broken');
    expect(() => loader.load(name)).toThrow('broken');
    globalThis.loaderTest.isBroken = false;
    expect(loader.load(name)).toEqual(name === './breaks.js' ? { half: true } : { got: { half: true } });
    expect(globalThis.loaderTest.runs).toBe(3);
  });

  it('looks again for a file that was not there', () => {
    const { loader, write } = loaderOf({});
    expect(() => loader.load('./late.js')).toThrow('ENOENT');
    write('late.js', 'exports.isThere = true;');
    expect(loader.load('./late.js')).toEqual({ isThere: true });
  });

  it('loads what it has read ahead, also a second time, when the files are gone', async () => {
    const { loader, remove } = loaderOf({
      'a.js': '',
      'b.js': 'exports.value = require("./breaks.js");',
      'breaks.js': BREAKS,
    });
    loader.load('./a.js');
    await loader.readAhead();
    for (const name of ['a.js', 'b.js', 'breaks.js']) remove(name);
    globalThis.loaderTest.isBroken = true;
    expect(() => loader.load('./b.js')).toThrow('broken');
    globalThis.loaderTest.isBroken = false;
    expect(loader.load('./b.js')).toEqual({ value: { half: true } });
    expect(() => loader.load('./never.js')).toThrow('ENOENT');
  });

  it('starts with the code that another has compiled', () => {
    const directory = testDirectory();
    directory.write('a.js', '(function(exports){exports.sum=(function add(){return 1+1})()})');
    const options = { directory: directory.path, require: () => undefined };
    const first = new Loader({ ...options, code: undefined });
    first.load('./a.js');
    expect(first.isCompiled).toBe(false);
    const second = new Loader({ ...options, code: first.compiledCode() });
    expect(second.load('./a.js')).toEqual({ sum: 2 });
    expect(second.isCompiled).toBe(true);
  });
});
