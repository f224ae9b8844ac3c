import { atEnd } from './support/at-end.ts';
import { describe, expect, it, onTestFinished } from 'vitest';
import { listAt, textAt } from './support/exact-json.ts';
import { createWidgets } from './support/custom-kind.ts';
import { type EventStream, type StreamedEvent, subscribeOverSse } from './support/event-stream.ts';
import { type FollowedState, follow } from './support/followed-state.ts';
import { startGateway } from './support/gateway.ts';
import { createNamespace, openSuite } from './support/suite.ts';
import { subscribeOverWebSocket } from './support/websocket.ts';

const { cluster, kubectl, gateway } = await openSuite();
const widgets = await createWidgets(kubectl);

const OBJECT = 'type cursor object { metadata { name resourceVersion labels } }';
const secret = (name: string, labels: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, labels },
});

type Subscribe = (document: string) => Promise<EventStream>;

const TRANSPORTS: readonly (readonly [string, Subscribe])[] = [
  ['server-sent events', async (document) => closedAtEnd(await subscribeOverSse(gateway.url, document))],
  ['a WebSocket', async (document) => closedAtEnd(subscribeOverWebSocket(gateway.url, document))],
];

function closedAtEnd(stream: EventStream): EventStream {
  onTestFinished(() => stream.close());
  return stream;
}

const described = (events: readonly StreamedEvent[]) =>
  events.map(({ type, object }) =>
    type === 'SYNCED' ? type : `${type} ${textAt(object, 'metadata', 'name')}`,
  );

/** The next so many events, of which there may be no others in between. */
async function next(stream: EventStream, count: number): Promise<readonly StreamedEvent[]> {
  let left = count;
  return stream.until(() => --left === 0);
}

async function stateOf(namespace: string, type = 'secrets'): Promise<FollowedState> {
  const items = listAt(await kubectl.get('-n', namespace, type), 'items');
  return new Map(
    items.map((item) => [textAt(item, 'metadata', 'name'), textAt(item, 'metadata', 'resourceVersion')]),
  );
}

describe.each(TRANSPORTS)('a subscription over %s', (_, subscribe) => {
  it.each(['secrets', widgets.list])(
    'to %s starts with a snapshot and goes on with each change',
    async (field) => {
      const namespace = await createNamespace(kubectl);
      const [make, type] =
        field === 'secrets'
          ? [(name: string) => secret(name), 'secret']
          : [(name: string) => widgets.object(name), `widget.${widgets.group}`];
      await kubectl.create(namespace, make('a'), make('b'));
      const stream = await subscribe(`subscription { ${field}(namespace: "${namespace}") { ${OBJECT} } }`);
      const snapshot = await stream.snapshot();
      expect(described(snapshot).toSorted()).toEqual(['ADDED a', 'ADDED b', 'SYNCED']);
      await kubectl.create(namespace, make('c'));
      await kubectl.run(['label', '-n', namespace, type, 'a', 'changed=yes']);
      await kubectl.delete('-n', namespace, type, 'b');
      const changes = await next(stream, 3);
      expect(described(changes)).toEqual(['ADDED c', 'MODIFIED a', 'DELETED b']);
      expect(changes[1]?.object).toMatchObject({ metadata: { labels: { changed: 'yes' } } });
      expect(follow([...snapshot, ...changes])).toEqual(await stateOf(namespace, type));
    },
  );

  it('by name tells of that object only, also before it exists', async () => {
    const namespace = await createNamespace(kubectl);
    await kubectl.create(namespace, secret('other'));
    const stream = await subscribe(
      `subscription { secrets(namespace: "${namespace}", name: "one") { ${OBJECT} } }`,
    );
    expect(described(await stream.snapshot())).toEqual(['SYNCED']);
    await kubectl.create(namespace, secret('another'), secret('one'));
    await kubectl.delete('-n', namespace, 'secret', 'other', 'another', 'one');
    expect(described(await next(stream, 2))).toEqual(['ADDED one', 'DELETED one']);
  });

  it('with a selector tells when an object leaves the selection, and when it comes back', async () => {
    const namespace = await createNamespace(kubectl);
    await kubectl.create(namespace, secret('in', { app: 'web' }), secret('out', { app: 'db' }));
    const stream = await subscribe(
      `subscription { secrets(namespace: "${namespace}", labelSelector: "app=web") { ${OBJECT} } }`,
    );
    expect(described(await stream.snapshot())).toEqual(['ADDED in', 'SYNCED']);
    await kubectl.run(['label', '-n', namespace, 'secret', 'in', 'app=db', '--overwrite']);
    await kubectl.run(['label', '-n', namespace, 'secret', 'out', 'app=web', '--overwrite']);
    await kubectl.run(['label', '-n', namespace, 'secret', 'in', 'app=web', '--overwrite']);
    expect(described(await next(stream, 3))).toEqual(['DELETED in', 'ADDED out', 'ADDED in']);
  });

  it('resumes behind a cursor and loses nothing of what happened meanwhile', async () => {
    const namespace = await createNamespace(kubectl);
    await kubectl.create(namespace, secret('stays'), secret('goes'), secret('changes'));
    const field = (more: string) =>
      `subscription { secrets(namespace: "${namespace}"${more}) { ${OBJECT} } }`;
    const before = await subscribe(field(''));
    const known = await before.snapshot();
    await before.close();
    await kubectl.create(namespace, secret('comes'));
    await kubectl.delete('-n', namespace, 'secret', 'goes');
    await kubectl.run(['label', '-n', namespace, 'secret', 'changes', 'changed=yes']);
    const after = await subscribe(field(`, resumeFrom: "${known.at(-1)?.cursor}"`));
    const missed: StreamedEvent[] = [];
    await after.until((event) => {
      missed.push(event);
      return described(missed).includes('MODIFIED changes');
    });
    expect(described(missed.filter(({ type }) => type !== 'SYNCED'))).toEqual([
      'ADDED comes',
      'DELETED goes',
      'MODIFIED changes',
    ]);
    expect(follow([...known, ...missed])).toEqual(await stateOf(namespace));
  });

  it('that is refused says why at its path, and ends', async () => {
    const stream = await subscribe('subscription { it: pods(labelSelector: "not a selector") { type } }');
    const answer = await stream.next();
    expect(answer?.errors).toMatchObject([{ path: ['it'], extensions: { code: 'BAD_REQUEST' } }]);
    expect(await stream.next()).toBeUndefined();
  });
});

