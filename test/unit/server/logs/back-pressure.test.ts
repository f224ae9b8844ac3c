import { createHash, type Hash } from 'node:crypto';
import { once } from 'node:events';
import { get, type IncomingMessage, type ServerResponse } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { rawRequest } from '../../support/raw-request.ts';
import { logGateway } from './support/log-gateway.ts';

const MIB = 1024 * 1024;
const LOG_BYTES = 100 * MIB;

/** What may be on its way to a client, in bytes: mostly in the buffers of the two connections. */
const ON_ITS_WAY_BYTES = 24 * MIB;

/** 64 KiB of lines. */
const BLOCK = Buffer.from(`2026-01-01T00:00:01.000000000Z ${'x'.repeat(992)}\n`.repeat(64));
const BLOCKS = LOG_BYTES / BLOCK.length;

interface LargeLog {
  readonly write: (response: ServerResponse) => void;
  /** Bytes that have been written. */
  readonly written: () => number;
  readonly hash: Hash;
}

/** A log of 100 MiB, which is written as fast as it is taken. */
function largeLog(): LargeLog {
  const hash = createHash('sha256');
  let blocks = 0;
  const write = (response: ServerResponse): void => {
    const more = (): void => {
      for (let isTaken = true; isTaken && blocks < BLOCKS; blocks += 1) {
        hash.update(BLOCK);
        isTaken = response.write(BLOCK);
      }
      if (blocks === BLOCKS) response.end();
    };
    response.on('drain', more);
    more();
  };
  return { write, written: () => blocks * BLOCK.length, hash };
}

describe.each(['', '&grep=x'])('a log of 100 MiB, behind "?container=main%s"', (grep) => {
  it('waits for whoever does not take it, and comes as a whole to whoever does', async () => {
    const { write, written, hash } = largeLog();
    const { url, port } = await logGateway({ log: write });
    const settled = async (): Promise<number> => {
      for (let before = -1; ;) {
        // Whatever moves does so meanwhile.
        for (let trip = 0; trip < 20; trip += 1) await rawRequest(`http://127.0.0.1:${port}/livez`);
        if (written() === before) return before;
        before = written();
      }
    };
    const sent = get(`${url}?container=main${grep}`);
    onTestFinished(() => void sent.destroy());
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    expect(await settled()).toBeLessThan(ON_ITS_WAY_BYTES);
    const read = createHash('sha256');
    let bytes = 0;
    let mostOnItsWay = 0;
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      read.update(chunk);
      bytes += chunk.length;
      mostOnItsWay = Math.max(mostOnItsWay, written() - bytes);
      // Now and then it stops reading for a while.
      if (bytes % (20 * MIB) < chunk.length) await settled();
    }
    expect(bytes).toBe(LOG_BYTES);
    expect(read.digest('hex')).toBe(hash.digest('hex'));
    expect(mostOnItsWay).toBeLessThan(ON_ITS_WAY_BYTES);
  });
});
