import { expect, it } from 'vitest';
import { Lazy } from '../../../src/util/lazy.ts';

it('makes something once, when it is first asked for', async () => {
  let made = 0;
  const lazy = new Lazy(() => Promise.resolve((made += 1)));
  expect([made, lazy.made]).toEqual([0, undefined]);
  expect(await Promise.all([lazy.get(), lazy.get()])).toEqual([1, 1]);
  expect(await lazy.made).toBe(1);
});

it('tries again after a failure, which everybody learns of who has waited for it', async () => {
  let tries = 0;
  const lazy = new Lazy(() =>
    (tries += 1) === 1 ? Promise.reject(new Error('not now')) : Promise.resolve(tries),
  );
  const outcomes = await Promise.allSettled([lazy.get(), lazy.get()]);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(lazy.made).toBeUndefined();
  expect(await lazy.get()).toBe(2);
});
