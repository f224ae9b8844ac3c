import { readFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { decodeKubeconfig } from './decode.ts';
import { EMPTY_CONFIG, type RawConfig } from './raw.ts';
import { refusal } from './refusal.ts';

export interface KubeconfigOptions {
  /** Used alone, and must exist. Default: the files in $KUBECONFIG, merged; without it `~/.kube/config`. */
  readonly path?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly homeDir: string;
}

/** All files that apply, merged, and their absolute paths in order of precedence. */
export interface MergedConfig {
  readonly config: RawConfig;
  /** Those that exist. */
  readonly files: readonly string[];
  /** Those that were looked for. */
  readonly candidates: readonly string[];
}

export function readKubeconfigs(options: KubeconfigOptions): MergedConfig {
  const candidates = candidatesFor(options);
  const found = candidates.flatMap((file) => {
    const text = readIfThere(file);
    return text === undefined ? [] : [{ file, config: decodeKubeconfig(text, file) }];
  });
  if (isExplicit(options) && found.length === 0) {
    throw refusal({ file: candidates[0] ?? '' }, undefined, 'does not exist; give the path of a kubeconfig');
  }
  return {
    config: found.map((entry) => entry.config).reduce(merge, EMPTY_CONFIG),
    files: found.map((entry) => entry.file),
    candidates,
  };
}

/** Whether one file was named, so that nothing else may stand in for it. An empty name is none, as in client-go. */
export function isExplicit(
  options: KubeconfigOptions,
): options is KubeconfigOptions & { readonly path: string } {
  return options.path !== undefined && options.path !== '';
}

function candidatesFor(options: KubeconfigOptions): readonly string[] {
  if (isExplicit(options)) return [resolve(options.path)];
  const { env, homeDir } = options;
  const list = env['KUBECONFIG'] ?? '';
  // A list of nothing but separators is a list: client-go does not fall back to the home directory then.
  if (list === '') return [join(homeDir, '.kube', 'config')];
  return [
    ...new Set(
      list
        .split(delimiter)
        .filter((file) => file !== '')
        .map((file) => resolve(file)),
    ),
  ];
}

/** The first file that has a name keeps it, as a whole entry; the first current-context that is set counts. */
function merge(first: RawConfig, second: RawConfig): RawConfig {
  return {
    currentContext: first.currentContext || second.currentContext,
    clusters: firstWins(first.clusters, second.clusters),
    contexts: firstWins(first.contexts, second.contexts),
    users: firstWins(first.users, second.users),
  };
}

function firstWins<T>(first: ReadonlyMap<string, T>, second: ReadonlyMap<string, T>): ReadonlyMap<string, T> {
  // A Map keeps the place of the first insertion and the value of the last.
  return new Map([...first, ...second, ...first]);
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT') return undefined;
    throw refusal(
      { file },
      undefined,
      `cannot be read (${String(code)}); check that it is a file and its permissions`,
      error,
    );
  }
}
