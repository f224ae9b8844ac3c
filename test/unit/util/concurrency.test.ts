import { expect, it } from 'vitest';
import { mapConcurrently } from '../../../src/util/concurrency.ts';

it('keeps the order of items, and never has more than the limit under way', async () => {
  let running = 0;
  let most = 0;
  const release: (() => void)[] = [];
  const all = mapConcurrently([1, 2, 3, 4, 5], 2, async (item) => {
    most = Math.max(most, ++running);
    await new Promise<void>((resolve) => release.push(resolve));
    running--;
    return item * 10;
  });
  // Later ones are released first, as far as two at a time allow it.
  for (let released = 0; released < 5; released++) {
    while (release.length === 0) await Promise.resolve();
    release.pop()?.();
    await Promise.resolve();
  }
  expect(await all).toEqual([10, 20, 30, 40, 50]);
  expect(most).toBe(2);
});

it('rejects with the first failure', async () => {
  const work = (item: number): Promise<number> =>
    item === 2 ? Promise.reject(new Error('two')) : Promise.resolve(item);
  await expect(mapConcurrently([1, 2, 3], 2, work)).rejects.toThrow('two');
});
