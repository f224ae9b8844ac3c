import { describe, expect, it } from 'vitest';
import { Fifo } from '../../../src/watch/fifo.ts';

describe('Fifo', () => {
  it('answers what was put in, in that order, however puts and takes follow each other', () => {
    const fifo = new Fifo<number>();
    const taken: (number | undefined)[] = [];
    let next = 0;
    for (let round = 0; round < 50; round += 1) {
      for (let count = 0; count < round; count += 1) fifo.push(next++);
      for (let count = 0; count < round - 1; count += 1) taken.push(fifo.shift());
    }
    expect(fifo.size).toBe(49);
    expect([...taken, ...fifo.toArray()]).toEqual(Array.from({ length: next }, (_, index) => index));
  });

  it('answers undefined when it is empty, and after it was cleared', () => {
    const fifo = new Fifo<string>();
    fifo.push('a');
    fifo.clear();
    expect(fifo.shift()).toBeUndefined();
    expect(fifo.size).toBe(0);
  });
});
