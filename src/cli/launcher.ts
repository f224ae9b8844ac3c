import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { homedir } from 'node:os';
import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { defaultCacheDirectory } from '../catalog/document-cache.ts';
import { type CodeCache, codeCache } from './code-cache.ts';
import { Loader } from './loader.ts';

// Set by the bundler: the digest of the program's texts.
declare const KUBEGRAPH_PROGRAM_DIGEST: string;

/** Told by Node's HTTP servers. */
const ANSWERED = 'http.server.response.finish';

/** The code is stored so long after the first answer, in milliseconds: whoever asks more must not wait for it. */
const STORE_AFTER_MS = 500;

/** What the program has not needed yet is read so long after the start, in milliseconds: first answers come first. */
const READ_AHEAD_AFTER_MS = 2000;

/** What the build stored stands beside the program; another Node than the build's has it in the user's cache directory. */
function launch(): void {
  // undici's HTTP parser is WebAssembly, of which V8 optimises the largest function after a few headers: 100 ms of a
  // processor that the start has a use for. With this it does so once there has been some traffic.
  setFlagsFromString('--wasm-tiering-budget=100000000');
  const shipped = codeCache(__dirname).read(KUBEGRAPH_PROGRAM_DIGEST);
  const own = shipped === undefined ? ownCache() : undefined;
  const code = shipped ?? own?.read(KUBEGRAPH_PROGRAM_DIGEST);
  const loader = new Loader({ directory: path.join(__dirname, 'program'), code, require });
  if (own !== undefined) storeOnceWarm(loader, own);
  loader.load('./main.js');
  setTimeout(() => void loader.readAhead(), READ_AHEAD_AFTER_MS).unref();
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
