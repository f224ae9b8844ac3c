import { describe, expect, it } from 'vitest';
import { testEngine } from '../support/test-engine.ts';
import { change, FakeWatches, synced } from './support/fake-events.ts';
import { subscribe } from './support/subscriber.ts';

/** The types of the events that come when an object that was `before` is now `after`, whatever of it is selected. */
async function typesOf(
  selection: string,
  before: object | undefined,
  after: object,
): Promise<readonly unknown[]> {
  const watches = new FakeWatches();
  const engine = await testEngine({ watches });
  const query = `subscription { pods(onlyWhenSelectedChanges: true) { type ${selection} } }`;
  const subscriber = await subscribe(engine, query);
  const known = before === undefined ? undefined : change('ADDED', 'x', before).object;
  watches.put(change('MODIFIED', 'x', after, { before: known }), synced());
  const types: unknown[] = [];
  while (types.at(-1) !== 'SYNCED') {
    types.push(...(await subscriber.values('pods', 1)).map((value) => (value as { type: string }).type));
  }
  return types.slice(0, -1);
}

const metadata = (resourceVersion: string, more?: object): object => ({
  metadata: { namespace: 'a', name: 'x', resourceVersion, ...more },
});

describe('a MODIFIED of onlyWhenSelectedChanges', () => {
  it.each([
    ['object { spec { nodeName } }', { spec: { nodeName: 'n', hostname: 'h' } }],
    ['object { metadata { name label(key: "b") } }', metadata('9', { labels: { a: '2', b: '1' } })],
    ['object { id kind }', metadata('9')],
    ['', { spec: { nodeName: 'm' } }],
  ])('does not come when nothing of it has changed: %s', async (selection, after) => {
    const before = { spec: { nodeName: 'n' }, ...metadata('8', { labels: { a: '1', b: '1' } }) };
    expect(await typesOf(selection, before, { ...before, ...after })).toEqual([]);
  });

  it.each([
    ['object { spec { nodeName } }'],
    ['one: object { kind } other: object { spec { nodeName } }'],
    ['object { ...on KubernetesObject { raw } }'],
    ['object { yaml }'],
    ['object { metadata { resourceVersion } }'],
  ])('comes when some of it has changed: %s', async (selection) => {
    const before = { spec: { nodeName: 'n' }, ...metadata('8') };
    const after = { spec: { nodeName: 'm' }, ...metadata('9') };
    expect(await typesOf(selection, before, after)).toEqual(['MODIFIED']);
  });

  it('comes when it is not known what was there before', async () => {
    expect(await typesOf('object { kind }', undefined, {})).toEqual(['MODIFIED']);
  });

  it('comes with its error when it cannot be read', async () => {
    const watches = new FakeWatches();
    const engine = await testEngine({ watches });
    const query =
      'subscription { pods(onlyWhenSelectedChanges: true) { type object { spec { nodeName } } } }';
    const subscriber = await subscribe(engine, query);
    const before = change('ADDED', 'x').object;
    watches.put(change('MODIFIED', 'x', undefined, { before, object: Buffer.from('{"spec":}') }));
    const answer = await subscriber.next();
    expect(answer?.data).toEqual({ pods: { type: 'MODIFIED', object: null } });
    expect(answer?.errors).toMatchObject([{ extensions: { code: 'UPSTREAM_ERROR' } }]);
  });

  it('is about what is selected in batches, where they are asked for', async () => {
    const watches = new FakeWatches();
    const engine = await testEngine({ watches });
    const query = `subscription {
      pods(onlyWhenSelectedChanges: true, snapshotPageSize: 10) {
        object { spec { nodeName } } events { type object { metadata { name } } }
      }
    }`;
    const subscriber = await subscribe(engine, query);
    const before = change('ADDED', 'x', { spec: { nodeName: 'n' } }).object;
    watches.put(change('MODIFIED', 'x', { spec: { nodeName: 'm' } }, { before }), change('DELETED', 'y'));
    expect(await subscriber.values('pods', 1)).toEqual([
      { object: null, events: [{ type: 'DELETED', object: { metadata: { name: 'y' } } }] },
    ]);
  });
});

it('never holds back ADDED and DELETED', async () => {
  const engine = await testEngine();
  const query =
    'subscription { pods(namespace: "a", onlyWhenSelectedChanges: true) { type object { kind } } }';
  const subscriber = await subscribe(engine, query);
  const watch = await engine.stub.watches.next();
  const pod = (resourceVersion: string): object => metadata(resourceVersion, { uid: 'u' });
  watch.synced('1');
  watch.send('ADDED', pod('2'));
  watch.send('MODIFIED', pod('3'));
  watch.send('DELETED', pod('4'));
  const object = { kind: 'Pod' };
  expect(await subscriber.values('pods', 3)).toEqual([
    { type: 'SYNCED', object: null },
    { type: 'ADDED', object },
    { type: 'DELETED', object },
  ]);
});
