import { describe, expect, it } from 'vitest';
import { CursorCodec } from '../../../src/watch/cursor.ts';
import { playList, SCOPE, setupHub } from './support/hub-setup.ts';
import { flush } from './support/manual-clock.ts';
import { added, deleted, GONE, label, listEnd, modified, parseObject } from './support/objects.ts';
import { takeAll, takeLabels } from './support/reader.ts';

const cursors = new CursorCodec(SCOPE, 'kubeconfig');

/** What a subscriber holds, for example `a@1 b@2`. */
function knows(text: string): ReadonlyMap<string, string> {
  const pairs = text.split(' ').filter((each) => each !== '');
  return new Map(pairs.map((each) => [`default/${each.split('@')[0]}`, each.split('@')[1] ?? '']));
}

describe('a subscriber that says what it knows', () => {
  it.each([
    ['nothing', '', ['ADDED a@1', 'ADDED b@2']],
    ['everything', 'a@1 b@2', []],
    ['an older version', 'a@0 b@2', ['MODIFIED a@1']],
    ['what is gone', 'a@1 b@2 gone@1', ['DELETED default/gone']],
    ['some of it', 'gone@1 a@0', ['DELETED default/gone', 'MODIFIED a@1', 'ADDED b@2']],
  ])('gets what differs, and SYNCED without a snapshot: %s', async (_, known, differences) => {
    const setup = setupHub();
    const subscription = setup.subscribe({ known: knows(known) });
    await playList(setup);
    await flush();
    const events = takeAll(subscription);
    expect(events.map(label)).toEqual([...differences, 'SYNCED']);
    expect(events.every(({ isSnapshot }) => !isSnapshot)).toBe(true);
    expect(setup.hub.counts.resumed.known).toBe(1);
  });

  it('gets the same from a watch that runs already, and what follows', async () => {
    const setup = setupHub();
    setup.read();
    const { stream } = await playList(setup);
    stream.write(modified('a', 11));
    await flush();
    const subscription = setup.subscribe({ known: knows('a@1 b@2') });
    stream.write(deleted('b', 12));
    await flush();
    expect(takeLabels(subscription)).toEqual(['MODIFIED a@11', 'SYNCED', 'DELETED b@12']);
    expect(setup.upstream.calls).toHaveLength(1);
  });

  it('gets the object of a deletion that the gateway has seen', async () => {
    const setup = setupHub();
    setup.read();
    const { stream } = await playList(setup);
    stream.write(deleted('b', 12));
    await flush();
    expect(takeLabels(setup.subscribe({ known: knows('a@1 b@2') }))).toEqual(['DELETED b@12', 'SYNCED']);
  });

  it('gets the differences again when it comes back with a cursor from among them', async () => {
    const setup = setupHub();
    setup.read();
    await playList(setup);
    await flush();
    const [first] = takeAll(setup.subscribe({ known: knows('') }));
    const again = setup.subscribe({ known: knows('a@1'), resumeFrom: first?.cursor ?? '' });
    expect(takeLabels(again)).toEqual(['ADDED b@2', 'SYNCED']);
  });

  it('resumes from its cursor as long as that is known', async () => {
    const setup = setupHub();
    setup.read();
    const { stream } = await playList(setup);
    stream.write(modified('a', 11), modified('b', 12));
    await flush();
    const subscription = setup.subscribe({ known: knows(''), resumeFrom: cursors.at('11') });
    expect(takeLabels(subscription)).toEqual(['MODIFIED b@12', 'SYNCED']);
    expect(setup.hub.counts.resumed).toMatchObject({ history: 1, known: 0 });
  });

  it('gets what differs when its position is forgotten', async () => {
    const setup = setupHub();
    const subscription = setup.subscribe({ known: knows('a@1 gone@3'), resumeFrom: cursors.at('5') });
    (await setup.upstream.nextCall()).open().write(GONE);
    await playList(setup);
    await flush();
    expect(takeLabels(subscription)).toEqual(['DELETED default/gone', 'ADDED b@2', 'SYNCED']);
    expect(setup.hub.counts.resumed).toEqual({ history: 0, upstream: 0, known: 1, snapshot: 0 });
  });
});

