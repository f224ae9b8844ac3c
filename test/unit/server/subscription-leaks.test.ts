import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { EventStream } from '../../../bench/watch/event-stream.ts';
import { watchedSubscriptions } from '../../../src/server/watched-subscriptions.ts';
import { testGateway } from '../support/test-gateway.ts';

const DOCUMENT = 'subscription { widgets { type } }';
const WAVES = 40;
const WAVE = 50;

/** A subscription over server-sent events, once it has its SYNCED. */
function subscribed(url: string): Promise<{ readonly leave: () => Promise<void> }> {
  return new Promise((resolve, reject) => {
    let left = (): void => reject(new Error('it ended before its SYNCED'));
    const stream = new EventStream(
      { url, document: DOCUMENT },
      {
        onFrame: (frame) => {
          if (!frame.includes('"type":"SYNCED"')) return;
          const leave = (): Promise<void> =>
            new Promise((gone) => {
              left = gone;
              stream.destroy();
            });
          resolve({ leave });
        },
        onClose: () => left(),
      },
    );
  });
}

/** Of this process; on macOS, too. */
function descriptors(): number {
  return readdirSync('/dev/fd').length;
}

it('leaves nothing behind after 2,000 subscribers that come and go', { timeout: 120_000 }, async () => {
  const { gateway, stub, url } = await testGateway('kubeconfig', {
    subscriptions: watchedSubscriptions({ lingerMs: 0 }),
  });
  const wave = async (): Promise<void> => {
    const begun = stub.watches.next().then((watch) => {
      watch.synced('5');
      return watch;
    });
    const subscribers = await Promise.all(Array.from({ length: WAVE }, () => subscribed(url)));
    const watch = await begun;
    expect(gateway.subscriptions?.hub.counts).toMatchObject({ subscribers: WAVE, upstreamWatches: 1 });
    await Promise.all(subscribers.map(({ leave }) => leave()));
    await watch.request.closed;
  };
  const start = descriptors();
  await wave();
  // The gateway's end of a connection goes a moment after the client's; those to the API server stay for the next call.
  await expect.poll(() => descriptors() - start).toBeLessThan(WAVE / 2);
  const before = descriptors();
  for (let waves = 1; waves < WAVES; waves++) await wave();
  expect(gateway.subscriptions?.hub.counts).toMatchObject({ subscribers: 0, upstreamWatches: 0 });
  await expect.poll(() => descriptors() - before).toBeLessThanOrEqual(5);
});
