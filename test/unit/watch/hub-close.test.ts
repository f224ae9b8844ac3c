import { describe, expect, it } from 'vitest';
import { CursorCodec } from '../../../src/watch/cursor.ts';
import { playList, SCOPE, setupHub } from './support/hub-setup.ts';
import { flush } from './support/manual-clock.ts';
import { modified } from './support/objects.ts';
import { take } from './support/reader.ts';

const cursors = new CursorCodec(SCOPE, 'kubeconfig');

describe('closing', () => {
  it('ends every subscription with SERVER_SHUTDOWN and the cursor of what it has read', async () => {
    const setup = setupHub();
    const reader = setup.read();
    const slow = setup.subscribe();
    const { stream } = await playList(setup);
    stream.write(modified('a', 11));
    await take(slow, 3);
    await flush();
    await setup.hub.close();
    expect(await reader.failure()).toMatchObject({
      code: 'SERVER_SHUTDOWN',
      extensions: { cursor: cursors.at('11') },
    });
    await expect(slow.next()).rejects.toMatchObject({ extensions: { cursor: cursors.at('10') } });
  });

  it('tells a subscription that has read nothing to start as it did', async () => {
    const setup = setupHub();
    const fresh = setup.read();
    const resumed = setup.read({ resumeFrom: cursors.at('5') });
    await setup.hub.close();
    expect(await fresh.failure()).toMatchObject({ extensions: { cursor: cursors.initial } });
    expect(await resumed.failure()).toMatchObject({ extensions: { cursor: cursors.at('5') } });
  });

  it('leaves no upstream call', async () => {
    const setup = setupHub({ lingerMs: 5000 });
    const readers = [setup.read(), setup.read({ resumeFrom: cursors.at('5') })];
    await playList(setup);
    await setup.hub.close();
    expect(setup.upstream.calls.map((call) => call.isAborted)).toEqual([true, true]);
    expect(setup.hub.size).toBe(0);
    await Promise.all(readers.map((reader) => reader.ended));
  });

  it('may be asked for twice', async () => {
    const setup = setupHub();
    setup.read();
    await Promise.all([setup.hub.close(), setup.hub.close()]);
    expect(setup.hub.size).toBe(0);
  });

  it('refuses what comes later', async () => {
    const setup = setupHub();
    await setup.hub.close();
    expect(() => setup.subscribe()).toThrow(expect.objectContaining({ code: 'SERVER_SHUTDOWN' }));
    expect(setup.upstream.calls).toEqual([]);
  });

  it('does not trouble a subscription that left before', async () => {
    const setup = setupHub();
    const subscription = setup.subscribe();
    await subscription.return();
    await setup.hub.close();
    await expect(subscription.next()).resolves.toMatchObject({ done: true });
  });
});
