import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, relative } from 'node:path';
import { HarnessError, systemErrorCode } from './errors.ts';
import { withLock } from './lock.ts';
import type { Binaries } from './state.ts';

const GO_MODULE = join(import.meta.dirname, 'go');

/** A first build takes about 5 minutes on 2 cores; a slow machine with a slow network may need several times that. */
const BUILD_TIMEOUT_MS = 45 * 60_000;

/** Binaries of sources that nobody used for this long are deleted; each set takes 200 MB. */
const UNUSED_MS = 14 * 24 * 3_600_000;

export interface BuildOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((message: string) => void) | undefined;
}

/**
 * The control plane's binaries, built from `go/` unless the same sources were built before.
 *
 * They are kept outside the checkout, in `kubegraph-test-cluster/<hash of sources>` of the user's cache directory
 * (XDG_CACHE_HOME, default ~/.cache). Costs nothing when they are there; else about 5 minutes, 0.8 GB of Go modules
 * and 3 GB of Go build cache. Two processes never build at the same time.
 */
export async function buildBinaries(options: BuildOptions = {}): Promise<Binaries> {
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'kubegraph-test-cluster');
  const sources = await readSources(GO_MODULE);
  const target = join(cache, hashOf(sources));
  if (!existsSync(target)) {
    const onWait = (holder: { readonly pid: number }) =>
      options.onProgress?.(`waiting for process ${holder.pid}, which builds the control plane`);
    const lockOptions = { timeoutMs: BUILD_TIMEOUT_MS, signal: options.signal, onWait };
    await withLock(join(cache, 'build.lock'), lockOptions, async () => {
      // Whoever held the lock before us may have built exactly this.
      if (!existsSync(target)) await build(target, sources, options);
      await deleteUnused(cache, target);
    });
  }
  const now = new Date();
  await utimes(target, now, now);
  return { controlPlane: join(target, 'controlplane'), kwok: join(target, 'kwok') };
}

type Sources = ReadonlyMap<string, string>;

/** go.mod, go.sum and every Go file below `root`, by path relative to it, in a fixed order. */
async function readSources(root: string): Promise<Sources> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() && /\.go$|^go\.(mod|sum)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const read = async (path: string) => [relative(root, path), await readFile(path, 'utf8')] as const;
  return new Map(await Promise.all(paths.map(read)));
}

function hashOf(sources: Sources): string {
  const hash = createHash('sha256');
  // As JSON, no text can pass for a different split into files. The arguments are part of what is built.
  hash.update(JSON.stringify([[...sources], buildArguments('', sources)]));
  return hash.digest('hex');
}

function buildArguments(outputDir: string, sources: Sources): string[] {
  const version = /k8s\.io\/kubernetes (v1\.(\d+)\.\d+)$/m.exec(sources.get('go.mod') ?? '');
  if (!version) throw new HarnessError('test/cluster/go/go.mod names no version of k8s.io/kubernetes');
  // Without these the server calls itself v0.0.0-master+$Format:%H$, and clients that parse versions fail.
  const set = (name: string, value: string | undefined) =>
    `-X k8s.io/component-base/version.${name}=${value}`;
  const linkerFlags = [
    '-s -w',
    set('gitVersion', version[1]),
    set('gitMajor', '1'),
    set('gitMinor', version[2]),
  ];
  const flags = ['-trimpath', '-buildvcs=false', '-mod=readonly', `-ldflags=${linkerFlags.join(' ')}`];
  return ['build', ...flags, '-o', `${outputDir}/`, './controlplane', './kwok'];
}

async function build(target: string, sources: Sources, options: BuildOptions): Promise<void> {
  options.onProgress?.('building the control plane from Go modules: about 5 minutes the first time');
  const draft = `${target}.part`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { recursive: true });
  try {
    await runGo(buildArguments(draft, sources), options.signal);
    await rename(draft, target);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

function runGo(args: readonly string[], signal: AbortSignal | undefined): Promise<void> {
  // GOFLAGS and a go.work of the surroundings must not change what the hash stands for.
  const env = { ...process.env, CGO_ENABLED: '0', GOWORK: 'off', GOFLAGS: '' };
  return new Promise((resolve, reject) => {
    const go = spawn('go', args, { cwd: GO_MODULE, env, stdio: ['ignore', 'ignore', 'pipe'] });
    // `go` removes its work directory on SIGINT, but not on SIGTERM or SIGKILL.
    const abort = () => go.kill('SIGINT');
    signal?.addEventListener('abort', abort, { once: true });
    let output = '';
    go.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      output = (output + chunk).slice(-4_000);
    });
    go.once('error', (error) => reject(goError(error)));
    go.once('close', (code) => {
      signal?.removeEventListener('abort', abort);
      if (signal?.aborted) reject(signal.reason as Error);
      else if (code === 0) resolve();
      else reject(new HarnessError(`go build failed with exit code ${code}:\n${output.trimEnd()}`));
    });
  });
}

function goError(error: Error): Error {
  if (systemErrorCode(error) !== 'ENOENT') return error;
  return new HarnessError(
    'Go is not installed: the test cluster is built with Go 1.26 or newer ("go" is not on PATH)',
  );
}

async function deleteUnused(cache: string, keep: string): Promise<void> {
  for (const name of await readdir(cache)) {
    const path = join(cache, name);
    const { mtimeMs } = await stat(path);
    const isBuild = /^[0-9a-f]{64}(\.part)?$/.test(name);
    if (isBuild && path !== keep && Date.now() - mtimeMs > UNUSED_MS) await rm(path, { recursive: true });
  }
}
