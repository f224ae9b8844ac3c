import { describe, expect, it } from 'vitest';
import { CursorCodec } from '../../../src/watch/cursor.ts';
import type { Subscription } from '../../../src/watch/subscription.ts';
import { playList, SCOPE, setupHub } from './support/hub-setup.ts';
import { flush } from './support/manual-clock.ts';
import { GONE, modified } from './support/objects.ts';
import { takeLabels } from './support/reader.ts';

const cursors = new CursorCodec(SCOPE, 'kubeconfig');

/**
 * Of two subscribers that came back, the first is served, and the second waits until it is known whether the collection
 * has been where it was. Then the API server forgets both, and the first does `act` when it hears of that.
 */
async function forgotten(act: (subscribe: () => Subscription) => unknown) {
  const setup = setupHub({ recheckMs: 0 });
  // Nobody says where the collection is.
  setup.upstream.onQuestion = () => {};
  const served = setup.subscribe({ resumeFrom: cursors.at('10') });
  const stream = (await setup.upstream.nextCall()).open();
  stream.write(modified('a', 11));
  await flush();
  const waiting = setup.subscribe({ resumeFrom: cursors.at('50') });
  expect(takeLabels(served)).toEqual(['SYNCED', 'MODIFIED a@11']);
  expect(takeLabels(waiting)).toEqual([]);
  served.onReady = () => act(setup.subscribe);
  const closing = { waiting, hub: setup.hub };
  return { ...setup, ...closing, served, forget: () => stream.write(GONE) };
}

describe('a subscriber whose position is forgotten while it waits', () => {
  it('shares the watch of one that subscribed again before', async () => {
    let again: Subscription | undefined;
    const setup = await forgotten((subscribe) => (again = subscribe()));
    setup.forget();
    await playList(setup);
    await flush();
    const everything = ['ADDED a@1', 'ADDED b@2', 'SYNCED'];
    expect(setup.hub.size).toBe(1);
    expect(takeLabels(again as unknown as Subscription)).toEqual(everything);
  });

  it('ends with the hub, when that was closed before', async () => {
    let close: Promise<void> | undefined;
    const setup = await forgotten(() => (close = setup.hub.close()));
    setup.forget();
    await flush();
    expect(setup.waiting.error).toMatchObject({ code: 'SERVER_SHUTDOWN' });
    await close;
    expect(setup.upstream.calls).toHaveLength(1);
  });

  it('has no watch opened for it, when it was closed before', async () => {
    const setup = await forgotten(() => setup.waiting.close());
    setup.forget();
    await flush();
    expect(setup.hub.size).toBe(0);
    expect(setup.upstream.calls).toHaveLength(1);
  });
});
