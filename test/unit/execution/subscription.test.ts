import { expect, it } from 'vitest';
import { codesOf, testEngine, valueOf } from '../support/test-engine.ts';
import { pod, podId } from './support/pods.ts';
import { subscribe } from './support/subscriber.ts';

const EVENTS =
  'subscription { pods(namespace: "a") { type object { kind metadata { name } spec { nodeName } } cursor } }';

it('brings a snapshot, SYNCED, and every change, projected', async () => {
  const engine = await testEngine();
  const subscriber = await subscribe(engine, EVENTS);
  const watch = await engine.stub.watches.next();
  expect(watch.request.path).toBe('/api/v1/namespaces/a/pods');
  expect(watch.request.query).toMatchObject({
    watch: '1',
    sendInitialEvents: 'true',
    allowWatchBookmarks: 'true',
  });
  watch.send('ADDED', pod('x', '5'));
  watch.synced('7');
  watch.send('MODIFIED', pod('x', '8', 'm'));
  watch.send('DELETED', pod('x', '9', 'm'));
  const object = (nodeName: string): object => ({ kind: 'Pod', metadata: { name: 'x' }, spec: { nodeName } });
  const cursor: unknown = expect.any(String);
  expect(await subscriber.values('pods', 4)).toEqual([
    { type: 'ADDED', object: object('n'), cursor },
    { type: 'SYNCED', object: null, cursor },
    { type: 'MODIFIED', object: object('m'), cursor },
    { type: 'DELETED', object: object('m'), cursor },
  ]);
});

it('says of each event which object it is about, and whether it belongs to the snapshot', async () => {
  const engine = await testEngine();
  const query = 'subscription { pods(namespace: "a") { type id snapshot events { type } } }';
  const subscriber = await subscribe(engine, query);
  const watch = await engine.stub.watches.next();
  watch.send('ADDED', pod('x', '5'));
  watch.synced('7');
  watch.send('DELETED', pod('x', '8'));
  const id = podId('x');
  expect(await subscriber.values('pods', 3)).toEqual([
    { type: 'ADDED', id, snapshot: true, events: null },
    { type: 'SYNCED', id: null, snapshot: true, events: null },
    { type: 'DELETED', id, snapshot: false, events: null },
  ]);
});

it('keeps every digit, and the order of the selection', async () => {
  const engine = await testEngine();
  const subscriber = await subscribe(
    engine,
    'subscription { w: widgets { o: object { spec { serial } } __typename t: type } }',
  );
  const watch = await engine.stub.watches.next();
  watch.send(
    'ADDED',
    '{"apiVersion":"example.com/v1","kind":"Widget","metadata":{"name":"a","namespace":"b","resourceVersion":"1"},"spec":{"serial":9223372036854775807}}',
  );
  watch.synced('2');
  expect((await subscriber.next())?.text).toBe(
    '{"data":{"w":{"o":{"spec":{"serial":9223372036854775807}},"__typename":"ExampleComV1WidgetEvent","t":"ADDED"}}}',
  );
});

it('resumes behind a cursor, without a snapshot', async () => {
  const engine = await testEngine();
  const first = await subscribe(engine, EVENTS);
  const watch = await engine.stub.watches.next();
  watch.synced('7');
  const { cursor } = valueOf(await first.next(), 'pods') as { cursor: string };
  first.leave();
  await watch.request.closed;
  await subscribe(
    engine,
    'subscription ($c: String) { pods(namespace: "a", resumeFrom: $c) { type cursor } }',
    { variables: { c: cursor } },
  );
  const resumed = await engine.stub.watches.next();
  expect(resumed.request.query).toMatchObject({ resourceVersion: '7' });
  expect(resumed.request.query).not.toHaveProperty('sendInitialEvents');
});

it('watches one object by its name, for which a permission on that name is enough', async () => {
  const engine = await testEngine();
  await subscribe(
    engine,
    'subscription { pods(namespace: "a", name: "x", labelSelector: "l=1", fieldSelector: "spec.nodeName=n") { type } }',
  );
  const { request } = await engine.stub.watches.next();
  expect(request.query).toMatchObject({
    labelSelector: 'l=1',
    fieldSelector: 'metadata.name=x,spec.nodeName=n',
  });
});

it('ends its watch upstream when the client leaves', async () => {
  const engine = await testEngine();
  const subscriber = await subscribe(engine, EVENTS);
  const watch = await engine.stub.watches.next();
  subscriber.leave();
  await watch.request.closed;
  expect(engine.defects).toEqual([]);
});

it('ends with the error of a watch that may not start', async () => {
  const engine = await testEngine();
  engine.stub.on('GET', '/api/v1/namespaces/a/pods', {
    status: 403,
    body: { kind: 'Status', status: 'Failure', reason: 'Forbidden', message: 'pods is forbidden', code: 403 },
  });
  const subscriber = await subscribe(engine, EVENTS);
  const answer = await subscriber.next();
  expect(answer?.errors).toMatchObject([
    { message: 'pods is forbidden', path: ['pods'], extensions: { code: 'FORBIDDEN' } },
  ]);
  expect(await subscriber.next()).toBeUndefined();
});

it.each([
  ['subscription { pods(namespace: "a/b") { type } }', 'BAD_USER_INPUT'],
  ['subscription { pods(name: "..") { type } }', 'BAD_USER_INPUT'],
  ['subscription { pods(resumeFrom: "x") { type } }', 'INVALID_CURSOR'],
])('ends with what is wrong with its arguments, before anything is watched: %s', async (query, code) => {
  const engine = await testEngine();
  const subscriber = await subscribe(engine, query);
  const answer = await subscriber.next();
  expect(answer?.data).toBeUndefined();
  expect([answer === undefined ? [] : codesOf(answer), engine.stub.calls, engine.defects]).toEqual([
    [code],
    [],
    [],
  ]);
  expect(await subscriber.next()).toBeUndefined();
});

it.each(['subscription { pods { type } nodes { type } }', 'subscription { pods { typ } }'])(
  'is one answer where the document does not fit: %s',
  async (query) => {
    const engine = await testEngine();
    expect(codesOf(await engine.run(query))).toEqual(['GRAPHQL_VALIDATION_FAILED']);
    expect([engine.stub.calls, engine.defects]).toEqual([[], []]);
  },
);
