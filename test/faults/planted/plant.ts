import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build as bundle, type Plugin } from 'esbuild';
import type { Fault } from '../../../demo/faults/rule.ts';
import type { WatchHub, WatchHubOptions } from '../../../src/watch/hub.ts';

const WATCH = fileURLToPath(new URL('../../../src/watch/', import.meta.url));

interface Edit {
  /** Relative to src/watch. */
  readonly file: string;
  /** Must be there exactly once: what cannot be planted any more has to be planted anew. */
  readonly search: string;
  readonly replacement: string;
}

/** Edits that make the watch layer wrong in one way. */
export interface Bug {
  /** What it does, to be read behind `a gateway that`. */
  readonly name: string;
  /** What brings it out. Default: nothing in particular. */
  readonly showsUnder?: readonly Fault['kind'][];
  readonly edits: readonly Edit[];
}

/** What makes hubs from a copy of src/watch with `bug` in it; without one, from a copy as it is. */
export async function planted(bug?: Bug): Promise<(options: WatchHubOptions) => WatchHub> {
  const directory = await mkdtemp(path.join(tmpdir(), 'kubegraph-planted-'));
  const outfile = path.join(directory, 'hub.mjs');
  await bundle({
    entryPoints: [path.join(WATCH, 'hub.ts')],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    plugins: [onlyWatch, ...(bug === undefined ? [] : [withBug(bug)])],
  });
  // A copy of that very module.
  const copy = (await import(outfile)) as { readonly WatchHub: typeof WatchHub };
  await rm(directory, { recursive: true });
  return (options) => new copy.WatchHub(options);
}

/** The rest is shared with the test: a class of errors, for one, must not be there twice. */
const onlyWatch: Plugin = {
  name: 'only src/watch',
  setup(build) {
    build.onResolve({ filter: /^\./ }, ({ path: specifier, resolveDir }) => {
      const file = path.resolve(resolveDir, specifier);
      return file.startsWith(WATCH) ? undefined : { path: file, external: true };
    });
  },
};

function withBug({ name, edits }: Bug): Plugin {
  const found = new Set<Edit>();
  return {
    name,
    setup(build) {
      build.onLoad({ filter: /\.ts$/ }, async ({ path: loaded }) => {
        const ours = edits.filter(({ file }) => path.join(WATCH, file) === loaded);
        if (ours.length === 0) return undefined;
        for (const edit of ours) found.add(edit);
        return { contents: ours.reduce(edited, await readFile(loaded, 'utf8')), loader: 'ts' };
      });
      build.onEnd(() => {
        for (const edit of edits)
          if (!found.has(edit)) throw new Error(`src/watch/${edit.file} is not part of a hub`);
      });
    },
  };
}

function edited(text: string, { file, search, replacement }: Edit): string {
  const parts = text.split(search);
  if (parts.length === 2) return parts.join(replacement);
  throw new Error(`src/watch/${file} has ${parts.length - 1} times what is to be replaced: ${search}`);
}
