import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { Chunks } from '../../../src/cluster/transport/chunks.ts';

const nothing = (): void => undefined;

/** A stream, and what arrives as soon as somebody reads of it: a connection that has been stopped goes on then. */
function stoppedStream(): { readonly source: Readable; readonly stopped: string[] } {
  const stopped: string[] = [];
  const source = new Readable({
    highWaterMark: 10,
    read: () => {
      for (const text of stopped.splice(0)) source.push(text);
    },
  });
  return { source, stopped };
}

it('are told of what arrives after what has arrived while they were reading', async () => {
  const { source, stopped } = stoppedStream();
  const chunks = new Chunks(source, {
    leastBytes: 15,
    onWait: nothing,
    onArrived: nothing,
    failure: nothing,
  });
  const first = chunks.next();
  source.push('the first piece');
  expect(String((await first).value)).toBe('the first piece');
  // As much as it holds, and nobody waits for it.
  source.push('0123456789');
  await setImmediate();
  stopped.push('ab');
  const second = chunks.next();
  await setImmediate();
  source.push('cdef');
  expect(String((await second).value)).toBe('0123456789abcdef');
});
