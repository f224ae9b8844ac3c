import { execFile } from 'node:child_process';
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { createBrotliDecompress } from 'node:zlib';

/** Its files are used and none of its code, which unpacks to a fixed place and sets up a Lambda function. */
const PACKAGE = path.join(import.meta.dirname, '../chromium/node_modules/@sparticuz/chromium');

const FONTS_FILE = 'packed-fonts.conf';

/** The package's own looks elsewhere. Without any font, a page with text crashes. */
const FONTS = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir prefix="relative">fonts</dir><cachedir prefix="xdg">fontconfig</cachedir></fontconfig>
`;

/** A program that speaks the DevTools protocol, and what must be in its environment. */
export interface Chromium {
  readonly program: string;
  readonly env: Readonly<Record<string, string>>;
}

/**
 * The Chromium that the environment variable KUBEGRAPH_BROWSER names, else the packaged one (Linux on x64).
 *
 * Takes 2 seconds when the package is new, nothing afterwards: what it unpacks lies in the package and goes with it.
 */
export async function findChromium(): Promise<Chromium> {
  const named = process.env['KUBEGRAPH_BROWSER'];
  if (named !== undefined) return { program: named, env: {} };
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error('the packaged Chromium is for Linux on x64: name another one in KUBEGRAPH_BROWSER');
  }
  if (!existsSync(PACKAGE)) throw new Error('Chromium is not installed: npm run test:browser does it');
  const directory = path.join(PACKAGE, 'unpacked');
  if (!existsSync(directory)) await unpack(directory);
  return {
    program: path.join(directory, 'chromium'),
    env: {
      LD_LIBRARY_PATH: path.join(directory, 'lib'),
      FONTCONFIG_FILE: path.join(directory, FONTS_FILE),
    },
  };
}

/** Unpacks what it wants beside the C library: with that it needs nothing that a distribution installs. */
async function unpack(directory: string): Promise<void> {
  const unfinished = await mkdtemp(`${directory}-`);
  try {
    await decompress('chromium.br', path.join(unfinished, 'chromium'));
    for (const name of ['al2023.tar', 'fonts.tar']) {
      const archive = path.join(unfinished, name);
      await decompress(`${name}.br`, archive);
      await promisify(execFile)('tar', ['-xf', archive, '-C', unfinished]);
      await rm(archive);
    }
    await writeFile(path.join(unfinished, FONTS_FILE), FONTS);
    await rename(unfinished, directory);
  } catch (error) {
    await rm(unfinished, { recursive: true });
    // Somebody else may have been quicker.
    if (!existsSync(directory)) throw error;
  }
}

async function decompress(name: string, to: string): Promise<void> {
  const from = createReadStream(path.join(PACKAGE, 'bin', name));
  await pipeline(from, createBrotliDecompress(), createWriteStream(to, { mode: 0o755 }));
}
