import { describe, expect, it } from 'vitest';
import { testEngine } from '../support/test-engine.ts';
import { FakeWatches } from './support/fake-events.ts';
import { pod, podId } from './support/pods.ts';
import { subscribe } from './support/subscriber.ts';

const KNOWN =
  'subscription ($known: [KnownObject!]) { pods(namespace: "a", known: $known) { type id snapshot object { kind } } }';

const known = (...ids: readonly string[]): Readonly<Record<string, unknown>> => ({
  known: ids.map((id) => ({ id, resourceVersion: '1' })),
});

const encode = (...parts: readonly string[]): string =>
  Buffer.from(JSON.stringify(parts)).toString('base64url');

describe('a subscriber who says what it holds', () => {
  it('gets what differs from it, and no snapshot', async () => {
    const engine = await testEngine();
    const subscriber = await subscribe(engine, KNOWN, {
      variables: known(podId('same'), podId('changed'), podId('gone')),
    });
    const watch = await engine.stub.watches.next();
    watch.send('ADDED', pod('same', 1));
    watch.send('ADDED', pod('changed', 2));
    watch.send('ADDED', pod('new', 3));
    watch.synced('4');
    const events = await subscriber.values('pods', 4);
    const object = { kind: 'Pod' };
    expect(events.slice(0, 3)).toHaveLength(3);
    expect(events).toEqual(
      expect.arrayContaining([
        { type: 'MODIFIED', id: podId('changed'), snapshot: false, object },
        { type: 'ADDED', id: podId('new'), snapshot: false, object },
        { type: 'DELETED', id: podId('gone'), snapshot: false, object: null },
      ]),
    );
    expect(events[3]).toEqual({ type: 'SYNCED', id: null, snapshot: false, object: null });
  });

  it.each([
    ['no id', 'x'],
    ['of another resource', encode('', 'v1', 'services', 'a', 'x')],
    ['of another group', encode('apps', 'v1', 'pods', 'a', 'x')],
    ['of another version', encode('', 'v2', 'pods', 'a', 'x')],
    ['of another namespace', encode('', 'v1', 'pods', 'b', 'x')],
    ['of a cluster-wide object', encode('', 'v1', 'pods', '', 'x')],
    ['of a template', Buffer.from('template:x').toString('base64url')],
  ])('is told which id the field does not watch: %s', async (_, id) => {
    const watches = new FakeWatches();
    const engine = await testEngine({ watches });
    const subscriber = await subscribe(engine, KNOWN, { variables: known(podId('x'), id) });
    const answer = await subscriber.next();
    expect(answer?.errors).toMatchObject([{ path: ['pods'], extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(answer?.errors[0]?.message).toContain(id);
    expect(watches.asked).toEqual([]);
  });

  it('is told so where the object is not the one that it watches by name', async () => {
    const engine = await testEngine();
    const query = 'subscription ($known: [KnownObject!]) { pods(name: "x", known: $known) { type } }';
    const subscriber = await subscribe(engine, query, { variables: known(podId('y')) });
    expect((await subscriber.next())?.errors[0]?.message).toContain(podId('y'));
  });

  it('may name 20,000 objects and no more', async () => {
    const engine = await testEngine({ watches: new FakeWatches() });
    const ids = Array.from({ length: 20_001 }, (_, index) => podId(`pod-${index}`));
    const subscriber = await subscribe(engine, KNOWN, { variables: known(...ids) });
    expect((await subscriber.next())?.errors[0]?.message).toMatch(/more than 20000 objects/);
    const fewer = await subscribe(engine, KNOWN, { variables: known(...ids.slice(1)) });
    expect(fewer.answer.isEnded).toBe(false);
  });
});

describe('without a snapshot', () => {
  it('SYNCED comes first, then changes', async () => {
    const engine = await testEngine();
    const query =
      'subscription { pods(namespace: "a", initial: false) { type snapshot object { metadata { name } } } }';
    const subscriber = await subscribe(engine, query);
    const watch = await engine.stub.watches.next();
    watch.send('ADDED', pod('x', 1));
    watch.synced('2');
    watch.send('ADDED', pod('y', 3));
    expect(await subscriber.values('pods', 2)).toEqual([
      { type: 'SYNCED', snapshot: false, object: null },
      { type: 'ADDED', snapshot: false, object: { metadata: { name: 'y' } } },
    ]);
  });

  it('nothing can be known', async () => {
    const engine = await testEngine();
    const query = 'subscription { pods(initial: false, known: []) { type } }';
    const answer = await (await subscribe(engine, query)).next();
    expect(answer?.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  });
});

describe('where a transport resumes', () => {
  const query = `subscription ($cursor: String) {
    pods(resumeFrom: $cursor, initial: false) { type }
  }`;

  it('goes on there, whatever the argument says, and has what it has missed', async () => {
    const watches = new FakeWatches();
    const engine = await testEngine({ watches });
    await subscribe(engine, query, { variables: { cursor: 'old' }, resumeFrom: 'newer' });
    await subscribe(engine, query, { variables: { cursor: 'old' } });
    await subscribe(engine, query);
    expect(watches.asked.map(({ options: { resumeFrom, initial } }) => [resumeFrom, initial])).toEqual([
      ['newer', true],
      ['old', true],
      [undefined, false],
    ]);
  });

  it('does not resume a live query', async () => {
    const watches = new FakeWatches();
    const engine = await testEngine({ watches });
    await subscribe(engine, 'subscription { podsLive { total } }', { resumeFrom: 'newer' });
    expect(watches.asked.map(({ options }) => options.resumeFrom)).toEqual([undefined]);
  });
});
