import { beforeEach, describe, expect, it } from 'vitest';
import { History, type HistoryBudget } from '../../../src/watch/feeds/history.ts';
import { changeDelivery } from './support/objects.ts';

const delivery = (id: string, bytes = 1) => changeDelivery(id, { bytes });

describe('History', () => {
  let history: History;
  let budget: HistoryBudget;

  beforeEach(() => {
    budget = { maxBytes: 1500, usedBytes: 0 };
    history = new History({ maxEvents: 3, maxBytes: 1000, budget });
    history.begin('10');
  });

  /** The ids of what happened behind a position. */
  const since = (position: string) => history.since(position)?.map(({ id }) => id);

  it('knows that nothing happened behind the position it begins at', () => {
    expect(since('10')).toEqual([]);
  });

  it('answers what happened behind a position, which need not be that of an event', () => {
    history.push([delivery('a')], '12');
    history.push([delivery('b')], '15');
    expect(since('10')).toEqual(['a', 'b']);
    expect(since('11')).toEqual(['a', 'b']);
    expect(since('12')).toEqual(['b']);
    expect(since('14')).toEqual(['b']);
    expect(since('15')).toEqual([]);
  });

  it('does not answer for positions before it and behind it', () => {
    history.push([delivery('a')], '12');
    expect(since('9')).toBeUndefined();
    expect(since('13')).toBeUndefined();
  });

  it('answers up to where nothing is known to have happened', () => {
    history.push([delivery('a')], '12');
    history.advance('20');
    expect(since('20')).toEqual([]);
    expect(since('17')).toEqual([]);
    expect(since('11')).toEqual(['a']);
  });

  it('repeats all changes of one position for whoever has seen a part of them', () => {
    history.push([delivery('a')], '12');
    history.pushGap([delivery('b'), delivery('c')], '20');
    expect(since('12')).toEqual(['b', 'c']);
    expect(since('20')).toEqual([]);
  });

  it('does not answer for positions that a new list has bridged', () => {
    history.pushGap([delivery('b')], '20');
    history.push([delivery('c')], '25');
    expect(since('15')).toBeUndefined();
    expect(since('10')).toEqual(['b', 'c']);
    expect(since('22')).toEqual(['c']);
  });

  it('starts over when a new list goes back in time', () => {
    history.push([delivery('a')], '12');
    history.pushGap([delivery('b')], '5');
    expect(since('12')).toBeUndefined();
    expect(since('5')).toEqual([]);
  });

  it('forgets the oldest events beyond its bound', () => {
    for (const version of ['11', '12', '13', '14']) history.push([delivery(version)], version);
    expect(since('10')).toBeUndefined();
    expect(since('11')).toEqual(['12', '13', '14']);
  });

  it('forgets the oldest events beyond its bound in bytes', () => {
    history.push([delivery('a', 600)], '11');
    history.push([delivery('b', 600)], '12');
    expect(since('10')).toBeUndefined();
    expect(since('11')).toEqual(['b']);
  });

  it('forgets the oldest events when all histories together hold too much', () => {
    const other = new History({ maxEvents: 3, maxBytes: 1000, budget });
    other.begin('10');
    other.push([delivery('x', 900)], '11');
    history.push([delivery('a', 400)], '11');
    history.push([delivery('b', 400)], '12');
    expect(since('10')).toBeUndefined();
    expect(since('11')).toEqual(['b']);
    other.clear();
    history.push([delivery('c', 400)], '13');
    expect(since('11')).toEqual(['b', 'c']);
    expect(budget.usedBytes).toBe(800);
  });

  it('counts what was before a change, too', () => {
    history.push([changeDelivery('a', { bytes: 100, before: 200 })], '11');
    expect(budget.usedBytes).toBe(300);
    history.clear();
    expect(budget.usedBytes).toBe(0);
  });

  it('knows its own positions when versions do not compare', () => {
    history.begin('x');
    history.push([delivery('a')], 'm');
    history.push([delivery('b')], 'q');
    expect(since('x')).toEqual(['a', 'b']);
    expect(since('m')).toEqual(['b']);
    expect(since('q')).toEqual([]);
    expect(since('n')).toBeUndefined();
  });
});
