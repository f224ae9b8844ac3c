import type { DocumentCache } from '../../../../src/catalog/document-cache.ts';

/** A cache in memory; `entries` holds what was written, by key and part. */
export class MemoryCache implements DocumentCache {
  readonly entries = new Map<string, string>();

  read(key: string, part: string): Promise<string | undefined> {
    return Promise.resolve(this.entries.get(`${key} ${part}`));
  }

  write(key: string, part: string, text: string): Promise<boolean> {
    this.entries.set(`${key} ${part}`, text);
    return Promise.resolve(true);
  }
}
