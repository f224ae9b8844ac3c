import { describe, expect, it } from 'vitest';
import { percentile, ratiosOf, spreadOf } from '../../../bench/reads/figures.ts';
import { interleaved } from '../../../bench/reads/rounds.ts';

describe('figures of several rounds', () => {
  it('are told as the least, the middle and the most', () => {
    expect(spreadOf([30, 10, 20])).toEqual({ min: 10, median: 20, max: 30 });
  });

  it('have a middle between the two middle ones when their number is even', () => {
    expect(spreadOf([40, 10, 20, 30]).median).toBe(25);
  });

  it('are divided round by round, so that a round that was slow for both does not count', () => {
    const ratios = ratiosOf('cpuMs', { cpuMs: [10, 100, 30] }, { cpuMs: [10, 50, 10] });
    expect(ratios).toEqual({ min: 1, median: 2, max: 3 });
  });

  it('have no ratio to what was not measured or to memory that was given back', () => {
    expect(ratiosOf('cpuMs', { cpuMs: [1] }, { wallMs: [1] })).toBeUndefined();
    expect(ratiosOf('extraMb', { extraMb: [1] }, { extraMb: [-2] })).toBeUndefined();
  });

  it('have a 99th percentile that one in a hundred may exceed', () => {
    const values = Array.from({ length: 100 }, (_, index) => index + 1);
    expect(percentile(values, 0.99)).toBe(99);
  });
});

describe('rounds', () => {
  it('run the arms in turn and leave out the figures of warm-ups', async () => {
    const order: string[] = [];
    const arm = (name: string) => ({
      name,
      round: () => Promise.resolve({ cpuMs: order.push(name) }),
    });
    const samples = await interleaved([arm('a'), arm('b')], { rounds: 2, warmUps: 1 });
    expect(order).toEqual(['a', 'b', 'a', 'b', 'a', 'b']);
    expect(samples.get('a')).toEqual({ cpuMs: [3, 5] });
  });

  it('gather the figures of arms that look at the same thing', async () => {
    const samples = await interleaved(
      [
        { name: 'gateway', round: () => Promise.resolve({ cpuMs: 1 }) },
        { name: 'gateway', round: () => Promise.resolve({ firstByteMs: 2 }) },
      ],
      { rounds: 1, warmUps: 0 },
    );
    expect(samples.get('gateway')).toEqual({ cpuMs: [1], firstByteMs: [2] });
  });
});
