import { expect, it } from 'vitest';
import { Lru } from '../../../src/util/lru.ts';

it('forgets what was used longest ago', () => {
  const lru = new Lru<string, number>({ maxWeight: 2 });
  lru.set('a', 1);
  lru.set('b', 2);
  lru.get('a');
  lru.set('c', 3);
  expect([lru.get('a'), lru.get('b'), lru.get('c')]).toEqual([1, undefined, 3]);
});

it('counts weights, and drops as many as it must', () => {
  const lru = new Lru<string, string>({ maxWeight: 10, weigh: (text) => text.length });
  lru.set('a', 'xxxx');
  lru.set('b', 'xxxx');
  lru.set('c', 'xxxxxxxx');
  expect([lru.get('a'), lru.get('b'), lru.get('c'), lru.size]).toEqual([undefined, undefined, 'xxxxxxxx', 1]);
});

it('does not keep an entry that is heavier than everything, and drops its former value', () => {
  const lru = new Lru<string, string>({ maxWeight: 3, weigh: (text) => text.length });
  lru.set('a', 'x');
  lru.set('a', 'xxxx');
  expect([lru.get('a'), lru.size]).toEqual([undefined, 0]);
});

it('weighs a replaced entry once', () => {
  const lru = new Lru<string, string>({ maxWeight: 4, weigh: (text) => text.length });
  lru.set('a', 'xx');
  lru.set('a', 'xx');
  lru.set('b', 'xx');
  expect([lru.get('a'), lru.get('b')]).toEqual(['xx', 'xx']);
});

it('forgets what is deleted', () => {
  const lru = new Lru<string, number>({ maxWeight: 2 });
  lru.set('a', 1);
  lru.delete('a');
  lru.delete('never there');
  expect([lru.get('a'), lru.size]).toEqual([undefined, 0]);
});
