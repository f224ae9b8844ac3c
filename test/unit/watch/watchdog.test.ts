import { describe, expect, it, onTestFinished } from 'vitest';
import { Watchdog } from '../../../src/watch/reflector/watchdog.ts';
import { ManualClock } from './support/manual-clock.ts';

function setup({ isList = false } = {}) {
  const clock = new ManualClock();
  const alarms: string[] = [];
  const watchdog = new Watchdog({
    clock,
    timeoutSeconds: 300,
    isList,
    onOverdue: () => alarms.push('overdue'),
    onStalled: () => alarms.push('stalled'),
  });
  onTestFinished(() => {
    watchdog.stop();
    expect(clock.pendingMs).toEqual([]);
  });
  /** A frame every `everyMs`, so many times. */
  const frames = async (kind: 'change' | 'bookmark', count: number, everyMs: number) => {
    for (let index = 0; index < count; index += 1) {
      await clock.advance(everyMs);
      watchdog.frame(kind);
    }
  };
  return { clock, watchdog, alarms, frames };
}

describe('Watchdog', () => {
  it('lets a watch be silent until 5 s after it should have ended', async () => {
    const { clock, alarms } = setup();
    await clock.advance(304_999);
    expect(alarms).toEqual([]);
    await clock.advance(1);
    expect(alarms).toEqual(['stalled']);
  });

  it('takes a watch for dead that goes on beyond its end', async () => {
    const { alarms, frames } = setup();
    await frames('change', 31, 10_000);
    expect(alarms).toEqual(['stalled']);
  });

  it('takes a watch for dead when its regular bookmarks stay away', async () => {
    const { clock, alarms, frames } = setup();
    await frames('bookmark', 2, 60_000);
    await clock.advance(179_999);
    expect(alarms).toEqual([]);
    await clock.advance(1);
    expect(alarms).toEqual(['stalled']);
  });

  it('does not conclude a rhythm from one bookmark', async () => {
    const { clock, alarms, frames } = setup();
    await frames('bookmark', 1, 1000);
    await clock.advance(303_000);
    expect(alarms).toEqual([]);
  });

  it('allows 150 s of silence however often bookmarks come', async () => {
    const { clock, alarms, frames } = setup();
    await frames('bookmark', 10, 1000);
    await clock.advance(149_999);
    expect(alarms).toEqual([]);
  });

  it('goes by the longest distance between bookmarks', async () => {
    const { clock, alarms, frames } = setup();
    await frames('bookmark', 2, 1000);
    await frames('bookmark', 1, 70_000);
    await clock.advance(209_999);
    expect(alarms).toEqual([]);
    await clock.advance(1);
    expect(alarms).toEqual(['stalled']);
  });

  it('takes any frame for a sign of life', async () => {
    const { alarms, frames } = setup();
    await frames('bookmark', 2, 1000);
    await frames('change', 3, 100_000);
    expect(alarms).toEqual([]);
  });

  it('gives a streaming list up after 30 s of silence', async () => {
    const { clock, alarms, frames } = setup({ isList: true });
    await frames('change', 3, 29_000);
    await clock.advance(29_999);
    expect(alarms).toEqual([]);
    await clock.advance(1);
    expect(alarms).toEqual(['overdue']);
  });

  it('gives a streaming list up after 5 min, whatever it says', async () => {
    const { alarms, frames } = setup({ isList: true });
    await frames('change', 15, 20_000);
    expect(alarms).toEqual(['overdue']);
  });

  it('watches a streaming list as any watch once it is complete', async () => {
    const { clock, watchdog, alarms } = setup({ isList: true });
    watchdog.frame('listed');
    await clock.advance(304_999);
    expect(alarms).toEqual([]);
    await clock.advance(1);
    expect(alarms).toEqual(['stalled']);
  });

  it('says nothing after it was stopped', async () => {
    const { clock, watchdog, alarms } = setup();
    watchdog.stop();
    await clock.advance(1_000_000);
    expect(alarms).toEqual([]);
  });
});
