import { setInterval } from 'node:timers/promises';
import { Pool } from 'undici';

const EVERY_MS = 5;

/**
 * How long a server's `/livez` took to answer while `work` went on, in milliseconds, asked every 5 ms whether the last one
 * has been answered or not: a stall of 100 ms is met by 20 pings. Includes what this process itself was late, so it is an
 * upper bound of what the server's event loop stood still.
 */
export async function pingDuring(url: string, work: () => Promise<unknown>): Promise<readonly number[]> {
  const pool = new Pool(new URL(url).origin);
  const stopped = new AbortController();
  const pings: Promise<number>[] = [];
  const started = performance.now();
  const pinging = (async () => {
    for await (const _ of setInterval(EVERY_MS, undefined, { signal: stopped.signal })) {
      // By plan, not by clock: what this process slept through is pinged late, and counted from when it was due.
      while (started + pings.length * EVERY_MS < performance.now()) {
        const pending = ping(pool, started + pings.length * EVERY_MS);
        // Looked at in the end; until then nobody waits for it.
        pending.catch(() => undefined);
        pings.push(pending);
      }
    }
  })();
  try {
    await work();
  } finally {
    stopped.abort();
    await pinging.catch(() => undefined);
  }
  const times = await Promise.all(pings);
  await pool.close();
  return times;
}

async function ping(pool: Pool, due: number): Promise<number> {
  const { body } = await pool.request({ method: 'GET', path: '/livez' });
  await body.dump();
  return performance.now() - due;
}