describe('a cursor', () => {
  it('resumes at another gateway, which has never seen it', async () => {
    const namespace = await createNamespace(kubectl);
    await kubectl.create(namespace, secret('a'));
    const document = (more: string) =>
      `subscription { secrets(namespace: "${namespace}"${more}) { ${OBJECT} } }`;
    const here = closedAtEnd(await subscribeOverSse(gateway.url, document('')));
    const cursor = (await here.snapshot()).at(-1)?.cursor;
    await kubectl.delete('-n', namespace, 'secret', 'a');
    await kubectl.create(namespace, secret('b'));
    const other = await startGateway({ kubeconfig: cluster.kubeconfig });
    atEnd(() => other.close());
    const there = closedAtEnd(await subscribeOverSse(other.url, document(`, resumeFrom: "${cursor}"`)));
    const events = await there.until(({ object }) => JSON.stringify(object).includes('"b"'));
    expect(described(events).filter((event) => event !== 'SYNCED')).toEqual(['DELETED a', 'ADDED b']);
  });

  it('of another scope is refused', async () => {
    const namespace = await createNamespace(kubectl);
    const stream = closedAtEnd(
      await subscribeOverSse(
        gateway.url,
        `subscription { secrets(namespace: "${namespace}") { ${OBJECT} } }`,
      ),
    );
    const cursor = (await stream.snapshot()).at(-1)?.cursor;
    const other = closedAtEnd(
      await subscribeOverSse(gateway.url, `subscription { secrets(resumeFrom: "${cursor}") { ${OBJECT} } }`),
    );
    expect((await other.next())?.errors).toMatchObject([{ extensions: { code: 'INVALID_CURSOR' } }]);
  });
});

describe('watches', () => {
  it('are shared by subscribers of the same scope, and end when the last one leaves', async () => {
    const own = await startGateway({ kubeconfig: cluster.kubeconfig });
    atEnd(() => own.close());
    const namespace = await createNamespace(kubectl);
    const document = `subscription { secrets(namespace: "${namespace}") { ${OBJECT} } }`;
    const first = await subscribeOverSse(own.url, document);
    await first.snapshot();
    const second = subscribeOverWebSocket(own.url, document);
    await second.snapshot();
    expect(own.hub.size).toBe(1);
    const watches = own.calls.filter(({ mode, path }) => mode === 'stream' && path.includes(namespace));
    expect(watches).toHaveLength(1);
    await kubectl.create(namespace, secret('seen-by-both'));
    for (const stream of [first, second])
      expect(described([await stream.event()])).toEqual(['ADDED seen-by-both']);
    const third = await subscribeOverSse(own.url, 'subscription { namespaces { type cursor } }');
    await third.snapshot();
    expect(own.hub.size).toBe(2);
    for (const stream of [first, second, third]) await stream.close();
    // A watch outlives its last subscriber by some seconds, for those that come back.
    await expect.poll(() => own.hub.size, { timeout: 30_000 }).toBe(0);
  });
});
