import { matchesLabelSelector } from '../../../../demo/api/label-selector.ts';
import { describe, expect, it } from 'vitest';
import { nextTime, parseSchedule } from '../../../../demo/life/schedule.ts';
import { scaled } from '../../../../demo/life/selectors.ts';
import { StoryClock } from '../../../../demo/life/story-clock.ts';
import { microTime } from '../../../../demo/life/time.ts';
import { TestClock } from '../support/test-clock.ts';
import { START } from './support.ts';

describe('the story clock', () => {
  it('runs what is due on the way to the present, in order and at its time', () => {
    const clock = new StoryClock(new TestClock(START), 10_000);
    const done: [string, number][] = [];
    clock.after(3000, () => {
      done.push(['b', clock.now() - START]);
      clock.after(1000, () => done.push(['c', clock.now() - START]));
    });
    clock.after(2000, () => done.push(['a', clock.now() - START]));
    clock.windTo(5000);
    expect(done).toEqual([
      ['a', -8000],
      ['b', -7000],
      ['c', -6000],
    ]);
    expect([clock.now() - START, clock.agoMs, clock.isPast]).toEqual([-5000, 5000, true]);
  });

  it('is the real clock once it has arrived, and takes along what is still to come', () => {
    const present = new TestClock(START);
    const clock = new StoryClock(present, 10_000);
    const done: number[] = [];
    clock.after(12_000, () => done.push(clock.now() - START));
    const callOff = clock.after(13_000, () => done.push(0));
    clock.arrive();
    callOff();
    present.advance(5000);
    expect(done).toEqual([2000]);
    expect([clock.isPast, clock.agoMs]).toEqual([false, 0]);
  });
});

describe('schedules', () => {
  it.each([
    ['*/5 * * * *', '2026-03-02T12:05:00Z'],
    ['7,30 * * * *', '2026-03-02T12:07:00Z'],
    ['0 9-17/4 * * *', '2026-03-02T13:00:00Z'],
    ['@daily', '2026-03-03T00:00:00Z'],
    ['30 6 * * 1', '2026-03-09T06:30:00Z'],
    ['0 0 13 * 5', '2026-03-06T00:00:00Z'],
    ['0 0 * * 7', '2026-03-08T00:00:00Z'],
  ])('%s comes next at %s', (text, next) => {
    const schedule = parseSchedule(text) ?? [];
    expect(new Date(nextTime(schedule, START)).toISOString()).toBe(next.replace('Z', '.000Z'));
  });

  it('are undefined where they cannot be read', () => {
    expect(['', '* * * *', 'a b c d e', '@never'].map(parseSchedule)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('selectors', () => {
  const labels = { app: 'web', tier: 'front' };
  it.each([
    [{ matchLabels: { app: 'web' } }, true],
    [{ matchLabels: { app: 'api' } }, false],
    [{ matchExpressions: [{ key: 'app', operator: 'In', values: ['api', 'web'] }] }, true],
    [{ matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['web'] }] }, false],
    [{ matchExpressions: [{ key: 'none', operator: 'NotIn', values: ['web'] }] }, true],
    [
      {
        matchExpressions: [
          { key: 'tier', operator: 'Exists' },
          { key: 'none', operator: 'DoesNotExist' },
        ],
      },
      true,
    ],
    [{}, true],
  ])('%j: %s', (selector, picked) => {
    expect(matchesLabelSelector(selector, labels)).toBe(picked);
  });

  it('round percentages as they are told', () => {
    expect([
      scaled('25%', 3, 'up'),
      scaled('25%', 3, 'down'),
      scaled(2, 10, 'up'),
      scaled('100%', 7, 'up'),
    ]).toEqual([1, 0, 2, 7]);
  });
});

it('writes micro times with exactly six digits', () => {
  expect([microTime(START), microTime(START + 7.25)]).toEqual([
    '2026-03-02T12:00:00.000000Z',
    '2026-03-02T12:00:00.007250Z',
  ]);
});
