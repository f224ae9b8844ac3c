import { beforeEach, describe, expect, it } from 'vitest';
import type { Delivery } from '../../../src/watch/event.ts';
import { History } from '../../../src/watch/history.ts';

function delivery(id: string, bytes = 1): Delivery {
  return { id, event: { type: 'MODIFIED', object: Buffer.alloc(bytes), cursor: '' } };
}

describe('History', () => {
  let history: History;

  beforeEach(() => {
    history = new History({ maxEvents: 3, maxBytes: 1000 });
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
