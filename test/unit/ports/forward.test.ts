import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { KUBECONFIG_IDENTITY } from '../../../src/cluster/identity.ts';
import { forwardConnection } from '../../../src/ports/forward.ts';
import { targetFor } from '../cluster/support/kubeconfig.ts';
import { rejection, testUpstream } from '../cluster/support/upstream.ts';
import {
  podStreams,
  type PodStream,
  type PodStreams,
  type PodStreamsOptions,
} from '../support/pod-streams.ts';
import { localClient, type LocalClient } from './support.ts';

const PORT = 8080;

interface Forwarding extends LocalClient {
  readonly streams: PodStreams;
  /** What the forwarding comes to. */
  readonly outcome: Promise<void>;
}

async function forward(
  options: Partial<PodStreamsOptions> & { lingerMs?: number } = {},
): Promise<Forwarding> {
  const { lingerMs, ...more } = options;
  const streams = await podStreams({ protocols: ['v4.channel.k8s.io'], ...more });
  const upstream = testUpstream({ target: targetFor(streams.origin) });
  const { promise: outcome, resolve } = withResolver<void>();
  const local = await localClient((connection) => {
    const to = { namespace: 'a', pod: 'p', port: PORT };
    const linger = lingerMs === undefined ? {} : { lingerMs };
    resolve(forwardConnection(connection, { upstream, identity: KUBECONFIG_IDENTITY, to, ...linger }));
  });
  outcome.catch(() => undefined);
  return { ...local, streams, outcome };
}

/** The other end of a connection that has been opened: both channels begin with the port. */
async function opened({ streams }: Forwarding): Promise<PodStream> {
  const stream = await streams.next();
  const port = Buffer.of(PORT % 256, Math.floor(PORT / 256));
  stream.send(0, port);
  stream.send(1, port);
  return stream;
}

describe('a connection that is forwarded', () => {
  it('asks for its port by the protocol that each API server and node speaks', async () => {
    const forwarding = await forward();
    const { url, socket } = await opened(forwarding);
    expect([url.pathname + url.search, socket.protocol]).toEqual([
      '/api/v1/namespaces/a/pods/p/portforward?ports=8080',
      'v4.channel.k8s.io',
    ]);
  });

  it('carries bytes both ways, and ends when the pod ends it', async () => {
    const forwarding = await forward();
    const { client, received, outcome } = forwarding;
    const pod = await opened(forwarding);
    client.write('GET /');
    expect(await pod.next()).toEqual([0, 'GET /']);
    pod.send(0, 'one ');
    pod.send(0, 'two');
    pod.socket.close(1000);
    expect(await received).toBe('one two');
    client.end();
    await outcome;
  });

  it('carries what was sent before the way to the pod was there', async () => {
    const forwarding = await forward();
    forwarding.client.write('early');
    expect(await (await opened(forwarding)).next()).toEqual([0, 'early']);
  });

  it('ends with its client', async () => {
    const forwarding = await forward();
    const pod = await opened(forwarding);
    forwarding.client.resetAndDestroy();
    await pod.closed;
    await forwarding.outcome;
  });

  it('brings the answer to a client that has ended sending', async () => {
    const forwarding = await forward();
    const pod = await opened(forwarding);
    forwarding.client.end('question');
    expect(await pod.next()).toEqual([0, 'question']);
    pod.send(0, 'answer');
    pod.socket.close(1000);
    expect(await forwarding.received).toBe('answer');
  });

  it('ends some time after a client has ended sending and nothing more comes', async () => {
    const forwarding = await forward({ lingerMs: 20 });
    const pod = await opened(forwarding);
    forwarding.client.end('bye');
    await pod.closed;
    expect(await forwarding.received).toBe('');
    await forwarding.outcome;
  });

  it('carries megabytes each way, unchanged', async () => {
    const forwarding = await forward();
    const pod = await opened(forwarding);
    const bytes = Buffer.alloc(3_000_000, 'abcdefghij');
    forwarding.client.write(bytes);
    let sent = '';
    while (sent.length < bytes.length) sent += (await pod.next())[1];
    for (let start = 0; start < bytes.length; start += 30_000)
      pod.send(0, bytes.subarray(start, start + 30_000));
    pod.socket.close(1000);
    const received = await forwarding.received;
    expect([sent === bytes.toString(), received === bytes.toString()]).toEqual([true, true]);
  });

  it('is not read faster from the pod than its client reads', async () => {
    const forwarding = await forward();
    forwarding.client.pause();
    const pod = await opened(forwarding);
    const chunk = Buffer.alloc(256 * 1024);
    let sent = 0;
    // Until the connection takes no more: of a reader without bounds it would take all.
    for (; sent < 1_000 && pod.socket.bufferedAmount < 8 * 1024 * 1024; sent++) {
      pod.send(0, chunk);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(sent).toBeLessThan(1_000);
    const counted = countBytes(forwarding);
    pod.socket.close(1000);
    expect(await counted).toBe(sent * chunk.length);
  });
});

async function countBytes({ client }: Forwarding): Promise<number> {
  let bytes = 0;
  client.on('data', (chunk: Buffer) => (bytes += chunk.length));
  client.resume();
  await once(client, 'end');
  return bytes;
}

describe('a connection that cannot be forwarded', () => {
  it("fails in the node's words", async () => {
    const forwarding = await forward();
    const pod = await opened(forwarding);
    pod.send(1, 'an error occurred forwarding 8080: connection refused');
    pod.socket.close(1000);
    expect(await rejection(forwarding.outcome)).toMatchObject({
      code: 'UPSTREAM_ERROR',
      message: 'an error occurred forwarding 8080: connection refused',
    });
  });

  it('fails where the way to the pod breaks, so that its client can be told', async () => {
    const forwarding = await forward();
    const pod = await opened(forwarding);
    pod.send(0, 'half');
    pod.socket.terminate();
    expect(await rejection(forwarding.outcome)).toMatchObject({ message: 'the connection to the pod broke' });
  });

  it('fails as the API server refuses', async () => {
    const body = JSON.stringify({
      kind: 'Status',
      reason: 'NotFound',
      code: 404,
      message: 'pods "p" not found',
    });
    const forwarding = await forward({ refusal: { status: 404, body } });
    expect(await rejection(forwarding.outcome)).toMatchObject({
      code: 'NOT_FOUND',
      message: 'pods "p" not found',
    });
  });
});

function withResolver<T>(): { promise: Promise<T>; resolve: (value: T | PromiseLike<T>) => void } {
  let resolve: (value: T | PromiseLike<T>) => void = () => undefined;
  const promise = new Promise<T>((settle) => (resolve = settle));
  return { promise, resolve };
}
