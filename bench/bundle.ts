import { type BuildOptions, build } from 'esbuild';

/** Bundles a program into one file, as the gateway is bundled: what is measured beside it must not load slower. */
export async function bundle(
  from: Pick<BuildOptions, 'entryPoints' | 'stdin'>,
  outfile: string,
): Promise<void> {
  await build({
    ...from,
    outfile,
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20.19',
    mainFields: ['module', 'main'],
    logLevel: 'error',
  });
}
