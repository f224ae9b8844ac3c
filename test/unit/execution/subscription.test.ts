import { onTestFinished, expect, it } from 'vitest';
import { KUBECONFIG_IDENTITY } from '../../../src/cluster/identity.ts';
import {
  codesOf,
  parseAnswer,
  type TestAnswer,
  testEngine,
  type TestEngine,
  valueOf,
} from '../support/test-engine.ts';

interface Subscriber {
  /** The next answer; undefined at the end. */
  readonly next: () => Promise<TestAnswer | undefined>;
  readonly leave: () => void;
}

/** The answers of a subscription, which ends with the test. */
async function subscribe(
  { engine }: TestEngine,
  query: string,
  variables: Readonly<Record<string, unknown>> = {},
): Promise<Subscriber> {
  const client = new AbortController();
  onTestFinished(() => client.abort());
  const answers = await engine.execute({
    query,
    variables,
    identity: KUBECONFIG_IDENTITY,
    signal: client.signal,
  });
  if ('stringify' in answers) {
    let rest: TestAnswer | undefined = parseAnswer(answers);
    return {
      next: () => {
        const answer = rest;
        rest = undefined;
        return Promise.resolve(answer);
      },
      leave: () => client.abort(),
    };
  }
  // Servers ask for the first answer at once; the watch begins with that.
  let following = answers.next();
  return {
    next: async () => {
      const { value, done } = await following;
      following = answers.next();
      return done === true ? undefined : parseAnswer(value);
    },
    leave: () => client.abort(),
  };
}

const EVENTS =
  'subscription { pods(namespace: "a") { type object { kind metadata { name } spec { nodeName } } cursor } }';

function pod(name: string, resourceVersion: string, nodeName = 'n'): object {
  return {
    kind: 'Pod',
    apiVersion: 'v1',
    metadata: { name, namespace: 'a', uid: `uid-${name}`, resourceVersion },
    spec: { nodeName },
  };
}

it('brings a snapshot, SYNCED, and every change, projected', async () => {
  const engine = await testEngine();
  const { next } = await subscribe(engine, EVENTS);
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
  expect(
    [await next(), await next(), await next(), await next()].map((answer) => answer?.data?.['pods']),
  ).toEqual([
    { type: 'ADDED', object: object('n'), cursor },
    { type: 'SYNCED', object: null, cursor },
    { type: 'MODIFIED', object: object('m'), cursor },
    { type: 'DELETED', object: object('m'), cursor },
  ]);
});

it('keeps every digit, and the order of the selection', async () => {
  const engine = await testEngine();
  const { next } = await subscribe(
    engine,
    'subscription { w: widgets { o: object { spec { serial } } __typename t: type } }',
  );
  const watch = await engine.stub.watches.next();
  watch.send(
    'ADDED',
    '{"apiVersion":"example.com/v1","kind":"Widget","metadata":{"name":"a","namespace":"b","resourceVersion":"1"},"spec":{"serial":9223372036854775807}}',
  );
  watch.synced('2');
  expect((await next())?.text).toBe(
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
    { c: cursor },
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
  const { leave } = await subscribe(engine, EVENTS);
  const watch = await engine.stub.watches.next();
  leave();
  await watch.request.closed;
  expect(engine.defects).toEqual([]);
});

it('ends with the error of a watch that may not start', async () => {
  const engine = await testEngine();
  engine.stub.on('GET', '/api/v1/namespaces/a/pods', {
    status: 403,
    body: { kind: 'Status', status: 'Failure', reason: 'Forbidden', message: 'pods is forbidden', code: 403 },
  });
  const { next } = await subscribe(engine, EVENTS);
  const answer = await next();
  expect(answer?.errors).toMatchObject([
    { message: 'pods is forbidden', path: ['pods'], extensions: { code: 'FORBIDDEN' } },
  ]);
  expect(await next()).toBeUndefined();
});

it.each([
  ['subscription { pods(namespace: "a/b") { type } }', 'BAD_USER_INPUT'],
  ['subscription { pods(name: "..") { type } }', 'BAD_USER_INPUT'],
  ['subscription { pods(resumeFrom: "x") { type } }', 'INVALID_CURSOR'],
  ['subscription { pods { type } nodes { type } }', 'GRAPHQL_VALIDATION_FAILED'],
  ['subscription { pods { typ } }', 'GRAPHQL_VALIDATION_FAILED'],
])('is refused before anything is watched: %s', async (query, code) => {
  const engine = await testEngine();
  const { next } = await subscribe(engine, query);
  const answer = await next();
  expect([answer === undefined ? [] : codesOf(answer), engine.stub.calls, engine.defects]).toEqual([
    [code],
    [],
    [],
  ]);
});
