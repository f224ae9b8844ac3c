import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { listenLocally } from '../../../src/ports/local-port.ts';

export interface PodState {
  readonly phase?: string;
  readonly ready?: string;
  readonly deletionTimestamp?: string;
}

/** A pod with two TCP ports, one of them of a sidecar, and one that is none. */
export function podIn(name: string, { phase = 'Running', ready = 'True', deletionTimestamp }: PodState = {}) {
  return {
    metadata: { name, namespace: 'a', ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }) },
    spec: {
      initContainers: [{ name: 'side', ports: [{ name: 'metrics', containerPort: 9090, protocol: 'TCP' }] }],
      containers: [
        {
          name: 'c',
          ports: [
            { name: 'http', containerPort: 8080 },
            { name: 'syslog', containerPort: 514, protocol: 'UDP' },
          ],
        },
      ],
    },
    status: { phase, conditions: [{ type: 'Ready', status: ready }] },
  };
}

export interface LocalClient {
  readonly client: Socket;
  /** Resolves with all that comes until the end; rejects where the connection is reset. */
  readonly received: Promise<string>;
}

/** A client of a local port whose connections are handled as the test says. All closes with the test. */
export async function localClient(onConnection: (connection: Socket) => void): Promise<LocalClient> {
  const { port, close } = await listenLocally(0, onConnection);
  onTestFinished(close);
  const client = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  onTestFinished(() => void client.destroy());
  await once(client, 'connect');
  const received = textOf(client);
  received.catch(() => undefined);
  return { client, received };
}

async function textOf(socket: Socket): Promise<string> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(socket, 'end');
  return Buffer.concat(chunks).toString();
}
