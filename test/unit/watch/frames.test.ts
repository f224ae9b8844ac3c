import { describe, expect, it } from 'vitest';
import { FrameSplitter } from '../../../src/watch/wire/frames.ts';

const FRAMES = ['{"a":"ä€😀"}', '{"b":"\\n"}', '{}'];
const STREAM = Buffer.from(`${FRAMES.join('\n')}\n`);

function split(chunks: readonly Buffer[], maxFrameBytes = 1024): string[] {
  const splitter = new FrameSplitter(maxFrameBytes);
  const frames = chunks.flatMap((chunk) => splitter.push(chunk));
  splitter.end();
  return frames.map((frame) => frame.toString('utf8'));
}

describe('FrameSplitter', () => {
  it('answers the same frames wherever the stream is cut in two', () => {
    for (let at = 0; at <= STREAM.length; at += 1) {
      expect(split([STREAM.subarray(0, at), STREAM.subarray(at)]), `cut at ${at}`).toEqual(FRAMES);
    }
  });

  it('answers the same frames for chunks of every size', () => {
    for (let size = 1; size <= STREAM.length; size += 1) {
      const chunks: Buffer[] = [];
      for (let at = 0; at < STREAM.length; at += size) chunks.push(STREAM.subarray(at, at + size));
      expect(split(chunks), `chunks of ${size}`).toEqual(FRAMES);
    }
  });

  it('answers a frame as soon as its newline is there', () => {
    const splitter = new FrameSplitter(1024);
    expect(splitter.push(Buffer.from('{}'))).toEqual([]);
    expect(splitter.push(Buffer.from('\n{'))).toEqual([Buffer.from('{}')]);
  });

  it('leaves blank lines out', () => {
    expect(split([Buffer.from('\n\r\n{}\n \t\n')])).toEqual(['{}']);
  });

  it('refuses a stream that ends inside a frame', () => {
    expect(() => split([STREAM.subarray(0, -1)])).toThrow(
      expect.objectContaining({ code: 'UPSTREAM_ERROR' }),
    );
  });

  it.each([
    ['in one chunk', [Buffer.from('{"123":4}\n')]],
    ['in many chunks', [Buffer.from('{"12'), Buffer.from('3":4}')]],
  ])('refuses a frame over the bound, %s', (_, chunks) => {
    expect(() => split(chunks, 8)).toThrow(expect.objectContaining({ code: 'RESULT_TOO_LARGE' }));
  });

  it('takes a frame of exactly the bound', () => {
    expect(split([Buffer.from('{"12":3}\n')], 8)).toEqual(['{"12":3}']);
  });
});
