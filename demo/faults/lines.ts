import { gunzipSync } from 'node:zlib';
import type { Answer } from '../http/answer.ts';

type Body = Answer['body'];

const NEWLINE = 0x0a;

async function* piecesOf(body: Body): AsyncGenerator<Buffer> {
  if (Buffer.isBuffer(body)) yield body;
  else yield* body;
}

export async function wholeOf(body: Body): Promise<Buffer> {
  if (Buffer.isBuffer(body)) return body;
  const pieces: Buffer[] = [];
  for await (const piece of body) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** The body without its compression, so that it can be changed. */
export async function plain(answer: Answer): Promise<{ headers: Answer['headers']; bytes: Buffer }> {
  const { 'content-encoding': encoding, ...headers } = answer.headers;
  const bytes = await wholeOf(answer.body);
  return encoding === 'gzip' ? { headers, bytes: gunzipSync(bytes) } : { headers: answer.headers, bytes };
}

/** The lines of a watch, each with its newline, however other faults have sliced them. */
export async function* linesOf(body: Body): AsyncGenerator<Buffer> {
  let rest: Buffer[] = [];
  for await (const piece of piecesOf(body)) {
    let start = 0;
    for (let end = piece.indexOf(NEWLINE); end >= 0; end = piece.indexOf(NEWLINE, start)) {
      yield Buffer.concat([...rest, piece.subarray(start, end + 1)]);
      rest = [];
      start = end + 1;
    }
    if (start < piece.length) rest.push(piece.subarray(start));
  }
  // What another fault has cut off stays cut off.
  if (rest.length > 0) yield Buffer.concat(rest);
}

export function typeOf(line: Buffer): string {
  return /^\{"type":"([A-Z]+)"/.exec(line.toString('latin1', 0, 32))?.[1] ?? '';
}

export function endsInitialEvents(line: Buffer): boolean {
  return typeOf(line) === 'BOOKMARK' && line.includes('"k8s.io/initial-events-end":"true"');
}

/** The resourceVersion of an event's object; undefined for what is no whole event. */
export function revisionOf(line: Buffer): number | undefined {
  try {
    const { object } = JSON.parse(line.toString('utf8')) as {
      object: { metadata: { resourceVersion: string } };
    };
    const revision = Number(object.metadata.resourceVersion);
    return Number.isNaN(revision) ? undefined : revision;
  } catch {
    return undefined;
  }
}

/** JSON text that means the same and has at least so many bytes. */
export function blownUp(text: Buffer, bytes: number): Buffer {
  const end = text.lastIndexOf('}');
  const missing = bytes - text.length;
  if (end < 0 || missing <= 0) return text;
  return Buffer.concat([text.subarray(0, end), Buffer.alloc(missing, ' '), text.subarray(end)]);
}
