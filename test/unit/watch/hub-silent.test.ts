import { describe, expect, it } from 'vitest';
import { bearerIdentity } from '../../../src/cluster/identity.ts';
import type { Subscription } from '../../../src/watch/subscription.ts';
import { playList, setupHub, type HubSetup } from './support/hub-setup.ts';
import { flush } from './support/manual-clock.ts';
import { added, errorFrame, GONE, listEnd, modified } from './support/objects.ts';
import { takeLabels } from './support/reader.ts';

interface Silent {
  readonly silent: Subscription;
  /** How often it was told something. */
  readonly told: () => number;
}

function silentlyIn({ subscribe }: HubSetup, options: Parameters<HubSetup['subscribe']>[0] = {}): Silent {
  const silent = subscribe({ isSilent: true, ...options });
  let told = 0;
  silent.onReady = () => (told += 1);
  expect(silent.take()).toBeUndefined();
  return { silent, told: () => told };
}

describe('a silent subscriber', () => {
  it('gets nothing of a view, while others get everything', async () => {
    const setup = setupHub();
    const other = setup.subscribe();
    const { silent, told } = silentlyIn(setup);
    const { stream } = await playList(setup);
    stream.write(modified('a', 11), GONE);
    (await setup.upstream.nextCall()).open().write(added('a', 20), listEnd(20));
    const late = silentlyIn(setup);
    await flush();
    expect(takeLabels(other)).toEqual([
      'ADDED a@1',
      'ADDED b@2',
      'SYNCED',
      'MODIFIED a@11',
      'DELETED b@2',
      'MODIFIED a@20',
    ]);
    for (const { waiting, isSynced, isEnded } of [silent, late.silent])
      expect({ waiting, isSynced, isEnded }).toEqual({ waiting: 0, isSynced: false, isEnded: false });
    expect([told(), late.told()]).toEqual([0, 0]);
  });

  it('keeps a watch up alone, and ends it when it leaves', async () => {
    const setup = setupHub();
    const leaving = new AbortController();
    silentlyIn(setup, { signal: leaving.signal });
    const { call } = await playList(setup);
    await flush();
    expect([setup.hub.size, setup.hub.counts.subscribers]).toEqual([1, 1]);
    leaving.abort();
    expect([setup.hub.size, setup.hub.counts.subscribers, call.isAborted]).toEqual([0, 0, true]);
  });

  it('has no list made for what it has seen', async () => {
    const setup = setupHub({ recheckMs: 0 });
    setup.subscribe();
    await playList(setup);
    await flush();
    silentlyIn(setup, { known: new Map([['default/a', '99']]) });
    expect(setup.clock.pendingMs.filter((delayMs) => delayMs <= 1000)).toEqual([]);
    expect(setup.hub.counts.resumed).toMatchObject({ known: 0 });
  });

  it.each<[string, (setup: HubSetup, stream: { write(frame: string): void }) => unknown]>([
    ['LIFETIME_EXCEEDED', ({ clock }) => clock.advance(60_000)],
    ['SERVER_SHUTDOWN', ({ hub }) => hub.close()],
  ])('ends with %s, a time to come back, and no cursor', async (code, end) => {
    const setup = setupHub({ random: () => 0.5, recheckMs: 0 });
    const { silent, told } = silentlyIn(setup, { maxLifetimeMs: 60_000 });
    const { stream } = await playList(setup);
    await flush();
    await end(setup, stream);
    expect(silent.error).toMatchObject({ code, message: expect.stringContaining('; subscribe again') });
    expect(silent.error?.extensions).toEqual({ code, retryAfterMs: 5000 });
    expect([silent.isEnded, told()]).toEqual([true, 1]);
  });

  it.each([
    [403, 'Forbidden', 'FORBIDDEN'],
    [404, 'NotFound', 'NOT_FOUND'],
  ])('ends without a cursor when the API server says %i', async (status, reason, code) => {
    const setup = setupHub();
    const { silent, told } = silentlyIn(setup);
    const { stream } = await playList(setup);
    stream.write(errorFrame(status, reason));
    await flush();
    expect(silent.error?.code).toBe(code);
    expect(silent.error?.extensions).not.toHaveProperty('cursor');
    expect([silent.isEnded, told()]).toEqual([true, 1]);
  });

  it('joins none but the watch of its own identity', async () => {
    const setup = setupHub();
    setup.subscribe();
    silentlyIn(setup, { identity: bearerIdentity('other') });
    await flush();
    expect(setup.hub.size).toBe(2);
  });
});
