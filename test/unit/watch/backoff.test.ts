import { describe, expect, it } from 'vitest';
import { Backoff } from '../../../src/watch/reflector/backoff.ts';

describe('Backoff', () => {
  it('doubles from 800 ms up to 30 s', () => {
    const backoff = new Backoff(() => 0);
    const delays = Array.from({ length: 8 }, () => backoff.nextDelayMs(0));
    expect(delays).toEqual([800, 1600, 3200, 6400, 12_800, 25_600, 30_000, 30_000]);
  });

  it('adds up to the same again at random', () => {
    expect(new Backoff(() => 0.5).nextDelayMs(0)).toBe(1200);
  });

  it('starts over when it was not needed for two minutes', () => {
    const backoff = new Backoff(() => 0);
    backoff.nextDelayMs(0);
    expect(backoff.nextDelayMs(120_000)).toBe(1600);
    expect(backoff.nextDelayMs(240_001)).toBe(800);
  });
});
