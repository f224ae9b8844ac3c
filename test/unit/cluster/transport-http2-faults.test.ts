import { constants, type Http2ServerResponse } from 'node:http2';
import { describe, expect, test } from 'vitest';
import { readWhole } from '../../../src/cluster/read.ts';
import { TestClock } from './support/clock.ts';
import { targetFor } from './support/kubeconfig.ts';
import { type Answer, testServer } from './support/server.ts';
import { aRequest, fetchText, rejection, testUpstream } from './support/upstream.ts';

/** The HTTP/2 side of an answer, for frames that no honest server sends. */
function http2(answer: Answer): Http2ServerResponse {
  if (!('stream' in answer)) throw new Error('expected an HTTP/2 request');
  return answer as unknown as Http2ServerResponse;
}

const RESETS = [
  ['NO_ERROR', constants.NGHTTP2_NO_ERROR],
  ['INTERNAL_ERROR', constants.NGHTTP2_INTERNAL_ERROR],
  ['REFUSED_STREAM', constants.NGHTTP2_REFUSED_STREAM],
  ['CANCEL', constants.NGHTTP2_CANCEL],
  ['ENHANCE_YOUR_CALM', constants.NGHTTP2_ENHANCE_YOUR_CALM],
] as const;

describe('a stream that the server resets', () => {
  test.each(RESETS)('with %s before its headers is tried again', async (_, code) => {
    let count = 0;
    const server = await testServer({
      handler: (__, answer) => {
        count += 1;
        if (count === 1) http2(answer).stream.close(code);
        else answer.end('{}');
      },
    });
    const upstream = testUpstream({ target: targetFor(server.origin), clock: new TestClock() });
    expect((await fetchText(upstream, { mode: 'stream' })).text).toBe('{}');
    expect(server.requests).toHaveLength(2);
  });

  const HARSH = RESETS.filter(([name]) => name !== 'NO_ERROR' && name !== 'CANCEL');

  test.each(HARSH)('with %s in its body is not taken for a clean end', async (_, code) => {
    const server = await testServer({
      handler: (__, answer) => {
        answer.write('partial');
        setImmediate(() => http2(answer).stream.close(code));
      },
    });
    const upstream = testUpstream({ target: targetFor(server.origin), clock: new TestClock() });
    const { body } = await upstream.send(aRequest({ mode: 'stream' }));
    expect((await rejection(readWhole(body))).code).toBe('UPSTREAM_ERROR');
  });
});

test('a stream that the server resets with CANCEL in its body looks like one that ended', async () => {
  // Node reports it so, and undici shows no more of it: whoever reads a stream must know an end by its content.
  const server = await testServer({
    handler: (_, answer) => {
      answer.write('partial');
      setImmediate(() => http2(answer).stream.close(constants.NGHTTP2_CANCEL));
    },
  });
  const upstream = testUpstream({ target: targetFor(server.origin) });
  expect((await fetchText(upstream, { mode: 'stream' })).text).toBe('partial');
});

describe('a connection that the server says goodbye on', () => {
  test('ends all its streams, and calls go on over a new one', async () => {
    const server = await testServer({
      handler: ({ url }, answer) => {
        if (url === '/goaway') http2(answer).stream.session?.close();
        if (url === '/watch') answer.write('event\n');
        else answer.end('{}');
      },
    });
    const upstream = testUpstream({ target: targetFor(server.origin), clock: new TestClock() });
    const watches = await Promise.all(
      Array.from({ length: 20 }, () => upstream.send(aRequest({ mode: 'stream', path: '/watch' }))),
    );
    const ends = Promise.all(watches.map(({ body }) => rejection(readWhole(body))));
    await fetchText(upstream, { mode: 'stream', path: '/goaway' }).catch(() => undefined);
    for (const error of await ends) expect(error.code).toBe('UPSTREAM_ERROR');
    expect((await fetchText(upstream, { mode: 'stream' })).status).toBe(200);
  });

  test('while many calls wait for their headers has them tried again', async () => {
    let isFirst = true;
    const waiting: Answer[] = [];
    const server = await testServer({
      handler: (_, answer) => {
        waiting.push(answer);
        if (!isFirst) {
          answer.end('{}');
        } else if (waiting.length === 20) {
          isFirst = false;
          http2(answer).stream.session?.goaway(constants.NGHTTP2_NO_ERROR);
        }
      },
    });
    const upstream = testUpstream({ target: targetFor(server.origin), clock: new TestClock() });
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => fetchText(upstream, { mode: 'stream' })),
    );
    expect(answers.map(({ text }) => text)).toEqual(Array.from({ length: 20 }, () => '{}'));
  });
});

test('a connection that dies under many streams ends them all', async () => {
  const server = await testServer({
    handler: ({ url, hangUp }, answer) => {
      if (url === '/die') hangUp();
      else answer.write('event\n');
    },
  });
  const upstream = testUpstream({ target: targetFor(server.origin), clock: new TestClock() });
  const watches = await Promise.all(
    Array.from({ length: 20 }, () => upstream.send(aRequest({ mode: 'stream', path: '/watch' }))),
  );
  const ends = Promise.all(watches.map(({ body }) => rejection(readWhole(body))));
  await rejection(upstream.send(aRequest({ mode: 'stream', path: '/die' })));
  for (const error of await ends) expect(error.code).toBe('UPSTREAM_ERROR');
  expect(server.requests.filter(({ url }) => url === '/watch')).toHaveLength(20);
});

/** More than one TLS record. */
const RECORDS = 'x'.repeat(40_000);

test('a connection that is reset while its last bytes are being read does not keep what comes after', async () => {
  const server = await testServer({
    handler: ({ url, reset }, answer) => {
      if (url !== '/watch') {
        answer.end('{}');
        return;
      }
      // The client answers the ping, which fails, and then gives the stream up, which Node keeps to itself.
      http2(answer).stream.session?.ping(() => undefined);
      answer.write(RECORDS);
      setImmediate(reset);
    },
  });
  const upstream = testUpstream({ target: targetFor(server.origin), clock: new TestClock() });
  const { body } = await upstream.send(aRequest({ mode: 'stream', path: '/watch' }));
  for await (const chunk of body) if (chunk.length > 0) break;
  expect((await fetchText(upstream, { mode: 'stream' })).text).toBe('{}');
  expect(server.connections).toBe(2);
});
