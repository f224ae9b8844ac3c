import { readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { Script } from 'node:vm';
import type { CompiledCode } from './code-cache.ts';

/** The bundler makes each file of the program a function of what a CommonJS module knows. */
type ModuleFunction = (
  exports: unknown,
  require: (name: string) => unknown,
  module: { exports: unknown },
  filename: string,
  directory: string,
) => void;

/** One byte for a character: the bundler escapes what has more. */
const ENCODING = 'latin1';

export interface LoaderOptions {
  /** Where the program's files are. */
  readonly directory: string;
  /** What an earlier start compiled of them. */
  readonly code: CompiledCode | undefined;
  /** Loads what is none of the program's files. */
  readonly require: (id: string) => unknown;
}

/** Runs the files of the program with the code that an earlier start compiled: half of a start is compiling. */
export class Loader {
  readonly #options: LoaderOptions;
  readonly #modules = new Map<string, { exports: unknown }>();
  readonly #scripts = new Map<string, Script>();
  /** Of files that have been read ahead and not been run yet. */
  readonly #texts = new Map<string, string>();

  constructor(options: LoaderOptions) {
    this.#options = options;
  }

  /**
   * Throws what reading or running a file throws; the next call tries again.
   *
   * @param name as in `require('./main.js')`.
   */
  load(name: string): unknown {
    const known = this.#modules.get(name);
    if (known !== undefined) return known.exports;
    const module = { exports: {} };
    const run = this.#compile(name);
    // Before it runs: modules may need each other.
    this.#modules.set(name, module);
    try {
      const { directory } = this.#options;
      run(module.exports, (id) => this.#require(id), module, path.join(directory, name), directory);
    } catch (error) {
      // Half a module would be taken for a whole one.
      this.#modules.delete(name);
      throw error;
    }
    this.#texts.delete(name);
    return module.exports;
  }

  /**
   * Reads what has not been loaded yet: an upgrade of the package takes the files away from under a process that runs. To
   * run them, too, would hold everything else up. What cannot be read is left for the time when somebody needs it.
   */
  async readAhead(): Promise<void> {
    const { directory } = this.#options;
    for (const file of await readdir(directory).catch(() => [])) {
      const name = `./${file}`;
      if (this.#modules.has(name)) continue;
      const text = await readFile(path.join(directory, file), ENCODING).catch(() => undefined);
      if (text !== undefined) this.#texts.set(name, text);
    }
  }

  /** Whether V8 took the stored code of all that has been loaded: of another version, or under other flags, it does not. */
  get isCompiled(): boolean {
    return [...this.#scripts.values()].every((script) => script.cachedDataRejected === false);
  }

  /** V8 compiles a function when it is first called: this is what has been called so far. */
  compiledCode(): CompiledCode {
    return new Map([...this.#scripts].map(([name, script]) => [name, script.createCachedData()]));
  }

  #compile(name: string): ModuleFunction {
    const filename = path.join(this.#options.directory, name);
    const cachedData = this.#options.code?.get(name);
    const script = new Script(this.#texts.get(name) ?? readFileSync(filename, ENCODING), {
      filename,
      ...(cachedData === undefined ? {} : { cachedData }),
    });
    this.#scripts.set(name, script);
    return script.runInThisContext() as ModuleFunction;
  }

  #require(id: string): unknown {
    return id.startsWith('./') ? this.load(id) : this.#options.require(id);
  }
}
