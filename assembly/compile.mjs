// Compiles the scanner. What comes out is kept in src/projection/wasm/module.ts, so that the sources run as they are: the
// compiler takes some seconds and is needed only when something in this folder has changed. A test compares the two.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { constants, deflateRawSync } from 'node:zlib';

const folder = fileURLToPath(new URL('.', import.meta.url));
const kept = fileURLToPath(new URL('../src/projection/wasm/module.ts', import.meta.url));

// For speed: what -O2 makes is 1.4 KB smaller, and up to half slower. There are no objects, so nothing manages memory.
const OPTIONS = 'index.ts --outFile scanner.wasm -O3 --runtime stub --enable simd --use abort='.split(' ');

/** Brings the kept module up to date. */
export async function keepScanner() {
  const firstLine = `// Written by assembly/compile.mjs from sources of digest ${sourcesDigest()}.\n`;
  if (readFileSync(kept, 'utf8').startsWith(firstLine)) return;
  // Deflated, it takes the least room in a package that is itself zipped.
  const text = deflateRawSync(await compileScanner(), { level: constants.Z_BEST_COMPRESSION }).toString(
    'base64',
  );
  const docs = '/** The list scanner as WebAssembly: deflated, in base64. */\n';
  writeFileSync(kept, `${firstLine}${docs}export const SCANNER_MODULE =\n  '${text}';\n`);
}

function sourcesDigest() {
  const digest = createHash('sha256');
  for (const file of readdirSync(folder).sort()) digest.update(readFileSync(path.join(folder, file)));
  return digest.digest('hex').slice(0, 16);
}

async function compileScanner() {
  const { default: asc } = await import('assemblyscript/asc');
  let module;
  const { error } = await asc.main([...OPTIONS, '--baseDir', folder], {
    stderr: process.stderr,
    writeFile: (_, contents) => (module = Buffer.from(contents)),
  });
  if (error !== null) throw new Error('the scanner does not compile', { cause: error });
  return module;
}

// `node assembly/compile.mjs` writes the module's bytes to its output.
if (process.argv[1] === fileURLToPath(import.meta.url)) process.stdout.write(await compileScanner());
