import { inflateRawSync } from 'node:zlib';

export interface ZipEntry {
  readonly name: string;
  readonly content: Buffer;
}

const END_OF_DIRECTORY = 0x06054b50;
const END_OF_DIRECTORY_BYTES = 22;
const ENTRY = 0x02014b50;

/** The entries of a zip file, by its central directory. Knows what zips of a few small files have, and no more. */
export function readZip(zip: Buffer): readonly ZipEntry[] {
  const end = zip.length - END_OF_DIRECTORY_BYTES;
  if (zip.readUInt32LE(end) !== END_OF_DIRECTORY) throw new Error('not a zip file, or one with a comment');
  const entries: ZipEntry[] = [];
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    if (zip.readUInt32LE(at) !== ENTRY) throw new Error(`no entry of the zip file at ${at}`);
    const nameLength = zip.readUInt16LE(at + 28);
    const name = zip.toString('utf8', at + 46, at + 46 + nameLength);
    entries.push({ name, content: contentOf(zip, at) });
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return entries;
}

function contentOf(zip: Buffer, entry: number): Buffer {
  const local = zip.readUInt32LE(entry + 42);
  const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
  const bytes = zip.subarray(start, start + zip.readUInt32LE(entry + 20));
  const isDeflated = zip.readUInt16LE(entry + 10) === 8;
  return isDeflated ? inflateRawSync(bytes) : bytes;
}
