import { expect, it } from 'vitest';
import { KUBECONFIG_IDENTITY } from '../../../src/cluster/identity.ts';
import { Destination } from '../../../src/ports/destination.ts';
import { targetFor } from '../cluster/support/kubeconfig.ts';
import { rejection, testUpstream } from '../cluster/support/upstream.ts';
import { podStreams } from '../support/pod-streams.ts';
import { localClient, podIn } from './support.ts';

const PODS = '/api/v1/namespaces/a/pods?labelSelector=app=web&limit=500';

async function service() {
  const objects: Record<string, object> = {
    '/api/v1/namespaces/a/services/web': {
      metadata: { name: 'web' },
      spec: { selector: { app: 'web' }, ports: [{ port: 80 }, { port: 81 }] },
    },
    [PODS]: { items: [podIn('first')] },
  };
  const streams = await podStreams({ protocols: ['v4.channel.k8s.io'], objects });
  const destination = new Destination({
    upstream: testUpstream({ target: targetFor(streams.origin) }),
    identity: KUBECONFIG_IDENTITY,
    namespace: 'a',
    target: { kind: 'service', name: 'web' },
    remotes: [80, 81],
  });
  /** A client's connection to the service's port of that index, and what becomes of it. */
  const connection = async (index: number) => {
    let outcome: Promise<void> | undefined;
    const { received } = await localClient((each) => {
      outcome = destination.forward(each, index);
      outcome.catch(() => undefined);
    });
    return { received, outcome: () => outcome ?? Promise.reject(new Error('nobody has connected')) };
  };
  return { streams, objects, destination, connection };
}

it('connections go to the pod that has been chosen, each over a WebSocket of its own', async () => {
  const { streams, connection } = await service();
  await connection(0);
  const first = await streams.next();
  await connection(1);
  const second = await streams.next();
  expect([first, second].map(({ url }) => url.pathname + url.search)).toEqual([
    '/api/v1/namespaces/a/pods/first/portforward?ports=80',
    '/api/v1/namespaces/a/pods/first/portforward?ports=81',
  ]);
  const reads = streams.requests.filter(({ headers }) => headers.upgrade === undefined);
  expect(reads).toHaveLength(2);
});

it('after a pod has failed the next connection goes to another one, and the client that it failed is told', async () => {
  const { streams, objects, connection } = await service();
  const { received, outcome } = await connection(0);
  const { socket } = await streams.next();
  objects[PODS] = { items: [podIn('second')] };
  socket.terminate();
  await expect(received).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect(await rejection(outcome())).toMatchObject({ code: 'UPSTREAM_ERROR' });
  await connection(0);
  expect((await streams.next()).url.pathname).toBe('/api/v1/namespaces/a/pods/second/portforward');
});

it('while no pod is ready connections fail, and go on once there is one', async () => {
  const { streams, objects, connection } = await service();
  objects[PODS] = { items: [] };
  const failed = await connection(0);
  await expect(failed.received).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect(await rejection(failed.outcome())).toMatchObject({ code: 'UNAVAILABLE' });
  objects[PODS] = { items: [podIn('late')] };
  await connection(0);
  expect((await streams.next()).url.pathname).toBe('/api/v1/namespaces/a/pods/late/portforward');
});
