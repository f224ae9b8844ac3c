import { expect, it } from 'vitest';
import { fieldOf, FrameReader } from '../../../bench/watch/frame-reader.ts';

const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n';
const FRAMES = ['retry: 3000', ':', 'event: next\nid: a\ndata: {"name":"ä"}', 'event: complete\ndata:'];

/** Chunks of so many bytes, which end anywhere in a frame. */
function chunked(text: Buffer, size: number): string {
  const sizes = Array.from({ length: Math.ceil(text.length / size) }, (_, index) => index * size);
  return sizes
    .map((start) => text.subarray(start, start + size))
    .map((chunk) => `${chunk.length.toString(16)}\r\n${chunk.toString('latin1')}\r\n`)
    .join('');
}

function read(answer: Buffer, pieceBytes: number): { readonly frames: string[]; readonly opened: number } {
  const frames: string[] = [];
  let opened = 0;
  const reader = new FrameReader(
    (frame) => frames.push(frame.toString('utf8')),
    () => opened++,
  );
  for (let start = 0; start < answer.length; start += pieceBytes)
    reader.push(answer.subarray(start, start + pieceBytes));
  return { frames, opened };
}

it.each([1, 2, 3, 7, 10_000])(
  'reads the same from pieces of %i bytes, whatever the chunks are',
  (pieceBytes) => {
    const body = Buffer.from(FRAMES.map((frame) => `${frame}\n\n`).join(''));
    const plain = Buffer.concat([Buffer.from(`${HEAD}\r\n`), body]);
    expect(read(plain, pieceBytes)).toEqual({ frames: FRAMES, opened: 1 });
    for (const size of [1, 5, 16, 1000]) {
      const answer = Buffer.from(`${HEAD}Transfer-Encoding: chunked\r\n\r\n${chunked(body, size)}`, 'latin1');
      expect(read(answer, pieceBytes)).toEqual({ frames: FRAMES, opened: 1 });
    }
  },
);

it.each([
  'HTTP/1.1 500 Oops\r\nContent-Type: text/event-stream\r\n\r\n',
  'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{"errors":[]}',
])('refuses what is no stream of events: %j', (answer) => {
  expect(() => read(Buffer.from(answer), 5)).toThrow(/no events but HTTP/);
});

it('finds the fields of a frame', () => {
  const [retry = '', , next = '', complete = ''] = FRAMES;
  expect(['event', 'id', 'data'].map((name) => fieldOf(next, name as 'event'))).toEqual([
    'next',
    'a',
    '{"name":"ä"}',
  ]);
  expect(fieldOf(complete, 'data')).toBe('');
  expect(fieldOf(complete, 'id')).toBeUndefined();
  expect(fieldOf(retry, 'event')).toBeUndefined();
});
