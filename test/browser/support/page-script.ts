import { build } from 'esbuild';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../page/main.ts', import.meta.url));

/** What `page/main.ts` exports, as a script that leaves it in the global `page`. */
export async function bundlePageScript(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [MAIN],
    bundle: true,
    format: 'iife',
    globalName: 'page',
    platform: 'browser',
    write: false,
  });
  const [script] = outputFiles;
  if (script === undefined) throw new Error('esbuild has written nothing');
  return script.text;
}
