import { createHash, randomBytes } from 'node:crypto';
import { constants, createGzip, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { readWhole } from '../../../src/cluster/read.ts';
import type { UpstreamBody } from '../../../src/cluster/upstream.ts';
import { targetFor } from './support/kubeconfig.ts';
import { rawServer } from './support/raw-server.ts';
import { type Answer, testServer } from './support/server.ts';
import { aRequest, fetchText, rejection, testUpstream } from './support/upstream.ts';

const MODES = ['unary', 'stream'] as const;
const MEGABYTE = 1024 * 1024;

function gzipped(content: string | Buffer) {
  return (_: unknown, answer: Answer): void => {
    answer.setHeader('content-encoding', 'gzip');
    answer.end(gzipSync(content));
  };
}

async function firstChunk(body: UpstreamBody): Promise<Buffer | undefined> {
  for await (const chunk of body) return chunk;
  return undefined;
}

describe.each(MODES)('gzip in a %s call', (mode) => {
  test('is asked for only when the caller says so, and decoded', async () => {
    const text = 'x'.repeat(MEGABYTE);
    const server = await testServer({
      handler: (request, answer) => {
        if (request.headers['accept-encoding'] === 'gzip') gzipped(text)(request, answer);
        else answer.end(text);
      },
    });
    const upstream = testUpstream({ target: targetFor(server.origin) });
    expect((await fetchText(upstream, { mode, compress: true })).text).toBe(text);
    expect((await fetchText(upstream, { mode })).text).toBe(text);
    expect(server.requests.map(({ headers }) => headers['accept-encoding'])).toEqual(['gzip', undefined]);
  });

  test('is not asked for when the kubeconfig disables compression', async () => {
    const server = await testServer();
    const target = targetFor(server.origin, { cluster: { 'disable-compression': true } });
    await fetchText(testUpstream({ target }), { mode, compress: true });
    expect(server.requests[0]?.headers).not.toHaveProperty('accept-encoding');
  });

  test('arrives byte by byte as it is flushed', async () => {
    let gzip = createGzip();
    const server = await testServer({
      handler: (_, answer) => {
        answer.setHeader('content-encoding', 'gzip');
        gzip = createGzip({ flush: constants.Z_SYNC_FLUSH });
        gzip.pipe(answer);
        gzip.write('first');
      },
    });
    const upstream = testUpstream({ target: targetFor(server.origin) });
    const { body } = await upstream.send(aRequest({ mode, compress: true }));
    const chunks: string[] = [];
    for await (const chunk of body) {
      chunks.push(chunk.toString());
      if (chunks.length === 1) gzip.end('second');
    }
    expect(chunks).toEqual(['first', 'second']);
  });

  test('comes in chunks of at most 256 KB, however large it is', async () => {
    const content = randomBytes(1024).toString('hex').repeat(8192);
    const server = await testServer({ handler: gzipped(content) });
    const { body } = await testUpstream({ target: targetFor(server.origin) }).send(
      aRequest({ mode, compress: true }),
    );
    const hash = createHash('sha256');
    let largest = 0;
    for await (const chunk of body) {
      hash.update(chunk);
      largest = Math.max(largest, chunk.length);
    }
    expect(hash.digest('hex')).toBe(createHash('sha256').update(content).digest('hex'));
    expect(largest).toBeLessThanOrEqual(256 * 1024);
  });

  test('that is cut or damaged is UPSTREAM_ERROR', async () => {
    const whole = gzipSync(randomBytes(4096));
    const damaged = Buffer.from(whole).fill(0xff, 1000, 1100);
    for (const bytes of [whole.subarray(0, 2000), damaged, Buffer.from('no gzip')]) {
      const server = await testServer({
        handler: (_, answer) => {
          answer.setHeader('content-encoding', 'gzip');
          answer.end(bytes);
        },
      });
      const error = await rejection(fetchText(testUpstream({ target: targetFor(server.origin) }), { mode }));
      expect(error.code).toBe('UPSTREAM_ERROR');
    }
  });

  test('of a bomb ends at the limit of a whole body', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * MEGABYTE), { level: 9 });
    const server = await testServer({
      handler: (_, answer) => {
        answer.setHeader('content-encoding', 'gzip');
        answer.end(bomb);
      },
    });
    const upstream = testUpstream({ target: targetFor(server.origin) });
    const { body } = await upstream.send(aRequest({ mode }));
    const error = await rejection(readWhole(body, 8 * MEGABYTE));
    expect(error.code).toBe('RESULT_TOO_LARGE');
  });
});

