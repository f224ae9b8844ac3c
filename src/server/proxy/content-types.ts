import path from 'node:path';

const UTF8 = '; charset=utf-8';

/** What a page of one's own is made of. A browser that is told nothing of a script does not run it. */
const TYPES: Readonly<Record<string, string>> = {
  '.css': `text/css${UTF8}`,
  '.gif': 'image/gif',
  '.htm': `text/html${UTF8}`,
  '.html': `text/html${UTF8}`,
  '.ico': 'image/x-icon',
  '.jpeg': 'image/jpeg',
  '.jpg': 'image/jpeg',
  '.js': `text/javascript${UTF8}`,
  '.json': 'application/json',
  '.map': 'application/json',
  '.md': `text/plain${UTF8}`,
  '.mjs': `text/javascript${UTF8}`,
  '.pdf': 'application/pdf',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': `text/plain${UTF8}`,
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.webp': 'image/webp',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
  '.xml': `text/xml${UTF8}`,
  '.yaml': `text/plain${UTF8}`,
  '.yml': `text/plain${UTF8}`,
};

/** The media type of a file, by its name. */
export function contentTypeOf(file: string): string {
  return TYPES[path.extname(file).toLowerCase()] ?? 'application/octet-stream';
}
