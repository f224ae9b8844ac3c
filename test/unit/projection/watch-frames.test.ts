import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MalformedJson } from '../../../src/projection/malformed-json.ts';
import { WatchFrames, type WatchFramesOptions } from '../../../src/projection/watch-frames.ts';
import { chunksOf, fuzz, pushAll } from './helpers.ts';
import { OBJECT_TEXT } from './reference.ts';

interface Frame {
  readonly type: string;
  readonly object: string;
}

const STREAM =
  '{"type":"ADDED","object":{"metadata":{"name":"é\\"}"}}}\n{"type":"BOOKMARK","object":{"kind":"Pod","spec":{"containers":null}}}\n';
const FRAMES: Frame[] = [
  { type: 'ADDED', object: '{"metadata":{"name":"é\\"}"}}' },
  { type: 'BOOKMARK', object: '{"kind":"Pod","spec":{"containers":null}}' },
];

function readFrames(stream: string | readonly Buffer[], options?: WatchFramesOptions): Frame[] {
  const frames = new WatchFrames(options);
  const chunks = typeof stream === 'string' ? [Buffer.from(stream)] : stream;
  const read = pushAll((chunk) => frames.push(chunk), chunks).flat();
  frames.end();
  return read.map(({ type, object }) => ({ type, object: object.toString() }));
}

describe('a watch stream', () => {
  it('is split into types and the bytes of objects', () => {
    expect(readFrames(STREAM)).toEqual(FRAMES);
  });

  it('is split the same wherever the chunks are cut', () => {
    const bytes = Buffer.from(STREAM);
    expect(readFrames(chunksOf(bytes, [...bytes.keys()]))).toEqual(FRAMES);
    for (let cut = 0; cut < bytes.length; cut++) expect(readFrames(chunksOf(bytes, [cut]))).toEqual(FRAMES);
  });

  it('needs nothing between frames and allows any white space', () => {
    const spaced = '\r\n {"type" : "ADDED", "object" : {"a": 1} }{"type":"DELETED","object":{}} \n\n';
    expect(readFrames(spaced)).toEqual([
      { type: 'ADDED', object: '{"a": 1}' },
      { type: 'DELETED', object: '{}' },
    ]);
  });

  it('hands over a frame as soon as it is complete, without waiting for what follows', () => {
    const frames = new WatchFrames();
    expect(frames.push(Buffer.from('{"type":"ADDED","object":{}}'))).toHaveLength(1);
    expect(frames.push(Buffer.from('\n'))).toEqual([]);
    frames.end();
  });

  it('may have the members of a frame in any order, more of them, and escapes', () => {
    expect(readFrames(String.raw`{"x":[{}],"object":{"a":1},"\u0074ype":"ADD\u0045D"}`)).toEqual([
      { type: 'ADDED', object: '{"a":1}' },
    ]);
  });

  it('gives objects memory of their own', () => {
    const chunk = Buffer.from(STREAM);
    const [frame] = new WatchFrames().push(chunk);
    chunk.fill(0);
    expect(frame?.object.toString()).toBe(FRAMES[0]?.object);
    expect(frame?.object.buffer.byteLength).toBe(frame?.object.length);
  });

  it('may have a frame much larger than chunks', () => {
    const object = `{"data":"${'x'.repeat(400_000)}","more":"${String.raw`\"\\`.repeat(50_000)}"}`;
    const bytes = Buffer.from(`{"type":"ADDED","object":${object}}\n`.repeat(2));
    const cuts = Array.from({ length: Math.floor(bytes.length / 1400) }, (_, i) => (i + 1) * 1400);
    const read = readFrames(chunksOf(bytes, cuts));
    expect(read.map((frame) => frame.object === object)).toEqual([true, true]);
  });

  it('is refused wherever it is cut off within a frame', () => {
    const bytes = Buffer.from(STREAM.slice(0, STREAM.indexOf('\n')));
    for (let length = 1; length < bytes.length; length++) {
      expect(() => readFrames([Buffer.from(bytes.subarray(0, length))])).toThrow(MalformedJson);
    }
  });

  it('may be empty', () => {
    expect(readFrames('')).toEqual([]);
    expect(readFrames('\n')).toEqual([]);
  });

  it.each([
    '404 page not found',
    '[]',
    'null',
    '{}',
    '{"type":"ADDED"}',
    '{"object":{}}',
    '{"type":1,"object":{}}',
    '{"type":"ADDED","object":null}',
    '{"type":"ADDED","object":[]}',
    '{"type":"ADDED","object":{}},',
    '{"type":"ADDED","object":{}]',
    String.raw`{"type":"\x","object":{}}`,
    `{"type":"ADDED","object":{"a":${'['.repeat(600)}`,
  ])('is refused when it has %s', (stream) => {
    expect(() => readFrames(stream)).toThrow(MalformedJson);
  });

  it('is refused when a frame exceeds the limit, complete or not', () => {
    const frame = '{"type":"ADDED","object":{"a":"b"}}';
    const limit = { maxFrameBytes: frame.length };
    expect(readFrames(frame.repeat(3), limit)).toHaveLength(3);
    expect(() => readFrames(frame.replace('b', 'bb'), limit)).toThrow(/larger than 35 bytes/);
    const endless = new WatchFrames(limit);
    endless.push(Buffer.from(frame.slice(0, 30)));
    expect(() => endless.push(Buffer.from('x'.repeat(10)))).toThrow(MalformedJson);
  });

  it('of any objects in any chunks gives their bytes', () => {
    const objects = fc.array(OBJECT_TEXT, { maxLength: 8 });
    const between = fc.constantFrom('', '\n', ' \r\n');
    const cuts = fc.array(fc.nat(), { maxLength: 60 });
    fc.assert(
      fc.property(objects, between, cuts, (objects, gap, cuts) => {
        const stream = objects.map((object) => `{"type":"MODIFIED","object":${object}}${gap}`).join('');
        const read = readFrames(chunksOf(Buffer.from(stream), cuts));
        expect(read).toEqual(objects.map((object) => ({ type: 'MODIFIED', object })));
      }),
      fuzz,
    );
  });
});
