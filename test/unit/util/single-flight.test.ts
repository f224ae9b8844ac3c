import { expect, it } from 'vitest';
import { SingleFlight } from '../../../src/util/single-flight.ts';

it('answers callers of one key with one piece of work', async () => {
  const flights = new SingleFlight<number>();
  let calls = 0;
  const work = (): Promise<number> => Promise.resolve(++calls);
  expect(await Promise.all([flights.do('a', work), flights.do('a', work), flights.do('b', work)])).toEqual([
    1, 1, 2,
  ]);
});

it('keeps neither a result nor a failure', async () => {
  const flights = new SingleFlight<string>();
  await expect(flights.do('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await flights.do('a', () => Promise.resolve('first'))).toBe('first');
  expect(await flights.do('a', () => Promise.resolve('second'))).toBe('second');
});
