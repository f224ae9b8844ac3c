import { request } from 'node:http';
import { Duplex } from 'node:stream';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringifyJson } from '../../../../src/util/json.ts';
import { BEGINNING, CHUNKED, ending, PLAIN } from '../../../../src/server/sse/frames.ts';
import { EventReader } from '../support/event-reader.ts';
import { payloadOf } from '../support/fake-answer.ts';

const HEAD = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';

/** What an HTTP client reads of an answer that arrives in these pieces. */
function bodyOf(pieces: readonly Buffer[]): Promise<readonly Buffer[]> {
  const connection = new Duplex({ read: () => undefined, write: (_chunk, _encoding, done) => done() });
  return new Promise((resolve, reject) => {
    // A stream takes the place of the connection, as `createConnection` may have it.
    const sent = request({ createConnection: () => connection }, (answer) => {
      const body: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => body.push(chunk));
      answer.on('end', () => resolve(body));
      answer.on('error', reject);
    });
    sent.on('error', reject);
    sent.end();
    for (const piece of pieces) connection.push(piece);
  });
}

/** Bytes in pieces of the sizes given, over and over. */
function cut(bytes: Buffer, sizes: readonly number[]): readonly Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length] as number;
    pieces.push(bytes.subarray(at, at + size));
    at += size;
  }
  return pieces;
}

const PAYLOADS = fc.array(
  fc.record({
    json: fc.oneof(
      fc.json(),
      // As some aggregated APIs write it.
      fc.jsonValue().map((value) => JSON.stringify(value, null, 2)),
      fc.jsonValue().map((value) => JSON.stringify(value, null, 2).replaceAll('\n', '\r\n')),
    ),
    cursor: fc.option(fc.base64String({ minLength: 1 }), { nil: undefined }),
  }),
);
const SIZES = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 8 });

describe('frames', () => {
  it('are read as they were meant, in whatever pieces they arrive', async () => {
    await fc.assert(
      fc.asyncProperty(PAYLOADS, SIZES, async (payloads, sizes) => {
        const frames = payloads.map(({ json, cursor }) => CHUNKED.next(payloadOf(json, { cursor })));
        const all = [Buffer.from(HEAD), ...frames, CHUNKED.ending(undefined), Buffer.from('0\r\n\r\n')];
        const body = await bodyOf(cut(Buffer.concat(all), sizes));
        const reader = new EventReader();
        const events = body.flatMap((piece) => reader.read(piece));
        expect(events.at(-1)).toMatchObject({ type: 'complete', data: '' });
        let id = '';
        expect(
          events.slice(0, -1).map((event) => ({ ...event, data: JSON.parse(event.data) as unknown })),
        ).toEqual(
          payloads.map(({ json, cursor }) => {
            id = cursor ?? id;
            return { type: 'next', data: JSON.parse(json) as unknown, id };
          }),
        );
      }),
      { numRuns: 200 },
    );
  });

  it('keep the digits and the spelling of a payload', () => {
    const json = stringifyJson({ n: 9_223_372_036_854_775_807n, t: 'ü\u2028' });
    expect(PLAIN.next(payloadOf(json)).toString()).toBe(`event: next\ndata: ${json}\n\n`);
  });

  it('leave the payload as it is', () => {
    const payload = payloadOf('{\n}');
    expect(PLAIN.next(payload).toString()).toBe('event: next\ndata: { }\n\n');
    expect(payload.json.toString()).toBe('{\n}');
  });

  it('of one payload are made once', () => {
    const payload = payloadOf('{}', { cursor: 'c' });
    expect(CHUNKED.next(payload)).toBe(CHUNKED.next(payload));
    expect(CHUNKED.next(payloadOf('{}', { cursor: 'c' }))).not.toBe(CHUNKED.next(payload));
  });

  it('of a position name where to resume, and are an event only where that is wanted', () => {
    const reader = new EventReader();
    expect(reader.read(PLAIN.silence)).toEqual([]);
    expect(reader.read(PLAIN.position('c1', false))).toEqual([]);
    expect(reader.comments).toBe(2);
    expect(reader.read(PLAIN.next(payloadOf('1')))).toEqual([{ type: 'next', data: '1', id: 'c1' }]);
    expect(reader.read(PLAIN.position('c2', true))).toEqual([{ type: 'position', data: '', id: 'c2' }]);
    expect(CHUNKED.position('c1', false).toString()).toBe('a\r\n:\nid: c1\n\n\r\n');
  });

  it('say when to come back, in whole milliseconds', () => {
    const reader = new EventReader();
    reader.read(Buffer.from(BEGINNING));
    expect(reader.retry).toBe(3000);
    expect(reader.read(Buffer.from(ending(1234.5)))).toEqual([{ type: 'complete', data: '', id: '' }]);
    expect(reader.retry).toBe(1235);
  });
});
