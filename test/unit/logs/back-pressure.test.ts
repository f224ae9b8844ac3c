import { expect, it } from 'vitest';
import { targetFor } from '../cluster/support/kubeconfig.ts';
import { testServer } from '../cluster/support/server.ts';
import { fetchText, testUpstream } from '../cluster/support/upstream.ts';
import { LogReader } from './support/log-reader.ts';

const BLOCK = `2026-01-01T00:00:01.000000000Z ${'x'.repeat(1000)}\n`.repeat(16);

it('is passed on over HTTP/2: the API server waits for whoever does not take lines, and no other stream does', async () => {
  let written = 0;
  const { origin } = await testServer({
    handler: ({ url }, answer) => {
      if (!url.includes('/log')) return void answer.end('{}');
      const write = (): void => {
        do written += BLOCK.length;
        while (answer.write(BLOCK));
      };
      answer.on('drain', write);
      write();
    },
  });
  const upstream = testUpstream({ target: targetFor(origin) });
  const reader = new LogReader({ upstream });
  reader.log.readOn();
  await reader.take(1);
  const roundTrips = async (count: number): Promise<void> => {
    for (let trip = 0; trip < count; trip += 1) await fetchText(upstream, { mode: 'stream' });
  };
  await roundTrips(50);
  const before = written;
  await roundTrips(50);
  expect(written).toBe(before);
  expect(written).toBeLessThan(1024 * 1024);
  await reader.take(5_000);
  expect(written).toBeGreaterThan(4 * 1024 * 1024);
});