describe.each(MODES)('the body of a %s call', (mode) => {
  test('holds the server back while nobody reads', async () => {
    const total = 64;
    let written = 0;
    let isHeldBack: () => void = () => undefined;
    const heldBack = new Promise<void>((resolve) => {
      isHeldBack = resolve;
    });
    const server = await testServer({
      handler: (_, answer) => {
        const push = (): void => {
          while (written < total) {
            written += 1;
            if (!answer.write(Buffer.alloc(MEGABYTE))) {
              isHeldBack();
              answer.once('drain', push);
              return;
            }
          }
          answer.end();
        };
        push();
      },
    });
    const { body } = await testUpstream({ target: targetFor(server.origin) }).send(aRequest({ mode }));
    await heldBack;
    // Whatever fits into the buffers between the two has been taken by now; the rest has to wait.
    expect(written).toBeLessThan(total);
    let length = 0;
    for await (const chunk of body) length += chunk.length;
    expect(length).toBe(total * MEGABYTE);
  });

  test('that loses its connection is UPSTREAM_ERROR, after what had come', async () => {
    const server = await testServer({
      handler: (request, answer) => {
        answer.write('begin');
        setImmediate(() => request.hangUp());
      },
    });
    const { body } = await testUpstream({ target: targetFor(server.origin) }).send(aRequest({ mode }));
    const chunks: string[] = [];
    const read = async (): Promise<void> => {
      for await (const chunk of body) chunks.push(chunk.toString());
    };
    const error = await rejection(read());
    expect(error.code).toBe('UPSTREAM_ERROR');
    expect(chunks.join('')).toMatch(/^(?:begin)?$/);
  });

  test('that is left early closes the request upstream', async () => {
    const server = await testServer({ handler: (_, answer) => void answer.write('event\n') });
    const { body } = await testUpstream({ target: targetFor(server.origin) }).send(aRequest({ mode }));
    expect((await firstChunk(body))?.toString()).toBe('event\n');
    await expect(server.requests[0]?.closed).resolves.toBeUndefined();
  });

  test('can be destroyed unread, twice, and also after its end', async () => {
    const server = await testServer({ handler: (_, answer) => void answer.write('event\n') });
    const { body } = await testUpstream({ target: targetFor(server.origin) }).send(aRequest({ mode }));
    body.destroy();
    body.destroy();
    await expect(server.requests[0]?.closed).resolves.toBeUndefined();
  });
});

describe('what is not a sound answer', () => {
  const head = 'HTTP/1.1 200 OK\r\n';

  test.each([
    ['is no HTTP', 'SSH-2.0-OpenSSH_9.6\r\n'],
    ['has headers without end', `${head}${'x-filler: 0123456789\r\n'.repeat(4096)}`],
    ['has one endless header', `${head}x: ${'0'.repeat(1024 * 1024)}`],
    ['has two lengths', `${head}content-length: 2\r\ncontent-length: 3\r\n\r\n{}`],
    ['has a length and chunks', `${head}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n{}`],
  ])('because it %s is an error within bounds', async (_, answer) => {
    const server = await rawServer('http', (socket) => void socket.once('data', () => socket.write(answer)));
    const error = await rejection(fetchText(testUpstream({ target: targetFor(server.origin) })));
    expect(error.code).toBe('UPSTREAM_ERROR');
  });

  test.each([
    ['is shorter than its length', `${head}content-length: 100\r\n\r\n{}`],
    ['ends inside a chunk', `${head}transfer-encoding: chunked\r\n\r\n10\r\nabc`],
    ['has a broken chunk', `${head}transfer-encoding: chunked\r\n\r\nzz\r\nabc`],
  ])('because its body %s is an error while reading', async (_, answer) => {
    const server = await rawServer('http', (socket) => void socket.once('data', () => socket.end(answer)));
    const { body } = await testUpstream({ target: targetFor(server.origin) }).send(aRequest());
    expect((await rejection(readWhole(body))).code).toBe('UPSTREAM_ERROR');
  });

  test.each(['br', 'deflate', 'gzip, gzip', 'x'])(
    'because it is encoded as %s is an error',
    async (encoding) => {
      const server = await testServer({
        handler: (_, answer) => {
          answer.setHeader('content-encoding', encoding);
          answer.end('{}');
        },
      });
      const upstream = testUpstream({ target: targetFor(server.origin) });
      const error = await rejection(upstream.send(aRequest({ compress: true })));
      expect(error.code).toBe('UPSTREAM_ERROR');
    },
  );
});
