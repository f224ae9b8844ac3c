import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { homedir } from 'node:os';
import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { Script } from 'node:vm';
import { defaultCacheDirectory } from '../catalog/document-cache.ts';
import { type CodeCache, codeCache, type CompiledCode } from './code-cache.ts';

// Set by the bundler: the digest of the program's texts.
declare const KUBEGRAPH_PROGRAM_DIGEST: string;

/** Told by Node's HTTP servers. */
const ANSWERED = 'http.server.response.finish';

/** The code is stored so long after the first answer, in milliseconds: whoever asks more must not wait for it. */
const STORE_AFTER_MS = 500;

/** The bundler makes each file of the program a function of what a CommonJS module knows. */
type ModuleFunction = (
  exports: unknown,
  require: (name: string) => unknown,
  module: { exports: unknown },
  filename: string,
  directory: string,
) => void;

/** Runs the files of the program with the code that an earlier start compiled: half of a start is compiling. */
class Loader {
  readonly #directory: string;
  readonly #code: CompiledCode | undefined;
  readonly #modules = new Map<string, { exports: unknown }>();
  readonly #scripts = new Map<string, Script>();

  constructor(directory: string, code: CompiledCode | undefined) {
    this.#directory = directory;
    this.#code = code;
  }

  /** @param name as in `require('./main.js')`. */
  load(name: string): unknown {
    const known = this.#modules.get(name);
    if (known !== undefined) return known.exports;
    const filename = path.join(this.#directory, name);
    const cachedData = this.#code?.get(name);
    // One byte for a character: the bundler escapes what has more.
    const script = new Script(readFileSync(filename, 'latin1'), {
      filename,
      ...(cachedData === undefined ? {} : { cachedData }),
    });
    this.#scripts.set(name, script);
    const module = { exports: {} };
    this.#modules.set(name, module);
    const run = script.runInThisContext() as ModuleFunction;
    run(module.exports, (id) => this.#require(id), module, filename, this.#directory);
    return module.exports;
  }

  /** Whether V8 took the stored code of all that has been loaded: of another version, or under other flags, it does not. */
  get isCompiled(): boolean {
    return [...this.#scripts.values()].every((script) => script.cachedDataRejected === false);
  }

  /** V8 compiles a function when it is first called: this is what has been called so far. */
  compiledCode(): CompiledCode {
    return new Map([...this.#scripts].map(([name, script]) => [name, script.createCachedData()]));
  }

  #require(id: string): unknown {
    return id.startsWith('./') ? this.load(id) : require(id);
  }
}

/** What the build stored stands beside the program; another Node than the build's has it in the user's cache directory. */
function launch(): void {
  // undici's HTTP parser is WebAssembly, of which V8 optimises the largest function after a few headers: 100 ms of a
  // processor that the start has a use for. With this it does so once there has been some traffic.
  setFlagsFromString('--wasm-tiering-budget=100000000');
  const shipped = codeCache(__dirname).read(KUBEGRAPH_PROGRAM_DIGEST);
  const own = shipped === undefined ? ownCache() : undefined;
  const loader = new Loader(path.join(__dirname, 'program'), shipped ?? own?.read(KUBEGRAPH_PROGRAM_DIGEST));
  if (own !== undefined) storeOnceWarm(loader, own);
  loader.load('./main.js');
}

function ownCache(): CodeCache | undefined {
  if (process.argv.includes('--no-cache')) return undefined;
  const directory = defaultCacheDirectory(process.env, homedir());
  return directory === undefined ? undefined : codeCache(directory);
}

/** A program that has answered once has called all that a start needs. */
function storeOnceWarm(loader: Loader, cache: CodeCache): void {
  const onAnswered = (message: unknown): void => {
    // That is what the channel is documented to tell.
    const { request, response } = message as { request: IncomingMessage; response: ServerResponse };
    if (request.method !== 'POST' || response.statusCode !== 200) return;
    unsubscribe(ANSWERED, onAnswered);
    if (loader.isCompiled) return;
    setTimeout(() => cache.write(KUBEGRAPH_PROGRAM_DIGEST, loader.compiledCode()), STORE_AFTER_MS).unref();
  };
  subscribe(ANSWERED, onAnswered);
}

launch();
