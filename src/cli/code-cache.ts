import { createHash, randomBytes } from 'node:crypto';
import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';

/** What V8 compiled of some texts, by their names. */
export type CompiledCode = ReadonlyMap<string, Buffer>;

/**
 * Compiled code from one start to the next, in a file. V8 itself tells another V8 and other flags, but of the texts it
 * compares the length only, and it runs damaged code: so the file begins with a digest of the texts and one of the rest.
 */
export interface CodeCache {
  /** What was stored for the texts of that digest; undefined when nothing usable is there. */
  readonly read: (textsDigest: string) => CompiledCode | undefined;
  /**
   * Stores the code beside what is there for the same texts, of which each command runs some; what is there for others
   * goes. A place that cannot be written is no error: the next start is slower, that is all.
   */
  readonly write: (textsDigest: string, code: CompiledCode) => void;
}

/** Two digests in hexadecimal. */
const HEADER_BYTES = 128;

/** What is in `directory` is run, so a file that anybody but this user or root could have written is not read. */
export function codeCache(directory: string): CodeCache {
  // Each Node, and each set of flags, has compiled code of its own.
  const { version, arch, execArgv, env } = process;
  const flags = digest(JSON.stringify([execArgv, env['NODE_OPTIONS'] ?? ''])).slice(0, 8);
  const file = path.join(directory, `code-${version}-${arch}-${flags}`);
  const read: CodeCache['read'] = (textsDigest) => {
    const content = readIfThere(file);
    const packed = content?.subarray(HEADER_BYTES);
    if (content === undefined || packed === undefined) return undefined;
    const header = content.toString('latin1', 0, HEADER_BYTES);
    return header === textsDigest + digest(packed) ? unpack(packed) : undefined;
  };
  return {
    read,
    write: (textsDigest, code) => {
      const packed = pack(new Map([...(read(textsDigest) ?? []), ...code]));
      replaceFile(file, Buffer.concat([Buffer.from(textsDigest + digest(packed)), packed]));
    },
  };
}

/** Nobody shall find half a file, and nobody can have put a link where it is written first. */
function replaceFile(file: string, content: Buffer): void {
  const temporary = `${file}.${randomBytes(8).toString('hex')}.tmp`;
  try {
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(temporary, content, { flag: 'wx', mode: 0o600 });
    renameSync(temporary, file);
  } catch {
    removeIfThere(temporary);
  }
}

/** A line that says how long each piece is, and the pieces. */
function pack(code: CompiledCode): Buffer {
  const lengths = [...code].map(([name, { length }]) => [name, length]);
  return Buffer.concat([Buffer.from(`${JSON.stringify(lengths)}\n`), ...code.values()]);
}

function unpack(packed: Buffer): CompiledCode {
  const end = packed.indexOf('\n');
  // The digest has shown that it is what `pack` made.
  const lengths = JSON.parse(packed.toString('utf8', 0, end)) as readonly (readonly [string, number])[];
  let offset = end + 1;
  return new Map(
    lengths.map(([name, length]) => [name, packed.subarray(offset, (offset += length))] as const),
  );
}

function digest(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

function readIfThere(file: string): Buffer | undefined {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, 'r');
    return isOurs(fstatSync(descriptor)) ? readFileSync(descriptor) : undefined;
  } catch {
    return undefined;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** Whether nobody else can have written a file. Windows has other rights, and keeps users' folders apart by itself. */
function isOurs({ uid, mode }: Stats): boolean {
  const user = process.getuid?.();
  return user === undefined || ((uid === user || uid === 0) && (mode & WRITABLE_BY_OTHERS) === 0);
}

const WRITABLE_BY_OTHERS = 0o022;

function removeIfThere(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // A place where nothing can be removed holds nothing of ours either.
  }
}
