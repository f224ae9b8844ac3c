import type { Socket } from 'node:net';
import type { ChannelSocket } from '../channels/channel-socket.ts';
import { openChannels } from '../channels/open-channels.ts';
import type { Identity } from '../cluster/identity.ts';
import type { RawUpstream } from '../cluster/raw.ts';
import { podPath } from '../cluster/resource-path.ts';
import { KubegraphError } from '../errors/kubegraph-error.ts';

/** A port of one pod. */
export interface PodPort {
  readonly namespace: string;
  readonly pod: string;
  readonly port: number;
}

/** The one port that is asked for has two channels. */
const CHANNEL = { data: 0, error: 1 } as const;

/** The first message of each channel repeats the port. */
const PORT_BYTES = 2;

/** Whoever has ended sending gets what comes until it has been quiet for so long, in milliseconds. */
const LINGER_MS = 2_000;

export interface ForwardOptions {
  readonly upstream: RawUpstream;
  readonly identity: Identity;
  readonly to: PodPort;
  /** Default: 2 seconds. */
  readonly lingerMs?: number;
}

/**
 * Joins a connection with one to a port of a pod, until either ends.
 *
 * The pod is not told when the client ends sending: the protocol knows no half-closed connections.
 *
 * Resolves when both have ended in order. Rejects as `openChannels` does, and with UPSTREAM_ERROR where the pod takes no connection
 * on that port, in the node's words, or where the way to it broke. The client's connection is then to be reset: it must not take
 * that for the end of what the pod had to say.
 */
export async function forwardConnection(connection: Socket, options: ForwardOptions): Promise<void> {
  const { upstream, identity, to, lingerMs = LINGER_MS } = options;
  const leaving = new AbortController();
  connection.once('close', () => leaving.abort());
  const received = new Received(connection);
  try {
    const request = {
      identity,
      target: portForwardPath(to),
      tunnel: 'portforward',
      protocols: ['v4.channel.k8s.io'],
      signal: leaving.signal,
    } as const;
    const channels = await openChannels(upstream, request, (channel, data) => received.take(channel, data));
    received.channels = channels;
    void sendAll(connection, channels, received, lingerMs);
    const { isRegular } = await channels.ended;
    if (received.problem !== '') throw new KubegraphError('UPSTREAM_ERROR', received.problem.trim());
    if (!isRegular) {
      throw new KubegraphError('UPSTREAM_ERROR', 'the connection to the pod broke');
    }
    connection.end();
  } catch (error) {
    if (leaving.signal.aborted) return;
    throw error;
  }
}

function portForwardPath({ namespace, pod, port }: PodPort): string {
  return `${podPath(namespace, pod, 'portforward')}?ports=${port}`;
}

async function sendAll(
  connection: Socket,
  channels: ChannelSocket,
  received: Received,
  lingerMs: number,
): Promise<void> {
  connection.once('close', () => channels.close());
  try {
    for await (const chunk of connection.iterator({ destroyOnReturn: false })) {
      await channels.send(CHANNEL.data, chunk as Buffer);
    }
    received.whenQuiet(lingerMs, () => channels.close());
  } catch {
    // It broke, and its end ends the other one.
  }
}

/** What comes from the pod. */
class Received {
  /** What is wrong with the port; empty while nothing is. */
  problem = '';
  /** Set once what comes too fast can be stopped. */
  channels: ChannelSocket | undefined;
  readonly #connection: Socket;
  readonly #begun = new Set<number>();
  #onData: () => void = () => undefined;

  constructor(connection: Socket) {
    this.#connection = connection;
    connection.on('drain', () => this.channels?.resume());
  }

  take(channel: number, message: Buffer): void {
    const data = this.#begun.has(channel) ? message : message.subarray(PORT_BYTES);
    this.#begun.add(channel);
    if (channel === CHANNEL.error) this.problem += data.toString('utf8');
    if (channel !== CHANNEL.data || data.length === 0) return;
    this.#onData();
    if (!this.#connection.write(data)) this.channels?.pause();
  }

  /** Calls `action` once nothing has come for so many milliseconds. */
  whenQuiet(ms: number, action: () => void): void {
    let timer = setTimeout(action, ms);
    this.#onData = () => void (timer = timer.refresh());
    this.#connection.once('close', () => clearTimeout(timer));
  }
}
