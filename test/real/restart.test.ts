import { atEnd } from './support/at-end.ts';
import { describe, expect, it } from 'vitest';
import { type Cluster, startCluster } from '../cluster/cluster.ts';
import { listAt, textAt } from './support/exact-json.ts';
import { type EventStream, type StreamedEvent, subscribeOverSse } from './support/event-stream.ts';
import { type FollowedState, follow } from './support/followed-state.ts';
import { startGateway } from './support/gateway.ts';
import { subscribeOverWebSocket } from './support/websocket.ts';

// A small cluster of its own: the others' API server must not go away under them.
const cluster = await startCluster({ nodes: 1 });
atEnd(() => cluster.stop());
const gateway = await startGateway({ kubeconfig: cluster.kubeconfig });
atEnd(() => gateway.close());
await cluster.kubectl(['create', 'namespace', 'watched']);

const DOCUMENT =
  'subscription { secrets(namespace: "watched") { type cursor object { metadata { name resourceVersion } } } }';

describe('when the API server restarts', () => {
  it('subscriptions go on, and what happened before, meanwhile and after is all there', async () => {
    const streams = [
      await subscribeOverSse(gateway.url, DOCUMENT),
      subscribeOverWebSocket(gateway.url, DOCUMENT),
    ];
    atEnd(() => Promise.all(streams.map((stream) => stream.close())));
    await change(['create', 'a', 'b', 'c', 'd']);
    const before = await Promise.all(streams.map((stream) => stream.snapshot()));
    await change(['create', 'last-before'], ['delete', 'a']);

    await cluster.stopApiServer();
    await cluster.startApiServer();
    await change(
      ['delete', 'b'],
      ['create', 'first-after'],
      ['label', 'c'],
      ['delete', 'last-before'],
      ['create', 'end'],
    );

    for (const [index, stream] of streams.entries()) {
      const after = await untilNamed(stream, 'end');
      expect(follow([...(before[index] ?? []), ...after])).toEqual(await stateOf(cluster));
    }
  });

  it('reads fail while it is away, with a code that says so, and work again at once', async () => {
    await cluster.stopApiServer();
    const failure = await gateway.failure('{ pods { items { id } } }');
    await cluster.startApiServer();
    expect(failure.extensions).toMatchObject({ code: 'UNREACHABLE' });
    expect(failure.message).not.toMatch(/127\.0\.0\.1|https?:/);
    expect(await gateway.data('{ namespace(name: "watched") { kind } }')).toEqual({
      namespace: { kind: 'Namespace' },
    });
  });

  it('what was deleted while nobody could watch is told of, too', async () => {
    await change(['create', 'unseen', 'kept']);
    const first = await subscribeOverSse(gateway.url, DOCUMENT);
    const known = await first.snapshot();
    await first.close();
    await change(['delete', 'unseen'], ['create', 'new']);
    await cluster.restartApiServer();
    const resumed = await subscribeOverSse(
      gateway.url,
      DOCUMENT.replace('"watched"', `"watched", resumeFrom: "${known.at(-1)?.cursor}"`),
    );
    atEnd(() => resumed.close());
    const missed = await untilNamed(resumed, 'new');
    expect(follow([...known, ...missed])).toEqual(await stateOf(cluster));
  });
});

/** Changes made by kubectl, one after the other. */
async function change(
  ...steps: readonly (readonly [verb: 'create' | 'delete' | 'label', ...names: string[]])[]
) {
  const inNamespace = ['-n', 'watched'];
  for (const [verb, ...names] of steps) {
    for (const name of names) {
      if (verb === 'create') await cluster.kubectl(['create', ...inNamespace, 'secret', 'generic', name]);
      else if (verb === 'delete') await cluster.kubectl(['delete', ...inNamespace, 'secret', name]);
      else await cluster.kubectl(['label', ...inNamespace, 'secret', name, 'changed=yes']);
    }
  }
}

function untilNamed(stream: EventStream, name: string): Promise<readonly StreamedEvent[]> {
  return stream.until(({ type, object }) => type === 'ADDED' && textAt(object, 'metadata', 'name') === name);
}

async function stateOf(cluster: Cluster): Promise<FollowedState> {
  const list: unknown = JSON.parse(await cluster.kubectl(['get', '-n', 'watched', 'secrets', '-o', 'json']));
  const rows = listAt(list, 'items').map((item) => [
    textAt(item, 'metadata', 'name'),
    textAt(item, 'metadata', 'resourceVersion'),
  ]);
  return new Map(rows as [string, string][]);
}
