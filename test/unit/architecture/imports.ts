import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** A source file: its path below `src/`, with `/`, and its text. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** Every TypeScript file below a directory. */
export function sourceFiles(directory: string): readonly SourceFile[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .map((file) => ({
      path: path.relative(directory, file).split(path.sep).join('/'),
      text: readFileSync(file, 'utf8'),
    }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** What a folder may import besides itself. */
export type Layers = Readonly<Record<string, readonly string[]>>;

// `import … from`, `export … from`, a bare `import '…'`, `import('…')` and `new URL('…', import.meta.url)` name files.
const SPECIFIERS = [
  /\b(?:import|export)\b[^'";]*?\bfrom\s*['"]([^'"]+)['"]/g,
  /\bimport\s*['"]([^'"]+)['"]/g,
  /\bimport\s*\(\s*['"]([^'"]+)['"]/g,
];

/** The specifiers that a file imports or exports from. */
export function importsOf({ text }: SourceFile): readonly string[] {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
  return SPECIFIERS.flatMap((pattern) =>
    [...code.matchAll(pattern)].map(([, specifier]) => specifier as string),
  );
}

/** Imports that a folder may not make, as `FILE imports SPECIFIER`. */
export function upwardImports(files: readonly SourceFile[], layers: Layers): readonly string[] {
  return files.flatMap((file) => {
    const from = folderOf(file.path);
    const allowed = layers[from];
    if (allowed === undefined) return [`${file.path} is in a folder that has no place in the layers`];
    return importsOf(file)
      .filter((specifier) => specifier.startsWith('.'))
      .filter((specifier) => {
        const to = folderOf(path.posix.normalize(path.posix.join(path.posix.dirname(file.path), specifier)));
        return to !== from && !allowed.includes(to);
      })
      .map((specifier) => `${file.path} imports ${specifier}`);
  });
}

function folderOf(file: string): string {
  return file.includes('/') ? file.slice(0, file.indexOf('/')) : '';
}