describe('a subscriber that wants no snapshot', () => {
  it('gets SYNCED at the current position, then the changes', async () => {
    const setup = setupHub();
    const subscription = setup.subscribe({ initial: false });
    const { stream } = await playList(setup);
    stream.write(modified('a', 11));
    await flush();
    const events = takeAll(subscription);
    expect(events.map(label)).toEqual(['SYNCED', 'MODIFIED a@11']);
    expect(events[0]).toMatchObject({ isSnapshot: false, cursor: cursors.at('10') });
  });

  it('gets the differences of a new list as the others do', async () => {
    const setup = setupHub();
    const subscription = setup.subscribe({ initial: false });
    const { stream } = await playList(setup);
    stream.write(modified('a', 11), GONE);
    (await setup.upstream.nextCall()).open().write(added('a', 11), listEnd(20));
    await flush();
    expect(takeLabels(subscription)).toEqual(['SYNCED', 'MODIFIED a@11', 'DELETED b@2']);
    expect(setup.hub.counts.relists).toBe(1);
  });
});

describe('events', () => {
  it('say whether they are part of a snapshot', async () => {
    const setup = setupHub();
    const subscription = setup.subscribe();
    const { stream } = await playList(setup);
    stream.write(modified('a', 11));
    await flush();
    expect(takeAll(subscription).map(({ isSnapshot }) => isSnapshot)).toEqual([true, true, true, false]);
  });

  it('say what was before, and when they were read', async () => {
    const setup = setupHub();
    const subscription = setup.subscribe({ initial: false });
    const { stream } = await playList(setup);
    await setup.clock.advance(500);
    stream.write(modified('a', 11), deleted('a', 12), added('a', 13, { uid: 'new' }));
    await flush();
    const changes = takeAll(subscription).slice(1);
    expect(changes).toMatchObject([{ key: 'default/a', receivedAt: 500 }, {}, {}]);
    const versions = changes.map((event) =>
      event.type === 'SYNCED' || event.before === undefined
        ? undefined
        : parseObject(event.before).resourceVersion,
    );
    expect(versions).toEqual(['1', '11', undefined]);
  });

  it('of a resumed watch say what was before as far as it was seen', async () => {
    const setup = setupHub();
    const subscription = setup.subscribe({ resumeFrom: cursors.at('10') });
    (await setup.upstream.nextCall()).open().write(modified('a', 11), modified('a', 12));
    await flush();
    const [, first, second] = takeAll(subscription);
    expect(first).toMatchObject({ before: undefined });
    expect(second).toMatchObject({ before: first?.type === 'MODIFIED' ? first.object : undefined });
  });
});

describe('a subscriber that chooses', () => {
  it('is asked for each change of an object, with what was before, and gets what it accepts', async () => {
    const setup = setupHub();
    const asked: string[] = [];
    const subscription = setup.subscribe({
      accepts: (event) => {
        asked.push(
          `${label(event)} ${event.before === undefined ? 'unknown' : parseObject(event.before).resourceVersion}`,
        );
        return event.key !== 'default/a';
      },
    });
    const other = setup.subscribe();
    const { stream } = await playList(setup);
    stream.write(modified('a', 11), modified('b', 12), deleted('a', 13), added('c', 14));
    await flush();
    expect(asked).toEqual(['MODIFIED a@11 1', 'MODIFIED b@12 2']);
    expect(takeLabels(subscription)).toEqual([
      'ADDED a@1',
      'ADDED b@2',
      'SYNCED',
      'MODIFIED b@12',
      'DELETED a@13',
      'ADDED c@14',
    ]);
    expect(takeLabels(other)).toHaveLength(7);
    expect(setup.hub.counts.filtered).toBe(1);
  });

  it('is asked about what was missed and about the differences of a new list, too', async () => {
    const setup = setupHub();
    setup.read();
    const { stream } = await playList(setup);
    stream.write(modified('a', 11), modified('b', 12));
    await flush();
    const subscription = setup.subscribe({
      resumeFrom: cursors.at('10'),
      accepts: ({ key }) => key === 'default/b',
    });
    stream.write(GONE);
    (await setup.upstream.nextCall()).open().write(added('a', 21), added('b', 22), listEnd(30));
    await flush();
    expect(takeLabels(subscription)).toEqual(['MODIFIED b@12', 'SYNCED', 'MODIFIED b@22']);
  });
});

