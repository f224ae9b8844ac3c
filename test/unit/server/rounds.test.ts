import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Rounds } from '../../../src/server/rounds.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function rounds() {
  const visits: string[] = [];
  const all = new Rounds<string>(5_000, (member) => visits.push(member));
  return { all, visits };
}

it('visit each member once in a period', () => {
  const { all, visits } = rounds();
  const members = Array.from({ length: 12 }, (_, i) => `member ${i}`);
  for (const member of members) all.add(member);
  vi.advanceTimersByTime(5_000);
  expect(visits.toSorted()).toEqual(members.toSorted());
  vi.advanceTimersByTime(10_000);
  expect(visits).toHaveLength(3 * members.length);
});

it('visit a few members at a time', () => {
  const { all, visits } = rounds();
  for (let i = 0; i < 100; i++) all.add(`member ${i}`);
  for (let second = 1; second <= 5; second++) {
    vi.advanceTimersByTime(1_000);
    expect(visits).toHaveLength(20 * second);
  }
});

it('end for those that are removed', () => {
  const { all, visits } = rounds();
  all.add('a');
  all.add('b');
  all.remove('a');
  vi.advanceTimersByTime(5_000);
  expect(visits).toEqual(['b']);
});

it('take one timer, and none while there is nobody', () => {
  const { all, visits } = rounds();
  expect(vi.getTimerCount()).toBe(0);
  for (const member of ['a', 'b', 'c']) all.add(member);
  expect(vi.getTimerCount()).toBe(1);
  for (const member of ['a', 'b', 'c']) all.remove(member);
  expect(vi.getTimerCount()).toBe(0);
  all.add('d');
  vi.advanceTimersByTime(5_000);
  expect(visits).toEqual(['d']);
});

it('let a member be removed while it is visited', () => {
  const visits: string[] = [];
  const all = new Rounds<string>(1_000, (member) => {
    visits.push(member);
    all.remove(member);
  });
  for (const member of ['a', 'b', 'c']) all.add(member);
  vi.advanceTimersByTime(5_000);
  expect(visits).toEqual(['a', 'b', 'c']);
});