describe('a subscriber that takes several at once', () => {
  it('gets the latest event per object from the start', async () => {
    const setup = setupHub();
    const subscription = setup.subscribe({ initial: false, coalesces: true });
    const { stream } = await playList(setup);
    await flush();
    takeAll(subscription);
    stream.write(modified('a', 11), modified('b', 12), modified('a', 13), deleted('b', 14));
    await flush();
    expect(takeLabels(subscription)).toEqual(['MODIFIED a@13', 'DELETED b@14']);
    expect(setup.hub.counts.coalesced).toBe(2);
  });
});

describe('a subscriber that has seen more than the shared view has', () => {
  const KNOWN = knows('a@1 b@2 c@20');

  /** A subscriber that knows `c@20` joins a view at position 10. */
  async function ahead(options: Parameters<ReturnType<typeof setupHub>['subscribe']>[0] = { known: KNOWN }) {
    const setup = setupHub({ recheckMs: 0 });
    const other = setup.subscribe();
    const { stream } = await playList(setup);
    await flush();
    takeAll(other);
    return { ...setup, other, stream, subscription: setup.subscribe(options) };
  }

  it('waits until the view has caught up, so that it never goes back in time', async () => {
    const { subscription, stream, upstream, clock } = await ahead();
    expect(takeLabels(subscription)).toEqual([]);
    stream.write(added('c', 20), modified('a', 21));
    await flush();
    expect(takeLabels(subscription)).toEqual(['SYNCED', 'MODIFIED a@21']);
    await clock.advance(60_000);
    expect(upstream.calls).toHaveLength(1);
  });

  it('has the view made anew when it does not catch up in a second, for the others, too', async () => {
    const { subscription, other, upstream, clock } = await ahead();
    await clock.advance(999);
    expect(upstream.calls).toHaveLength(1);
    await clock.advance(1);
    (await upstream.nextCall()).open().write(added('a', 1), added('b', 2), added('c', 20), listEnd(20));
    await flush();
    expect(takeLabels(subscription)).toEqual(['SYNCED']);
    expect(takeLabels(other)).toEqual(['ADDED c@20']);
    expect(upstream.summaries).toEqual(['streaming list', 'streaming list']);
  });

  it('believes a list that was made for it, also when it is older: so is a restored cluster', async () => {
    const { subscription, upstream, clock } = await ahead();
    await clock.advance(1000);
    (await upstream.nextCall()).open().write(added('a', 1), listEnd(5));
    await flush();
    expect(takeLabels(subscription)).toEqual(['DELETED default/b', 'DELETED default/c', 'SYNCED']);
  });

  it('does not believe a list that had begun before it came', async () => {
    const { other, stream, upstream, subscribe, clock } = await ahead();
    stream.write(modified('a', 11), GONE);
    const list = (await upstream.nextCall()).open();
    await flush();
    const late = subscribe({ known: knows('a@50') });
    list.write(added('a', 11), listEnd(30));
    await clock.advance(0);
    expect(takeLabels(late)).toEqual([]);
    (await upstream.nextCall()).open().write(added('a', 50), listEnd(50));
    await flush();
    expect(takeLabels(late)).toEqual(['SYNCED']);
    expect(takeLabels(other)).toContain('MODIFIED a@50');
  });

  it('is one whose position was forgotten by a watch of its own', async () => {
    const { subscription, upstream, clock } = await ahead({ resumeFrom: cursors.at('20') });
    (await upstream.nextCall()).open().write(GONE);
    await clock.advance(1000);
    (await upstream.nextCall()).open().write(added('a', 1), added('c', 20), listEnd(25));
    await flush();
    expect(takeLabels(subscription)).toEqual(['ADDED a@1', 'ADDED c@20', 'SYNCED']);
  });

  it('leaves no timer when it leaves', async () => {
    const { subscription, other, clock } = await ahead();
    subscription.close();
    other.close();
    expect(clock.pendingMs).toEqual([]);
  });

  it('gets no object of an earlier incarnation with a deletion', async () => {
    const setup = setupHub();
    setup.subscribe();
    const { stream } = await playList(setup);
    stream.write(deleted('a', 11), modified('b', 30));
    await flush();
    expect(takeLabels(setup.subscribe({ known: knows('a@20 b@30') }))).toEqual([
      'DELETED default/a',
      'SYNCED',
    ]);
  });
});
